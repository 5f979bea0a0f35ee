// An operator who holds the log's key writes what no honest ledger would, and signs the tree over it. Hashes
// and checkpoint are in order; the rules are not.
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;

TEST(AuditOperator, EntriesReorderedInPlace) {
  auto l = lived();
  std::swap(l.town.entries[5], l.town.entries[6]);
  expect_at(audit_town(l.town), 5, What::number);
}

TEST(AuditOperator, EntriesReorderedAndRenumbered) {
  // The sale before the check-in that earned its points.
  auto l = lived();
  auto& entries = l.town.entries;
  std::swap(entries[static_cast<std::size_t>(l.check_in)], entries[static_cast<std::size_t>(l.sale)]);
  std::swap(entries[static_cast<std::size_t>(l.check_in)].time_us,
            entries[static_cast<std::size_t>(l.sale)].time_us);
  l.town.renumber();
  const Report report = audit_town(l.town);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings.front().entry, l.check_in) << lines(report);
}

TEST(AuditOperator, AnEntryDropped) {
  auto l = lived();
  l.town.entries.erase(l.town.entries.begin() + l.check_in);
  expect_at(audit_town(l.town), l.check_in, What::number);
}

TEST(AuditOperator, AnEntryDroppedAndTheRestRenumbered) {
  auto l = lived();
  l.town.entries.erase(l.town.entries.begin() + l.check_in);
  l.town.renumber();
  // Without the check-in the points of the sale were never earned.
  expect_at(audit_town(l.town), l.sale - 1, What::outcome);
}

TEST(AuditOperator, AnEnrolmentDropped) {
  auto l = lived();
  // The till's key, three entries after the first shop's; see Town::founding().
  l.town.entries.erase(l.town.entries.begin() + 11);
  l.town.renumber();
  expect_at(audit_town(l.town), l.sale - 1, What::signer);
}

TEST(AuditOperator, AnOutcomeChanged) {
  auto l = lived();
  std::string& outcome = l.town.entries[static_cast<std::size_t>(l.check_in)].outcome;
  const auto at = outcome.find("\"points\":50");
  ASSERT_NE(at, std::string::npos) << outcome;
  outcome.replace(at, 11, "\"points\":500");
  const Report report = audit_town(l.town);
  expect_at(report, l.check_in, What::outcome);
  EXPECT_NE(report.findings.front().expected.find("\"points\":50,"), std::string::npos) << lines(report);
  EXPECT_NE(report.findings.front().found.find("\"points\":500,"), std::string::npos) << lines(report);
}

TEST(AuditOperator, ARefusalTurnedIntoASale) {
  auto l = lived();
  l.town.entries[static_cast<std::size_t>(l.refused)].outcome = R"({"policy":1})";
  expect_at(audit_town(l.town), l.refused, What::outcome);
}

TEST(AuditOperator, APayloadChanged) {
  auto l = lived();
  std::string& payload = l.town.entries[static_cast<std::size_t>(l.award)].payload;
  const auto at = payload.find("\"points\":40");
  ASSERT_NE(at, std::string::npos);
  payload.replace(at, 11, "\"points\":41");
  expect_at(audit_town(l.town), l.award, What::signature);
}

TEST(AuditOperator, ASignatureByAnotherKey) {
  auto l = lived();
  auto& entry = l.town.entries[static_cast<std::size_t>(l.award)];
  entry.signatures[0].bytes =
      sign(l.town.town.server, SignedKind::payload, l.town.town.origin, entry.payload);
  expect_at(audit_town(l.town), l.award, What::signature);
}

TEST(AuditOperator, AnotherSignerThanBy) {
  auto l = lived();
  auto& entry = l.town.entries[static_cast<std::size_t>(l.award)];
  const PrivateKey& server = l.town.town.server;
  entry.signatures = {
      {server.public_key().id(), sign(server, SignedKind::payload, l.town.town.origin, entry.payload)}};
  expect_at(audit_town(l.town), l.award, What::form);
}

TEST(AuditOperator, AnUnknownSigner) {
  auto town = founded();
  const dfb::test::Member stranger{town.town.shop.account, dfb::test::test_key("stranger")};
  const auto seq = town.forge(town.town.redeem(town.town.resident, 10, stranger), R"({"policy":1})");
  const Report report = audit_town(town);
  expect_at(report, seq, What::signer);
}

TEST(AuditOperator, AKeyUsedBeforeItsEnrolment) {
  // Signatures are checked a chunk at a time; a key that comes later in the chunk is still unknown here.
  auto town = founded();
  auto& people = town.town;
  const PrivateKey late = dfb::test::test_key("late till");
  const auto seq =
      town.forge(people.redeem(people.resident, 10, {people.shop.account, late}), R"({"policy":1})");
  town.forge(people.sign(book::AddKey{people.shop.account, book::KeyUse::till, late.public_key().spki(), 0},
                         {&people.admin_a.key, &late}),
             "{}");
  expect_at(audit_town(town), seq, What::signer);
}

TEST(AuditOperator, APayCodeOfAnotherKey) {
  auto town = founded();
  auto& people = town.town;
  auto code = people.pay_code(people.resident, 10);
  code.signature = people.pay_code({people.resident.account, people.server}, 10).signature;
  const auto seq = town.forge(people.redeem(people.resident, 10, people.shop, code), R"({"policy":1})");
  expect_at(audit_town(town), seq, What::signature);
}

TEST(AuditOperator, TimeBackwards) {
  auto l = lived();
  l.town.entries[static_cast<std::size_t>(l.refund)].time_us = l.town.entries[0].time_us;
  expect_at(audit_town(l.town), l.refund, What::time);
}

TEST(AuditOperator, AWrongNumber) {
  auto l = lived();
  l.town.entries[8].seq = 9;
  expect_at(audit_town(l.town), 8, What::number);
}

TEST(AuditOperator, AWrongOrigin) {
  auto l = lived();
  l.town.entries[8].origin = "other.example/points";
  expect_at(audit_town(l.town), 8, What::origin);
}

TEST(AuditOperator, AnotherLogsGenesis) {
  AuditedTown town;
  AuditedTown other{Town(kTownOrigin, dfb::test::kTownLogVkey), {}, {}};
  other.found();
  town.entries = other.entries;
  const Report report = audit_town(town);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings[0].entry, 0);
  EXPECT_EQ(report.findings[0].what, What::log_key);
}

TEST(AuditOperator, AFirstEntryThatIsNoGenesis) {
  auto town = founded();
  town.entries.erase(town.entries.begin());
  town.renumber();
  expect_at(audit_town(town), 0, What::form);
}

TEST(AuditOperator, ASelfApprovedMint) {
  auto town = founded();
  book::Transfer mint;
  mint.kind = book::TransferKind::mint;
  mint.from = book::kIssuance, mint.to = town.town.budget, mint.points = {500};
  const auto seq = town.forge(town.town.sign(mint, {&town.town.admin_a.key}), R"({"policy":1})");
  expect_at(audit_town(town), seq, What::rule, "needs_second_person");
}

TEST(AuditOperator, AMintBySomebodyWithoutTheRole) {
  auto town = founded();
  book::Transfer mint;
  mint.kind = book::TransferKind::mint;
  mint.from = book::kIssuance, mint.to = town.town.budget, mint.points = {500};
  const auto seq =
      town.forge(town.town.sign(mint, {&town.town.officer.key, &town.town.admin_a.key}), R"({"policy":1})");
  expect_at(audit_town(town), seq, What::rule, "signer_not_allowed");
}

TEST(AuditOperator, AnAwardOverItsCap) {
  AuditedTown town;
  auto& people = town.town;
  people.policy.rules[0].caps[0].most = 1;
  town.found();
  book::Task second{"patrol-morning",
                    "patrol",
                    "/lijing",
                    people.now_us - kHourUs,
                    people.now_us + kDayUs,
                    people.budget,
                    {people.site.public_key().id()},
                    book::Review::none};
  town.send(people.sign(book::PublishTask{second}, {&people.officer.key}));
  const auto first = town.send(people.check_in(people.resident));
  const auto seq = town.forge(people.check_in(people.resident, "patrol-morning"),
                              town.entries[static_cast<std::size_t>(first)].outcome);
  expect_at(audit_town(town), seq, What::rule, "cap_account");
}

TEST(AuditOperator, ACheckInTwice) {
  auto l = lived();
  auto& entries = l.town.entries;
  const auto seq = l.town.forge(l.town.town.check_in(l.town.town.resident),
                                entries[static_cast<std::size_t>(l.check_in)].outcome);
  expect_at(audit_town(l.town), seq, What::rule, "fact_exists");
}

TEST(AuditOperator, APayCodeUsedTwice) {
  auto town = founded();
  auto& people = town.town;
  town.send(people.check_in(people.resident));
  const auto code = people.pay_code(people.resident, 10);
  const auto first = town.send(people.redeem(people.resident, 10, people.shop, code));
  const auto seq = town.forge(people.redeem(people.resident, 10, people.other_shop, code),
                              town.entries[static_cast<std::size_t>(first)].outcome);
  expect_at(audit_town(town), seq, What::rule, "code_used");
}

TEST(AuditOperator, ACommandTakenTwice) {
  auto l = lived();
  auto again = l.town.entries[static_cast<std::size_t>(l.check_in)];
  again.seq = l.town.size(), again.time_us = l.town.town.now_us;
  l.town.entries.push_back(again);
  expect_at(audit_town(l.town), again.seq, What::command_id);
}

TEST(AuditOperator, ARefundAboveTheSale) {
  auto l = lived();
  auto& town = l.town;
  const auto sale = book::parse_payload(town.entries[static_cast<std::size_t>(l.sale)].payload)->id;
  const auto seq = town.forge(town.town.refund(sale, town.town.resident, 21),
                              town.entries[static_cast<std::size_t>(l.refund)].outcome);
  expect_at(audit_town(town), seq, What::rule, "refund_exceeds_sale");
}

TEST(AuditOperator, ASaleAfterItsIdWasBurnt) {
  auto town = founded();
  auto& people = town.town;
  town.send(people.check_in(people.resident));
  const auto sale = people.redeem(people.resident, 10);
  town.send(people.cancel(sale.id));
  const auto seq = town.forge(sale, R"({"policy":1})");
  expect_at(audit_town(town), seq, What::rule, "id_burnt");
}

TEST(AuditOperator, AFaultAnywhereInALongLog) {
  // Read and checked ahead of the replay, a tile at a time; the first fault is still the one that is named.
  for (std::size_t seq : {40U, 255U, 256U, 299U}) {
    auto town = busy();
    town.entries[seq].outcome = R"({"policy":2})";
    town.entries.back().outcome = "{}";
    Task task = plain_task();
    task.tiles_at_once = 1;
    expect_at(audit_town(town, task), static_cast<std::int64_t>(seq), What::outcome);
  }
}

TEST(AuditOperator, AnOlderCheckpointOfAnotherHistory) {
  auto forked = lived().town;
  forked.entries.resize(static_cast<std::size_t>(lived().award));
  forked.entries.back().outcome = "{}";
  TempFolder folder;
  Task task = plain_task();
  task.older_checkpoint = forked.write(folder.path());
  const Report report = audit_town(lived().town, task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings.front().file, "older checkpoint");
  EXPECT_EQ(report.findings.front().what, What::root);
}

TEST(AuditOperator, ALogShorterThanItWas) {
  auto cut = lived().town;
  TempFolder folder;
  Task task = plain_task();
  task.older_checkpoint = cut.write(folder.path());
  cut.entries.pop_back();
  const Report report = audit_town(cut, task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings.front().what, What::size);
}

TEST(AuditOperator, AnOlderCheckpointThatIsNoneCouldNotBeChecked) {
  Task task = plain_task();
  task.older_checkpoint = "no checkpoint";
  EXPECT_EQ(audit_town(lived().town, task).verdict, Verdict::could_not_check);
}

}  // namespace
}  // namespace dfb::audit
