// What a town promises while it is being killed, stopped and asked by everybody at once.
#include "tests/e2e/storm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <boost/json.hpp>
#include <csignal>
#include <set>

#include "tests/e2e/ledger_after.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

constexpr int kKills = 30;

// Every acknowledged command is the entry that was acknowledged, once; and every balance is what was
// acknowledged.
void expect_kept(const LiveTown& town, const std::vector<Acknowledged>& acknowledged,
                 const std::map<book::AccountId, std::int64_t>& before) {
  std::map<book::AccountId, std::int64_t> expected = before;
  for (const auto& one : acknowledged) expected[one.account] += one.points;
  std::vector<book::AccountId> accounts;
  for (const auto& [account, points] : expected) accounts.push_back(account);
  const LedgerAfter after = read_ledger(town, accounts);
  for (const auto& one : acknowledged) {
    ASSERT_TRUE(after.has_once(one.id)) << to_string(one.id);
    ASSERT_EQ(after.by_id.at(one.id).front(), one.seq);
    ASSERT_EQ(after.entries.at(static_cast<std::size_t>(one.seq)), one.entry);
  }
  for (const auto& [id, seqs] : after.by_id) EXPECT_EQ(seqs.size(), 1U) << to_string(id);
  EXPECT_EQ(after.balances, expected);
}

TEST(Storm, KilledThirtyTimesUnderLoadItLosesNothingThatItAcknowledged) {
  LiveTown town;
  const std::vector<Till> tills{town.enrol_till(1), town.enrol_till(2)};
  std::vector<Phone> customers;
  std::map<book::AccountId, std::int64_t> before;
  for (int n = 1; n <= 24; ++n) {
    customers.push_back(town.resident(n));
    before[customers.back().account] = town.balance(customers.back());
  }
  SystemRandom random;
  Storm storm(town, 3, tills, customers);
  for (int i = 0; i < kKills; ++i) {
    const std::size_t enough = storm.count() + 5;
    const auto until = std::chrono::steady_clock::now() + seconds(60);
    while (storm.count() < enough && storm.surprises().empty() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(milliseconds(5));
    EXPECT_GE(storm.count(), enough) << "no load in round " << i;
    if (HasFailure()) break;
    std::this_thread::sleep_for(milliseconds(random.u64() % 100));
    town.kill();
    town.start();
  }
  storm.finish();
  for (const auto& surprise : storm.surprises()) ADD_FAILURE() << surprise;
  EXPECT_GT(storm.resent(), 0) << "no kill met a command on its way";

  const Finished audit = town.audit();
  EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
  EXPECT_THAT(audit.out, HasSubstr("verdict: sound"));
  Client counter = town.client(tills[0]);
  for (const auto& one : storm.acknowledged()) {
    if (one.points != -1) continue;
    // Known to the till that sent it, and to no other shop.
    const auto asked = counter.get("/v1/commands/" + to_string(one.id));
    if (asked)
      EXPECT_EQ(asked->at("seq").as_int64(), one.seq);
    else
      EXPECT_EQ(asked.error().code, Code::not_found);
  }
  EXPECT_EQ(town.stop().status, 0);
  expect_kept(town, storm.acknowledged(), before);
}

TEST(Storm, SigtermAnswersWhatWasAcceptedAndExitsCleanly) {
  LiveTown town;
  const std::size_t founded = [&] {
    LiveTown other({.started = false, .open_entries = true, .more_config = ""});
    return read_ledger(other).entries.size();
  }();
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::set<Uuid> acknowledged;
  std::vector<std::string> surprises;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      SystemClock clock;
      SystemRandom random;
      demo::Entrant entrant(town.facts().origin, clock, random);
      const KeyId server = town.key("server").public_key().id();
      Client client = town.client();
      while (!stop) {
        const auto key = PrivateKey::generate(Algorithm::p256);
        const book::Open open{entrant.new_account(), book::AccountKind::resident, "/lijing/01", "",
                              book::Level::phone,    key.public_key().spki()};
        const SignedLine line = entrant.sign(server, open, {&key});
        const auto answer =
            client.post("/v1/enrolments", line, {{"name", "林小雨"}, {"phone", "13900001234"}});
        const std::lock_guard lock(mutex);
        if (answer)
          acknowledged.insert(line.id);
        else if (answer.error().code != Code::shutting_down && answer.error().code != Code::unreachable &&
                 answer.error().code != Code::timed_out)
          surprises.push_back(to_string(answer.error()));
      }
    });
  const auto until = std::chrono::steady_clock::now() + seconds(60);
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return acknowledged.size();
  };
  while (count() < 50 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(milliseconds(5));
  const Finished stopped = town.stop();
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(stopped.status, 0) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("stopped after entry"));
  EXPECT_THAT(surprises, testing::IsEmpty());
  EXPECT_GE(acknowledged.size(), 50U);
  // A request that was accepted and entered has been answered: the ledger holds what was acknowledged, no
  // more.
  const LedgerAfter after = read_ledger(town);
  std::size_t known = 0;
  for (const auto& [id, seqs] : after.by_id) known += acknowledged.count(id);
  EXPECT_EQ(known, acknowledged.size());
  EXPECT_EQ(after.entries.size(), founded + acknowledged.size());
}

TEST(Storm, TwoTillsAndOneCodeAtTheSameMomentMakeOneSale) {
  LiveTown town;
  const Till tills[] = {town.enrol_till(1), town.enrol_till(2)};
  for (int round = 0; round < 20; ++round) {
    const Phone phone = town.resident(round + 1);
    const std::int64_t before = town.balance(phone);
    const std::string code = town.pay_code(phone);
    std::barrier together(2);
    std::optional<Error> errors[2];
    std::thread threads[2];
    const SignedLine sales[] = {town.redeem(tills[0], phone, code, 3), town.redeem(tills[1], phone, code, 3)};
    for (int i = 0; i < 2; ++i)
      threads[i] = std::thread([&, i] {
        Client client = town.client(tills[i]);
        (void)client.get("/healthz");  // the handshake comes before the race
        together.arrive_and_wait();
        const auto presented = client.post("/v1/presentations", Json{{"code", code}});
        if (!presented) errors[i] = presented.error();
        // Whoever may not have it tries all the same.
        const auto sold = client.post("/v1/redemptions", sales[i]);
        if (!sold && !errors[i]) errors[i] = sold.error();
        if (sold && errors[i]) errors[i] = fail(Code::internal, "sold without the presentation");
      });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(errors[0].has_value() + errors[1].has_value(), 1) << "round " << round;
    for (const auto& error : errors)
      EXPECT_TRUE(!error || error->code == Code::presented_elsewhere || error->code == Code::code_used)
          << to_string(*error);
    EXPECT_EQ(town.balance(phone), before - 3);
  }
  EXPECT_EQ(town.audit().status, 0);
}

}  // namespace
}  // namespace dfb::e2e
