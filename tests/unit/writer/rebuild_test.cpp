// Nothing but entries counts: every other table comes out of them again.
#include "ledger/writer/rebuild.h"

#include <gtest/gtest.h>

#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"
#include "ledger/store/schema.h"
#include "tests/support/temp_folder.h"
#include "tests/support/dump.h"
#include "tests/unit/writer/running_town.h"

namespace dfb {
namespace {

using test::RunningTown;
using namespace book;

class Rebuild : public testing::Test {
 protected:
  void SetUp() override {
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
    live();
    town.writer->stop();
  }
  // A day in the town, with every kind of ending: accepted, refused by an entry, undone.
  void live() {
    auto& people = town.town;
    const auto good = [&](const test::SignedLine& line) {
      auto answer = town.run(line);
      ASSERT_TRUE(answer) << to_string(answer.error()) << "\n" << line.payload;
    };
    good(people.award(people.resident, 90));
    good(people.check_in(people.resident));
    const auto sale = people.redeem(people.resident, 60);
    good(sale);
    good(people.refund(sale.id, people.resident, 20));
    town.clock.advance(kMinuteUs);
    people.now_us += kMinuteUs;
    const auto second = people.redeem(people.resident, 10);
    good(second);
    good(people.cancel(second.id));
    good(people.cancel(people.next_id()));          // an unseen id
    good(people.redeem(people.sibling, 10));        // nothing to spend: refused by an entry
    std::vector<std::future<Result<Answer>>> many;  // more than a tile holds
    for (int i = 0; i < 300; ++i) many.push_back(town.submit(people.mint(i + 1)));
    for (auto& answer : many) ASSERT_TRUE(answer.get());
  }
  std::unique_ptr<store::Store> open(const std::string& name) {
    return store::open_sqlite(folder.path(name), {}).value();
  }
  void expect_alike(store::Store& again) {
    EXPECT_EQ(test::dump(*again.snapshot()), test::dump(*store->snapshot()));
  }

  test::TempFolder folder;
  std::unique_ptr<store::Store> store = open("ledger.db");
  RunningTown town{*store};
};

TEST_F(Rebuild, GivesEveryRowAgain) {
  auto again = open("again.db");
  const auto done = rebuild(*store, *again);
  ASSERT_TRUE(done) << to_string(done.error());
  expect_alike(*again);
  RunningTown successor(*again, town.log_key);
  EXPECT_TRUE(successor.start());
}

// Whatever the town did: the seed chooses, and most of it is refused one way or another.
TEST_F(Rebuild, GivesEveryRowAgainAfterAnyWeeks) {
  auto& people = town.town;
  ASSERT_TRUE(town.start());
  SeededRandom random(20261124);
  const auto pick = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.u64() % n); };
  std::vector<Uuid> sales{people.next_id()};
  int entered = 0;
  for (int i = 0; i < 400; ++i) {
    const TimeUs pause = pick(8) == 0 ? pick(40) * kHourUs : pick(20) * kSecondUs;
    town.clock.advance(pause), people.now_us += pause;
    const auto& who = pick(2) ? people.resident : people.sibling;
    const auto& at = pick(3) ? people.shop : people.other_shop;
    const auto sale = sales[static_cast<std::size_t>(pick(sales.size()))];
    const auto line = [&] {
      switch (pick(8)) {
        case 0:
          return people.award(who, 1 + pick(100));
        case 1:
          return people.check_in(who);
        case 2:
          return people.refund(sale, who, 1 + pick(30), at);
        case 3:
          return people.cancel(pick(2) ? sale : people.next_id(), at);
        case 4:
          return people.mint(1 + pick(50));
        case 5:
          return people.hand_in(1 + pick(50));
        default:
          return people.redeem(who, 1 + pick(60), at);
      }
    }();
    sales.push_back(line.id);
    entered += town.run(line).has_value();
    if (pick(10) == 0) (void)town.run(line);  // the same bytes again
  }
  EXPECT_GT(entered, 100);
  town.writer->stop();
  auto again = open("again.db");
  std::int64_t told = 0;
  const auto done = rebuild(*store, *again, [&](std::int64_t count, std::int64_t) { told = count; });
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(told, store->snapshot()->size());
  expect_alike(*again);
}

TEST_F(Rebuild, FillsTheBooksTablesWhereTheyAreEmpty) {
  const auto before = test::dump(*store->snapshot());
  ASSERT_TRUE(replay_rows(*store));  // full ones stay
  EXPECT_EQ(test::dump(*store->snapshot()), before);
  const auto empty = [&] {
    auto transaction = store->begin();
    book::for_each_row_type(
        [&]<class Row>() { transaction->sql().run("DELETE FROM " + std::string(Row::kTable)); });
    transaction->commit();
  };
  empty();
  EXPECT_FALSE(town.start());
  const auto done = replay_rows(*store);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(test::dump(*store->snapshot()), before);
  EXPECT_TRUE(town.start());
}

TEST_F(Rebuild, GoesFromOneEngineToTheOther) {
  auto memory = store::open_memory();
  ASSERT_TRUE(rebuild(*store, *memory));
  auto again = open("again.db");
  ASSERT_TRUE(rebuild(*memory, *again));
  expect_alike(*again);
}

TEST_F(Rebuild, AnEmptyStoreGivesAnEmptyStore) {
  auto empty = store::open_memory(), again = store::open_memory();
  EXPECT_TRUE(rebuild(*empty, *again));
  EXPECT_EQ(again->snapshot()->size(), 0);
}

// A year in which every row of every kind comes about, and what undoes it.
class RebuildYear : public Rebuild {
 protected:
  void SetUp() override {
    town.next_log_key = PrivateKey::generate(Algorithm::ed25519);
    town.start_and_found();
    ASSERT_FALSE(HasFatalFailure());
    live();
    set_aside();
    sell_offline();
    pay_by_card();
    review();
    people_change();
    somebody_leaves();
    a_year_passes();
    town.writer->stop();
  }

  Answer good(const test::SignedLine& line) {
    auto answer = town.run(line);
    EXPECT_TRUE(answer) << to_string(answer.error()) << "\n" << line.payload;
    if (!answer) return {};
    EXPECT_FALSE(answer->refused) << name(*answer->refused) << "\n" << line.payload;
    return *answer;
  }
  Answer good(Body body, std::initializer_list<const PrivateKey*> keys) {
    return good(p.sign(std::move(body), keys));
  }
  // By an entry, which burns the id.
  void refused(const test::SignedLine& line, Code code) {
    const auto answer = town.run(line);
    ASSERT_TRUE(answer) << to_string(answer.error()) << "\n" << line.payload;
    EXPECT_EQ(answer->refused, code) << line.payload;
  }
  void later(TimeUs by_us) { town.clock.advance(by_us), p.now_us += by_us; }
  Transfer transfer(TransferKind kind, AccountId from, AccountId to, std::int64_t points) {
    Transfer transfer;
    transfer.kind = kind, transfer.from = from, transfer.to = to, transfer.points = {points};
    return transfer;
  }
  Record record(const char* kind, const char* subject, AccountId account, const char* rule) {
    Record record;
    record.kind = kind, record.subject = subject, record.account = account, record.rule = rule;
    record.period = "-";
    return record;
  }

  // The limits of the day are low, so that they bite.
  void set_aside() {
    p.policy.version = 2, p.policy.limits.quote_points_day = 80, p.policy.rules[2].review = Review::all;
    good(p.publish(p.policy));
    good(p.award(p.resident, 100));
    good(p.award(p.resident, 100));
    const auto captured = p.reserve(p.resident, 30, p.now_us + kHourUs);
    good(captured);
    good(Resolve{captured.id, true, p.shop.account, {20}, ""}, {&p.shop.key});
    const auto released = p.reserve(p.resident, 10, p.now_us + kHourUs);
    good(released);
    good(Resolve{released.id, false, p.resident.account, {0}, ""}, {&p.shop.key});
    const auto cancelled = p.reserve(p.resident, 5, p.now_us + kHourUs);
    good(cancelled);
    good(p.cancel(cancelled.id, p.resident));
    good(p.reserve(p.resident, 15, p.now_us + 2 * kDayUs));  // stays open
    good(p.redeem_confirmed(p.resident, 25, p.now_us + kMinuteUs));
    refused(p.redeem_confirmed(p.resident, 60, p.now_us + kMinuteUs), Code::limit_per_day);
  }
  void sell_offline() {
    const auto allowance = p.allowance(p.resident, 40, p.now_us + kDayUs);
    good(allowance);
    good(p.redeem_offline(p.resident, allowance.id, 1, 25));
    const auto conflict = p.redeem_offline(p.resident, allowance.id, 1, 10, p.other_shop);
    refused(conflict, Code::counter_used);
    good(transfer(TransferKind::fund, p.budget, kOfflineLoss, 200), {&p.admin_a.key, &p.admin_b.key});
    auto cover = transfer(TransferKind::cover, kOfflineLoss, p.other_shop.account, 10);
    cover.sale = conflict.id;
    good(cover, {&p.admin_a.key});
    later(9 * kDayUs);
    good(Resolve{allowance.id, false, p.resident.account, {0}, ""}, {&p.server});
  }
  void pay_by_card() {
    const AccountId kept{123'456'789'012}, lost{123'456'789'020};
    good(p.issue(p.resident, kept));
    good(p.issue(p.resident, lost));
    later(kDayUs);
    good(p.redeem_by_card(p.resident, 5, kept));
    good(SetCard{p.resident.account, lost, false, "lost"}, {&p.resident.key});
  }
  // One granted, one rejected, one that waits; an award taken back of which a part is spent.
  void review() {
    const test::Member reviewer{{kFirstFreeAccount + 74}, test::test_key("reviewer")};
    good(p.open_resident(reviewer, "/lijing/05", "R1", Level::verified),
         {&p.roots[0], &p.roots[1], &reviewer.key});
    good(GrantRole{reviewer.account, Role::reviewer, "/lijing", p.now_us, 0},
         {&p.admin_a.key, &p.admin_b.key});
    std::vector<Uuid> waiting;
    for (const char* subject : {"case-1", "case-2", "case-3"}) {
      const auto line = p.sign(record("report", subject, p.sibling.account, "report"), {&p.sibling.key});
      good(line);
      waiting.push_back(line.id);
    }
    good(Resolve{waiting[0], true, p.sibling.account, {20}, ""}, {&reviewer.key});
    good(Resolve{waiting[1], false, p.budget, {0}, "photo of another place"}, {&reviewer.key});
    const auto seq = good(p.award(p.sibling, 30)).seq;
    good(p.redeem(p.sibling, 35));
    good(Reverse{seq, "counted twice"}, {&p.admin_a.key});
  }
  void people_change() {
    const auto &a = p.admin_a.key, &b = p.admin_b.key, &officer = p.officer.key;
    const auto spare = test::test_key("spare"), ticket = test::test_key("ticket"),
               till = test::test_key("ticket's till");
    good(AddKey{p.resident.account, KeyUse::device, spare.public_key().spki(), 0}, {&p.resident.key, &spare});
    good(RevokeKey{spare.public_key().id(), "phone lost"}, {&p.resident.key});
    good(AddKey{p.shop.account, KeyUse::ticket, ticket.public_key().spki(), p.now_us + kDayUs},
         {&a, &ticket});
    good(AddKey{p.shop.account, KeyUse::till, till.public_key().spki(), 0}, {&ticket, &till});
    good(GrantRole{p.sibling.account, Role::auditor, "/", p.now_us, p.now_us + 90 * kDayUs}, {&a, &b});
    good(EndRole{p.sibling.account, Role::auditor, "/"}, {&a, &b});
    good(Roster{"/lijing/03", {p.newcomer.account}, no_evidence()}, {&officer});
    good(Move{p.newcomer.account, "/lijing/04", "H9"}, {&officer});
    good(Move{p.newcomer.account, "/lijing/04", "H7K2"}, {&officer});  // the household alone
    good(SetState{p.newcomer.account, AccountState::frozen, ""}, {&officer});
    good(SetState{p.newcomer.account, AccountState::open, ""}, {&officer});
    good(SetState{p.newcomer.account, AccountState::frozen, ""}, {&officer});
    const AccountId first{kFirstFreeAccount + 80};
    good(Import{{{first, "/lijing/06", "M1"}}, no_evidence()}, {&a, &b});
    good(record("erasure", "request-9", p.sibling.account, ""), {&a});
    good(AddWitness{"station.example/w1",
                    "station.example/w1+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
         {&a, &b});
  }
  // Who closed an account gets nothing back any more.
  void somebody_leaves() {
    const test::Member leaver{{kFirstFreeAccount + 90}, test::test_key("leaver")};
    good(p.open_resident(leaver, "/lijing/03", "L1", Level::verified), {&p.officer.key, &leaver.key});
    good(p.award(leaver, 20));
    later(kDayUs);
    const auto sale = p.redeem(leaver, 20);
    good(sale);
    good(SetState{leaver.account, AccountState::closed, ""}, {&p.officer.key});
    good(p.refund(sale.id, leaver, 5));
  }
  void a_year_passes() {
    const auto &a = p.admin_a.key, &b = p.admin_b.key;
    good(NextLogKey{test::vkey_of(*town.next_log_key), p.now_us + kDayUs}, {&p.roots[0], &p.roots[1]});
    good(p.mint(3));
    later(400 * kDayUs);
    good(ConfirmClock{p.now_us}, {&a});
    std::map<Day, std::int64_t> lots;
    const auto account = store->snapshot()->get<Account>({p.resident.account});
    for (const auto& lot : account->lots)
      lots[lot.day] += lot.points.value;
    ASSERT_FALSE(lots.empty());
    good(p.expire(p.resident, lots.begin()->second, lots.begin()->first));
    auto settle = transfer(TransferKind::settle, p.other_shop.account, kSettled, 10);
    settle.fen = 100, settle.count = 1, settle.through = store->snapshot()->size() - 1;
    good(settle, {&a, &b});
  }

  test::Town& p = town.town;
};

TEST_F(RebuildYear, GivesEveryRowOfEveryTableAgain) {
  auto again = open("again.db");
  const auto done = rebuild(*store, *again);
  ASSERT_TRUE(done) << to_string(done.error());
  expect_alike(*again);
  RunningTown successor(*again, town.log_key);
  successor.next_log_key = town.next_log_key;
  EXPECT_TRUE(successor.start());
}

// Else the comparison above would say little.
TEST_F(RebuildYear, LeavesNoTableEmptyAndNoEndingOut) {
  const auto view = store->snapshot();
  for (const auto& table : test::ledger_tables()) {
    const auto rows = view->sql().run("SELECT count(*) FROM " + table).at(0).integer(0);
    EXPECT_EQ(rows > 0, table != "restored") << table;
  }
  std::string outcomes;
  for (const auto& text : view->entries(0, view->size())) outcomes += log::parse_entry_text(text)->outcome;
  for (const char* field : {"refused", "policy", "points", "budget", "ate", "got", "held", "lapsed", "undone",
                            "burnt", "unrecovered"})
    EXPECT_NE(outcomes.find('"' + std::string(field) + '"'), outcomes.npos) << field;
  const auto hold_count = [&](const std::string& where) {
    return view->sql().run("SELECT count(*) FROM hold WHERE " + where).at(0).integer(0);
  };
  EXPECT_GE(hold_count("resolved = 0"), 2);
  EXPECT_GE(hold_count("resolved = 1"), 6);
}

TEST_F(RebuildYear, FillsTheBooksTablesAlike) {
  const auto before = test::dump(*store->snapshot());
  auto transaction = store->begin();
  for_each_row_type([&]<class Row>() { transaction->sql().run("DELETE FROM " + std::string(Row::kTable)); });
  transaction->commit();
  transaction.reset();
  ASSERT_NE(test::dump(*store->snapshot()), before);
  const auto done = replay_rows(*store);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(test::dump(*store->snapshot()), before);
}

// A table that the schema makes and the comparison forgets would be no proof of anything.
TEST(RebuildDump, HasEveryTableOfTheSchema) {
  const test::TempFolder folder;
  const auto empty = store::open_sqlite(folder.path("empty.db"), {}).value();
  const std::string dump = test::dump(*empty->snapshot()), schema = store::ledger_schema();
  const std::string create = "CREATE TABLE ";
  std::size_t tables = 0;
  for (auto at = schema.find(create); at != schema.npos; at = schema.find(create, at + 1), ++tables) {
    const auto begin = at + create.size();
    const std::string table = schema.substr(begin, schema.find(' ', begin) - begin);
    EXPECT_NE(dump.find("== " + table + "\n"), dump.npos) << table;
  }
  EXPECT_EQ(tables, test::ledger_tables().size());
  for (const char* table : {"account", "hold", "entry_account", "tile", "checkpoint", "log_key"})
    EXPECT_NE(dump.find("== " + std::string(table) + "\n"), dump.npos) << table;
}

// A copy of the entries with one changed; its own hashes and all fit, but not what the rules derive.
class RebuildTampered : public Rebuild {
 protected:
  Error tampered(std::int64_t target, const std::string& from, const std::string& to) {
    const auto view = store->snapshot();
    auto copy = store::open_memory(), again = store::open_memory();
    auto transaction = copy->begin();
    for (std::int64_t seq = 0; seq < view->size(); ++seq) {
      auto text = view->entries(seq, 1).at(0);
      if (seq == target) {
        const auto at = text.find(from);
        EXPECT_NE(at, text.npos) << text;
        text.replace(at, from.size(), to);
      }
      transaction->append(seq, text, log::leaf_hash(text), {});
    }
    transaction->put_checkpoint(view->checkpoint());
    transaction->commit();
    transaction.reset();
    const auto done = rebuild(*copy, *again);
    EXPECT_FALSE(done);
    return done ? Error{} : done.error();
  }
};

TEST_F(RebuildTampered, NamesTheEntryThatDoesNotFollow) {
  const std::int64_t last = store->snapshot()->size() - 1;
  for (auto [seq, from, to] : {std::tuple{std::int64_t{9}, "\"points\":100000", "\"points\":900000"},
                               std::tuple{last, "\n{}\n", "\n{\"policy\":1}\n"},
                               std::tuple{last, "defenbao/entry/v1\n", "defenbao/entry/v2\n"}}) {
    const auto error = tampered(seq, from, to);
    EXPECT_EQ(error.code, Code::corrupt);
    EXPECT_TRUE(error.detail.starts_with("entry " + std::to_string(seq) + ":")) << error.detail;
  }
}

TEST_F(RebuildTampered, ATimeThatOnlyTheTreeCoversIsMissedByTheRulesButNotByTheRoot) {
  const std::int64_t last = store->snapshot()->size() - 1;
  const auto error = tampered(last, "000000\n{", "000001\n{");
  EXPECT_EQ(error.code, Code::corrupt);
  EXPECT_NE(error.detail.find("checkpoint"), std::string::npos) << error.detail;
}

}  // namespace
}  // namespace dfb
