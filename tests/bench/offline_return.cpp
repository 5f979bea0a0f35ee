#include "tests/bench/offline_return.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include "ledger/base/encoding.h"
#include "ledger/book/offline_code.h"
#include "ledger/log/entry_text.h"
#include "terminal/till/history.h"
#include "terminal/till/pins.h"
#include "tests/bench/till_process.h"

namespace dfb::bench {
namespace {

using e2e::LiveTown;
using e2e::must;
using e2e::Phone;

constexpr std::int64_t kAllowanceMost = 100, kBudgetLeast = 2000;  // of the demo's policy
constexpr int kSalesAPhone = 30;

struct Carrier {
  Phone phone;
  Uuid allowance;
  std::int64_t points = 0, sold = 0, balance = 0;
};

std::int64_t figure(const demo::Json& me, const char* name) { return me.as_object().at(name).as_int64(); }

// The policy in force, as every till gets it.
book::Policy policy_of(const LiveTown& town, const e2e::Till& till) {
  const auto news = must(town.client(till).get("/v1/till/offline?after=-1&policy=0"), "the policy");
  const std::string text(news.at("policy").at("entry").as_string());
  const auto entry = must(log::parse_entry_text(text), "the policy's entry");
  const auto payload = must(book::parse_payload(entry.payload), "the policy's payload");
  return std::get<book::PublishPolicy>(payload.body).policy;
}

// The same policy, under which a till may sell so many points without a line.
void allow(LiveTown& town, book::Policy policy, std::int64_t till_points) {
  policy.version += 1;
  policy.from_us = SystemClock().now_us();
  policy.limits.offline_till_points = till_points;
  const PrivateKey one = town.key("administrator-1"), other = town.key("administrator-2");
  must(town.signed_in(one).post("/v1/commands",
                                town.entrant().sign(book::PublishPolicy{policy}, {&one, &other})),
       "the policy");
}

Carrier set_aside(LiveTown& town, const Phone& phone) {
  demo::Client client = town.signed_in(phone.key);
  const auto me = must(client.get("/v1/me"), "a balance");
  Carrier out{phone, {}, std::min(figure(me, "available"), kAllowanceMost), 0, figure(me, "balance")};
  if (out.points == 0) return out;
  book::Hold hold;
  hold.purpose = book::HoldPurpose::allowance;
  hold.account = phone.account, hold.points = {out.points};
  hold.until_us = SystemClock().now_us() + 24 * kHourUs;
  hold.device = phone.key.public_key().id();
  const auto line = town.entrant().sign(std::move(hold), {&phone.key});
  must(client.post("/v1/holds", line), "an allowance");
  out.allowance = line.id;
  return out;
}

std::vector<Carrier> carriers_for(LiveTown& town, int residents, int sales) {
  std::vector<Carrier> out;
  std::int64_t points = 0;
  for (int n = 1; n <= residents && points < sales; ++n) {
    out.push_back(set_aside(town, town.resident(n)));
    points += out.back().points;
    if (out.back().points == 0) out.pop_back();
  }
  if (points < sales) give_up("the demo's residents have " + std::to_string(points) + " points to set aside");
  return out;
}

// Until the till knows the policy and every allowance.
void wait_until_told(const e2e::Till& till, std::int64_t policy, std::size_t allowances) {
  const std::string path = till.folder + "/offline";
  for (const auto begin = Steady::now(); seconds_since(begin) < 30;) {
    std::ifstream in(path);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto pins = terminal::parse_pins(text);
    if (pins && pins->policy_version == policy && pins->allowances.size() == allowances) return;
    std::this_thread::sleep_for(demo::milliseconds(20));
  }
  give_up("the till does not learn what it has to know to sell without a line");
}

// One point each, by the phones in turn: as many codes, signatures and entries as points can be.
void sell(TillProcess& till, const LiveTown& town, book::AccountId shop, std::vector<Carrier>& carriers,
          int sales) {
  for (std::size_t next = 0; sales > 0; ++next) {
    Carrier& carrier = carriers[next % carriers.size()];
    if (carrier.sold == carrier.points) continue;
    book::OfflineCode code;
    code.allowance = carrier.allowance, code.account = carrier.phone.account, code.shop = shop;
    code.counter = ++carrier.sold, code.points = {1};
    code.at_us = SystemClock().now_us() / book::kPayStepUs * book::kPayStepUs;
    till.step(make_offline_code(carrier.phone.key, town.facts().origin, code).text() + "\n", "Enter = take it");
    till.step("\n", "SOLD OFFLINE");
    --sales;
  }
}

// Entries of the ledger that the journal has a proof of.
std::set<std::int64_t> proven_by(const std::string& folder) {
  std::ifstream in(folder + "/journal");
  terminal::History history(1'000'000);  // all of them
  must(terminal::read_journal(in, [&](const terminal::Record& record) { return history.add(record); }),
       "the till's journal");
  std::set<std::int64_t> out;
  for (const terminal::Past& past : history.past())
    if (past.phase == terminal::Phase::done) out.insert(past.seq);
  return out;
}

void check(LiveTown& town, const e2e::Till& till, const std::vector<Carrier>& carriers, int sales) {
  if (proven_by(till.folder).size() != static_cast<std::size_t>(sales))
    give_up("the till's journal does not prove every sale");
  for (const Carrier& carrier : carriers) {
    const auto me = must(town.signed_in(carrier.phone.key).get("/v1/me"), "a balance");
    if (figure(me, "balance") != carrier.balance - carrier.sold) give_up("a phone paid another sum than it spent");
  }
  if (const auto audit = town.audit(); audit.status != 0) give_up("the auditor: " + audit.out + audit.err);
}

}  // namespace

OfflineReturn measure_offline_return(int sales) {
  LiveTown::Options plan;
  plan.residents = std::max(30, sales / kSalesAPhone);
  plan.limits_lifted = false;
  LiveTown town(plan);
  const auto till = town.enrol_till(1);
  const book::Policy policy = policy_of(town, till);
  allow(town, policy, std::max<std::int64_t>(kBudgetLeast, sales));
  auto carriers = carriers_for(town, plan.residents, sales);
  OfflineReturn out;
  out.sales = sales, out.phones = static_cast<int>(carriers.size());
  TillProcess program(till);
  wait_until_told(till, policy.version + 1, carriers.size());
  town.stop();
  auto begin = Steady::now();
  sell(program, town, till.shop, carriers, sales);
  out.sold_s = seconds_since(begin);
  town.start();
  begin = Steady::now();
  program.wait_for("; still waiting: 0", demo::milliseconds(1'800'000));
  out.told_s = seconds_since(begin);
  out.memory_mb = program.memory_mb();
  program.quit();
  check(town, till, carriers, sales);
  return out;
}

}  // namespace dfb::bench
