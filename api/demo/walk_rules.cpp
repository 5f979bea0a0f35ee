// The walkthrough's steps about the ledger's further rules: lots and holds, approval by two, a reversal.
#include <algorithm>
#include <boost/json.hpp>

#include "api/demo/walk_steps.h"

namespace dfb::demo {
namespace {

using namespace book;

constexpr int kReservedPoints = 15;

}  // namespace

void Walk::reserve_and_pick_up() {
  step("预留积分，到店取货", "Points are reserved, and the goods picked up at the shop");
  const std::int64_t before = balance();
  const auto shop = std::find_if(town_.people.begin(), town_.people.end(),
                                 [](const DemoPerson& person) { return person.role == "shop"; });
  held(shop != town_.people.end(), "the town should have a shop");
  Hold hold;
  hold.account = account_, hold.points = {kReservedPoints}, hold.shop = shop->account;
  hold.until_us = clock_.now_us() + kDayUs, hold.goods = no_evidence();
  const SignedLine line = entrant_->sign(hold, {&*phone_});
  const auto held_answer = must(resident_->post("/v1/holds", line), "the reservation");
  say("预留 " + std::to_string(kReservedPoints) + " 分，取自最早到期的批次 " +
          boost::json::serialize(held_answer.at("outcome").at("ate")) + "，可用 " + std::to_string(balance()),
      std::to_string(kReservedPoints) + " points are set aside from the lots that expire first, " +
          boost::json::serialize(held_answer.at("outcome").at("ate")) + "; available " +
          std::to_string(balance()));
  held(balance() == before - kReservedPoints, "reserved points are not available");
  const auto payload = must(parse_payload(line.payload), "the reservation");
  const std::string code = url() + "/#pickup=" + to_string(payload.id), points = std::to_string(kReservedPoints);
  say("取货码 " + code, "pick-up code " + code);
  const Finished ended = terminal(1, {"sale", "--code", code, "--points", points, "--yes"});
  quote(ended.out + ended.err);
  held(ended.status == 0, "the pick-up");
  held(balance() == before - kReservedPoints, "reserved points are paid once");
  say("再扫同一个取货码：拒绝", "the same code once more: refused");
  refused(terminal(1, {"sale", "--code", code, "--points", points, "--yes"}), Code::hold_resolved);
}

void Walk::approve_by_two() {
  step("发行预算须两位管理员批准：一人签字被拒绝",
       "A budget is issued by two administrators: one alone is refused");
  const auto a = must(town_.key("administrator-1"), "an administrator's key");
  const auto b = must(town_.key("administrator-2"), "an administrator's key");
  Client admin = client();
  must(admin.sign_in(a, town_.origin, random_), "the administrator signs in");
  const auto me = must(admin.get("/v1/me"), "the administrator's account");
  Open open{entrant_->new_account(), AccountKind::budget, "/", "", Level::none, ""};
  must(admin.post("/v1/commands", entrant_->sign(open, {&a})), "opening a budget");
  Transfer mint;
  mint.kind = TransferKind::mint, mint.from = kIssuance, mint.to = open.account;
  mint.points = {1000}, mint.memo = "walkthrough";
  const auto alone = admin.post("/v1/commands", entrant_->sign(mint, {&a}));
  held(!alone && alone.error().code == Code::needs_second_person, "one administrator alone must be refused");
  say("一人签字：拒绝（needs_second_person）", "signed by one: refused (needs_second_person)");
  const auto both = must(admin.post("/v1/commands", entrant_->sign(mint, {&a, &b})), "minting by two");
  say("两人签字：发行 1000 分", "signed by two: 1,000 points are issued");
  prove(both, "the minting's receipt");
}

void Walk::reverse_award() {
  step("管理员收回一笔误发的奖励：只收回剩下的部分",
       "An administrator takes back an award: only what is left of it");
  const auto entries = must(resident_->get("/v1/me/entries"), "the statement");
  std::int64_t award = -1, points = 0;
  for (const auto& line : entries.at("entries").as_array())
    if (line.at("kind").as_string() == "checkin")
      award = line.at("seq").as_int64(), points = line.at("points").as_int64();
  held(award >= 0, "the statement should show the check-in");
  const auto a = must(town_.key("administrator-1"), "an administrator's key");
  Client admin = client();
  must(admin.sign_in(a, town_.origin, random_), "the administrator signs in");
  const std::int64_t before = balance();
  const auto answer =
      must(admin.post("/v1/commands", entrant_->sign(Reverse{award, "walkthrough"}, {&a})), "the reversal");
  const auto& outcome = answer.at("outcome").as_object();
  const auto* unrecovered = outcome.if_contains("unrecovered");
  const std::int64_t left = unrecovered ? unrecovered->as_int64() : 0;
  held(balance() == before - (points - left) && balance() >= 0, "no more than what is left is taken");
  say("原奖励 " + std::to_string(points) + " 分，收回 " + std::to_string(points - left) + " 分，已花掉的 " +
          std::to_string(left) + " 分记为未收回，余额 " + std::to_string(balance()),
      "of " + std::to_string(points) + " points " + std::to_string(points - left) + " are taken back, " +
          std::to_string(left) + " were spent already and stand as unrecovered; balance " +
          std::to_string(balance()));
  prove(answer, "the reversal's receipt");
}

}  // namespace dfb::demo
