#include "tests/sim/stage.h"

#include <iostream>

#include "ledger/base/check.h"

namespace dfb::sim {

using namespace book;
using test::test_key;

namespace {

AccountId account(std::uint64_t number) { return {kFirstFreeAccount + 7'000'003 * number}; }

Rule rule(std::string id, std::string kind, Amount points, std::vector<Cap> caps, Unique unique,
          RuleProof proof, Review review, int months) {
  Rule rule;
  rule.id = std::move(id), rule.kind = std::move(kind), rule.points = {points};
  rule.caps = std::move(caps), rule.unique = unique, rule.proof = proof;
  rule.review = review, rule.expiry_months = months;
  return rule;
}

}  // namespace

Stage::Stage(bool reviews, std::string log_vkey)
    : town(test::kTownOrigin, std::move(log_vkey)),
      officer_b{account(1), test_key("officer b")},
      reviewer{account(2), test_key("reviewer")},
      neighbour{account(3), test_key("neighbour")},
      elder(account(6)),
      small_budget(account(4)),
      closing_shop{account(5), test_key("closing till")},
      model(test::kTownOrigin) {
  for (int i = 0; i < 12; ++i) spare_phones.push_back(test_key("spare phone " + std::to_string(i)));
  for (int i = 0; i < 6; ++i) staff_phones.push_back(test_key("staff phone " + std::to_string(i)));
  for (int i = 0; i < 6; ++i) tickets.push_back(test_key("ticket " + std::to_string(i)));
  for (int i = 0; i < 2; ++i) spare_tills.push_back(test_key("spare till " + std::to_string(i)));
  for (int i = 0; i < 4; ++i) spare_roots.push_back(test_key("spare root " + std::to_string(i)));
  for (int i = 0; i < 4; ++i) spare_servers.push_back(test_key("spare server " + std::to_string(i)));
  set_policy(reviews);
  founding = town.founding();
  extra_people(reviews);
  for (const auto* member : {&town.resident, &town.sibling, &neighbour, &town.newcomer, &officer_b}) {
    const std::size_t n = people.size();
    people.push_back({member->account, {&member->key, &spare_phones[2 * n], &spare_phones[2 * n + 1]}});
  }
  people.push_back({elder, {&spare_phones[10], &spare_phones[11]}});
  name_keys();
  found();
}

void Stage::set_policy(bool reviews) {
  auto& policy = town.policy;
  using enum CapOf;
  using enum CapPer;
  policy.rules = {
      rule("patrol", "checkin", 30, {{CapOf::account, day, 2}, {grid, day, 4}}, Unique::day, RuleProof::site,
           Review::none, 1),
      rule("visit", "checkin", 10, {{household, month, 4}}, Unique::day, RuleProof::officer, Review::none, 2),
      rule("report", "report", 20, {{CapOf::account, hour, 2}, {budget, life, 9}}, Unique::once,
           RuleProof::none, Review::none, 1),
      rule("clean", "attendance", 25, {{CapOf::account, day, 3}, {household, life, 6}}, Unique::once,
           RuleProof::none, reviews ? Review::all : Review::none, 1),
      rule("opinion", "opinion", 5, {{CapOf::account, month, 2}, {household, month, 3}}, Unique::month,
           RuleProof::none, Review::none, 1),
      rule("vote", "vote", 3, {{CapOf::account, day, 2}, {grid, day, 5}}, Unique::once, RuleProof::none,
           Review::none, 1),
      rule("adoption", "adoption", 12, {{household, life, 2}}, Unique::once, RuleProof::officer, Review::none,
           2),
      rule("help", "award", 100, {{CapOf::account, day, 3}}, Unique::once, RuleProof::officer, Review::none,
           2),
      rule("thanks", "award", 15, {}, Unique::once, RuleProof::officer, Review::none, 1),
  };
  Limits& limits = policy.limits;
  limits.code_points = 40, limits.code_points_day = 70, limits.code_count_day = 3;
  limits.quote_points = 60, limits.quote_points_day = 90;
  limits.card_points = 20, limits.card_points_day = 45, limits.card_count_day = 4;
  limits.offline_allowance = 30, limits.offline_hours = 12, limits.offline_upload_days = 2;
  limits.phone_life_points = 60, limits.balance_max = 250, limits.balance_min = 5;
  limits.refund_days = 3, limits.refund_grace_days = 5, limits.cancel_hours = 24, limits.reserve_hours = 48;
  limits.shop_floor = 20, limits.large_award_points = reviews ? 60 : 1000000,
  limits.large_reversal_points = 40;
  limits.dispute_hours = 24, limits.burns_hour = 5, limits.idle_gap_hours = reviews ? 36 : 36500,
  limits.new_device_hours = 6;
  limits.reciprocity_days = 10, limits.phone_opens_hour = 2;
}

void Stage::extra_people(bool reviews) {
  const auto &a = town.admin_a.key, &b = town.admin_b.key, &o = town.officer.key;
  auto add = [&](Body body, std::initializer_list<const PrivateKey*> signers) {
    founding.push_back(town.sign(std::move(body), signers));
  };
  auto task = [&](std::string name, std::string rule_id, AccountId pays, Review review) {
    add(PublishTask{Task{std::move(name),
                         std::move(rule_id),
                         "/lijing",
                         town.now_us - kHourUs,
                         town.now_us + 400 * kDayUs,
                         pays,
                         {},
                         review}},
        {&o});
  };
  add(town.open_resident(officer_b, "/lijing/03", "D1", Level::verified), {&o, &officer_b.key});
  add(GrantRole{officer_b.account, Role::officer, "/lijing/03", town.now_us, 0}, {&a, &b});
  add(town.open_resident(reviewer, "/lijing/04", "R1", Level::verified), {&o, &reviewer.key});
  add(GrantRole{reviewer.account, Role::reviewer, "/lijing", town.now_us, 0}, {&b, &a});
  add(GrantRole{reviewer.account, Role::officer, "/lijing", town.now_us, 0}, {&b, &a});
  add(town.open_resident(neighbour, "/lijing/04", "", Level::verified), {&o, &neighbour.key});
  add(Open{elder, AccountKind::resident, "/lijing/03", "", Level::verified, ""}, {&o});
  add(SetCard{elder, {kFirstFreeAccount + 699'999'999}, true, "form 1"}, {&o});
  add(Open{small_budget, AccountKind::budget, "/lijing/03", "", Level::none, ""}, {&a});
  Transfer transfer;
  transfer.kind = TransferKind::mint;
  transfer.from = kIssuance, transfer.to = small_budget, transfer.points = {180};
  add(transfer, {&a, &b});
  add(Open{closing_shop.account, AccountKind::shop, "/lijing", "", Level::none, ""}, {&a});
  add(AddKey{closing_shop.account, KeyUse::till, closing_shop.key.public_key().spki(), 0, {}},
      {&a, &closing_shop.key});
  auto start_with = [&](AccountId who, Amount points, std::string rule_id) {
    Transfer award;
    award.kind = TransferKind::award;
    award.from = town.budget, award.to = who, award.points = {points}, award.rule = std::move(rule_id);
    add(award, {&o});
  };
  for (AccountId who :
       {town.resident.account, town.sibling.account, neighbour.account, officer_b.account, elder}) {
    start_with(who, 55, "help");
    start_with(who, 15, "thanks");
  }
  start_with(town.newcomer.account, 30, "help");
  task("clean", "clean", town.budget, Review::none);
  for (const char* kind : {"opinion", "vote", "adoption"}) task(kind, kind, town.budget, Review::none);
  if (reviews) task("report-reviewed", "report", town.budget, Review::all);
}

void Stage::name_keys() {
  auto add = [&](const PrivateKey& key, std::string name) {
    keys[key.public_key().id()] = &key;
    names[key.public_key().id()] = std::move(name);
  };
  for (std::size_t i = 0; i < town.roots.size(); ++i) add(town.roots[i], "root-" + std::to_string(i));
  add(town.server, "server"), add(town.site, "site");
  add(town.admin_a.key, "admin_a"), add(town.admin_b.key, "admin_b"), add(town.officer.key, "officer");
  add(officer_b.key, "officer_b"), add(reviewer.key, "reviewer"), add(neighbour.key, "neighbour");
  add(town.resident.key, "resident"), add(town.sibling.key, "sibling"), add(town.newcomer.key, "newcomer");
  add(town.shop.key, "till"), add(town.other_shop.key, "other_till");
  add(closing_shop.key, "closing_till");
  for (std::size_t i = 0; i < staff_phones.size(); ++i)
    add(staff_phones[i], "staff-phone-" + std::to_string(i));
  for (std::size_t i = 0; i < spare_phones.size(); ++i)
    add(spare_phones[i], "spare-phone-" + std::to_string(i));
  for (std::size_t i = 0; i < tickets.size(); ++i) add(tickets[i], "ticket-" + std::to_string(i));
  for (std::size_t i = 0; i < spare_tills.size(); ++i) add(spare_tills[i], "spare-till-" + std::to_string(i));
  for (std::size_t i = 0; i < spare_roots.size(); ++i) {
    add(spare_roots[i], "spare-root-" + std::to_string(i));
    add(spare_servers[i], "spare-server-" + std::to_string(i));
  }
}

void Stage::found() {
  for (const auto& line : founding) {
    auto command = test::command_of(line);
    const auto expected = model.answer(command, town.now_us);
    const auto found = ledger.apply(command, town.now_us);
    const bool same = expected.outcome && found && found->outcome && *found->outcome == *expected.outcome;
    if (same) continue;
    std::cerr << "founding: " << line.payload << "\nexpected " << to_string(expected) << "\nfound "
              << (found ? format_outcome(*found->outcome) : to_string(found.error())) << "\n";
    DFB_CHECK(same);
  }
}

}  // namespace dfb::sim
