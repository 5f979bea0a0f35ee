// Accounts as the replay left them after an entry or at the end of a moment.
#include "ledger/audit/as_of.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "ledger/audit/report.h"
#include "ledger/book/columns.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;
using ::testing::HasSubstr;

std::string text(const std::optional<book::Account>& account) {
  if (!account) return "not open";
  std::string out;
  for (const auto& column : book::columns_of(*account)) {
    const auto* number = std::get_if<std::int64_t>(&column);
    out += (number ? std::to_string(*number) : std::get<std::string>(column)) + " ";
  }
  return out;
}

Report asked(const AuditedTown& town, const std::string& when, std::vector<book::AccountId> accounts) {
  Task task = plain_task();
  task.as_of = AsOf::parse(when, std::move(accounts)).value();
  return audit_town(town, std::move(task));
}

std::vector<book::AccountId> everybody(const Town& people) {
  return {people.resident.account, people.sibling.account, people.newcomer.account, people.shop.account,
          people.budget,           book::kIssuance,        book::kExpired};
}

TEST(AsOf, IsWhatTheEntriesUpToThereMade) {
  const AuditedTown& town = lived().town;
  const auto accounts = everybody(town.town);
  MemoryLedger ledger;
  for (std::int64_t seq = 0; seq < town.size(); ++seq) {
    const auto& entry = town.entries[static_cast<std::size_t>(seq)];
    const SignedLine line{entry.payload, entry.signatures, {}};
    ASSERT_TRUE(ledger.apply(line, entry.time_us));
    const Report report = asked(town, std::to_string(seq), accounts);
    ASSERT_EQ(report.verdict, Verdict::sound);
    ASSERT_TRUE(report.as_of);
    EXPECT_EQ(report.as_of->seq(), seq);
    EXPECT_EQ(report.as_of->at_us(), entry.time_us);
    for (std::size_t i = 0; i < accounts.size(); ++i)
      EXPECT_EQ(text(report.as_of->answers()[i]), text(ledger.rows().get<book::Account>({accounts[i]})))
          << to_string(accounts[i]) << " after entry " << seq;
  }
}

TEST(AsOf, AMomentIsTheEndOfItsSecondOrDay) {
  const AuditedTown& town = lived().town;
  const std::int64_t last = town.size() - 1;
  const auto seq_at = [&](const std::string& when) {
    const Report report = asked(town, when, {town.town.resident.account});
    EXPECT_EQ(report.verdict, Verdict::sound) << when;
    return report.as_of ? report.as_of->seq() : -1;
  };
  EXPECT_EQ(seq_at("2026-11-24T09:40:00"), lived().award) << "all of the first second";
  EXPECT_EQ(seq_at("2026-11-24T09:40:09"), lived().award);
  EXPECT_EQ(seq_at("2026-11-24T09:40:10"), lived().sale);
  EXPECT_EQ(seq_at("2026-11-24"), last);
  EXPECT_EQ(seq_at("2030-01-01"), last);
  const Report before = asked(town, "2026-11-23", {town.town.resident.account});
  EXPECT_EQ(before.verdict, Verdict::could_not_check);
  EXPECT_EQ(before.could_not->code, Code::not_found);
}

// A lot that has passed on the day that was asked for stays in the balance and cannot be spent.
TEST(AsOf, WhatMayBeSpentIsThatOfTheDay) {
  const AuditedTown& town = lived().town;
  const Report today = asked(town, "2026-11-24", {town.town.resident.account, town.town.budget}),
               later = asked(town, "2030-01-01", {town.town.resident.account, town.town.budget});
  ASSERT_TRUE(today.as_of && later.as_of);
  const auto& resident = *today.as_of->answers()[0];
  EXPECT_EQ(today.as_of->available(resident), resident.balance.value);
  EXPECT_EQ(later.as_of->available(resident), 0);
  EXPECT_EQ(later.as_of->answers()[0]->balance, resident.balance);
  EXPECT_EQ(later.as_of->available(*later.as_of->answers()[1]), later.as_of->answers()[1]->balance.value);
}

TEST(AsOf, AnEntryThatIsNotThereYetHasNoAnswer) {
  const AuditedTown& town = lived().town;
  const Report report = asked(town, std::to_string(town.size()), {town.town.resident.account});
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  EXPECT_THAT(report.could_not->detail,
              HasSubstr("the log ends with entry " + std::to_string(town.size() - 1)));
}

TEST(AsOf, AnUnsoundLogGivesNone) {
  AuditedTown town = lived().town;
  town.entries.back().outcome = "{}";
  const Report report = asked(town, "3", {town.town.resident.account});
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_FALSE(report.as_of);
}

TEST(AsOf, IsFoundAgainBehindAStateFile) {
  const AuditedTown& town = lived().town;
  const TempFolder folder;
  town.write(folder.path("log"));
  Task task = plain_task();
  task.state_file = folder.path("state");
  ASSERT_EQ(audit_folder(folder.path("log"), task).verdict, Verdict::sound);
  task.as_of = AsOf::parse(std::to_string(lived().award), {town.town.sibling.account}).value();
  const Report report = audit_folder(folder.path("log"), task);
  ASSERT_TRUE(report.as_of);
  EXPECT_EQ(report.as_of->answers()[0]->balance.value, 40);
}

TEST(AsOf, IsWrittenForPeopleAndPrograms) {
  const auto& people = lived().town.town;
  const book::AccountId nobody{book::kFirstFreeAccount + 99};
  const Report report = asked(lived().town, std::to_string(lived().sale), {people.resident.account, nobody});
  const auto json = boost::json::parse(to_json(report)).at("as_of");
  EXPECT_EQ(json.at("seq").as_int64(), lived().sale);
  const auto& one = json.at("accounts").as_array().at(0);
  EXPECT_EQ(one.at("account").as_string(), to_string(people.resident.account));
  EXPECT_EQ(one.at("balance").as_int64(), 20);
  EXPECT_EQ(one.at("available").as_int64(), 20);
  EXPECT_EQ(one.at("lots").as_array().at(0).at("points").as_int64(), 20);
  EXPECT_FALSE(json.at("accounts").as_array().at(1).at("opened").as_bool());

  const std::string zh = to_text(report, Lang::zh), en = to_text(report, Lang::en);
  EXPECT_THAT(en, HasSubstr("As of entry " + std::to_string(lived().sale) + " (2026-11-24 09:40:10)"));
  EXPECT_THAT(en, HasSubstr("2027-11-30 20"));
  EXPECT_THAT(en, HasSubstr("not open yet"));
  EXPECT_THAT(zh, HasSubstr("截至第 " + std::to_string(lived().sale) + " 条"));
  EXPECT_THAT(zh, HasSubstr("当时尚未开户"));
}

TEST(AsOf, TextsThatSayNoMomentAreRefused) {
  for (const char* wrong :
       {"", "x", "-1", "1.5", "2026-11-31", "2026-11-2", "2026-11-24T", "2026-11-24T18:30",
        "2026-11-24 18:30:00", "2026-11-24T24:00:00", "2026-11-24T18:60:00", "2026-11-24T18:30:60",
        "2026-11-24T18:30:0x", "2026-11-24T18:30:00Z"})
    EXPECT_EQ(AsOf::parse(wrong, {}).error().code, Code::malformed) << wrong;
}

}  // namespace
}  // namespace dfb::audit
