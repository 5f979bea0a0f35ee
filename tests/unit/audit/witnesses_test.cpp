// Witnesses by the auditor's own policy file, and what was seen of the log before.
#include "ledger/audit/report.h"
#include "ledger/log/cosignature.h"
#include "ledger/log/receipt.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;

struct TestWitness {
  std::string name;
  PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  std::string line() const {
    return "witness " + name + " " +
           log::format_vkey(
               log::make_vkey(name + ".example", log::NoteKeyType::cosignature, key.public_key())) +
           "\n";
  }
  std::string cosign(const std::string& note, TimeUs time_us) const {
    const std::string text = log::parse_note(note)->text;
    return note + log::cosign(text, name + ".example", key, time_us / kSecondUs);
  }
};

const TestWitness& witness(std::size_t i) {
  static const std::vector<TestWitness> all = {{"station"}, {"school"}, {"council"}};
  return all[i];
}
std::string three() { return witness(0).line() + witness(1).line() + witness(2).line(); }

Report audit_note(const AuditedTown& town, const std::string& note, Task task) {
  TempFolder folder;
  town.write(folder.path());
  dfb::test::write_log_file(folder.path(), "checkpoint", note);
  return audit_folder(folder.path(), std::move(task));
}
Task task_with(const std::string& policy) {
  Task task = plain_task();
  task.witnesses = parse_witness_policy(policy).value();
  return task;
}

TEST(WitnessPolicy, IsReadLineByLine) {
  const auto policy = parse_witness_policy(
      "# ours\n" + three() + "log " + log::format_vkey(vkey_of(log_key())) + " https://bq.example/log\n\n" +
      "group two 2 station school council # of three\n"
      "group town all two station\nquorum town\n");
  ASSERT_TRUE(policy) << to_string(policy.error());
  EXPECT_EQ(policy->witnesses.size(), 3U);
  EXPECT_EQ(policy->logs.size(), 1U);
  EXPECT_EQ(quorum_text(*policy), "town: 2 of (two, station)");
  EXPECT_FALSE(has_quorum(*policy, {{1, 0}, {2, 0}}));
  EXPECT_FALSE(has_quorum(*policy, {{0, 0}}));
  EXPECT_TRUE(has_quorum(*policy, {{0, 0}, {2, 0}}));
}

TEST(WitnessPolicy, OneWitnessTwiceIsOne) {
  const auto policy = parse_witness_policy(three() + "group two 2 station school\nquorum two\n").value();
  EXPECT_FALSE(has_quorum(policy, {{0, 1}, {0, 2}}));
}

TEST(WitnessPolicy, NoneNeedsNone) {
  const auto policy = parse_witness_policy("quorum none\n").value();
  EXPECT_TRUE(has_quorum(policy, {}));
  EXPECT_EQ(quorum_text(policy), "none");
}

TEST(WitnessPolicy, WhatBreaksItsRulesIsNamedByItsLine) {
  for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "no quorum line"},
           {"quorum station\n", "line 1: the quorum was not defined before"},
           {three() + "quorum station\nquorum school\n", "line 5: a second quorum line"},
           {three() + "group g 4 station school council\nquorum g\n", "line 4: "},
           {three() + "group g 0 station\nquorum g\n", "line 4: "},
           {three() + "group g any nobody\nquorum g\n", "no witness or group nobody"},
           {three() + "group g any g\nquorum g\n", "no witness or group g"},
           {three() + "group g any station station\nquorum g\n", "a member stands twice"},
           {three() + "group station any school\nquorum none\n", "a name is defined twice"},
           {three() + "group none any school\nquorum none\n", "the name none is taken"},
           {witness(0).line() + witness(0).line() + "quorum none\n", "line 2: a name is defined twice"},
           {"witness a " + log::format_vkey(vkey_of(log_key())) + "\nquorum none\n", "cosignature type"},
           {"log nonsense\nquorum none\n", "line 1: "},
           {"frobnicate\nquorum none\n", "line 1: neither log"}}) {
    const auto policy = parse_witness_policy(text);
    ASSERT_FALSE(policy) << text;
    EXPECT_NE(policy.error().detail.find(why), std::string::npos) << policy.error().detail;
  }
}

TEST(AuditWitnesses, AQuorumIsReported) {
  const auto town = lived().town;
  const TimeUs when = town.entries.back().time_us + kMinuteUs;
  std::string note = note_of(town, town.size(), {log_key()});
  note = witness(2).cosign(witness(0).cosign(note, when), when + kSecondUs);
  const Report report =
      audit_note(town, note, task_with(three() + "group two 2 station school council\nquorum two\n"));
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_TRUE(report.has_quorum);
  ASSERT_EQ(report.witnessed.size(), 2U);
  EXPECT_EQ(report.witnessed[0].witness, "station");
  EXPECT_EQ(report.witnessed[0].time_us, when);
  EXPECT_EQ(report.witnessed[0].before_us, town.entries.back().time_us);
  EXPECT_EQ(report.witnessed[1].witness, "council");
}

TEST(AuditWitnesses, TooFewAreFound) {
  const auto town = lived().town;
  const std::string note =
      witness(0).cosign(note_of(town, town.size(), {log_key()}), town.entries.back().time_us);
  const Report report =
      audit_note(town, note, task_with(three() + "group two 2 station school council\nquorum two\n"));
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings[0].what, What::quorum);
  EXPECT_EQ(report.findings[0].expected, "two: 2 of (station, school, council)");
}

TEST(AuditWitnesses, AForgedCosignatureIsFound) {
  const auto town = lived().town;
  auto note =
      log::parse_note(witness(0).cosign(note_of(town, town.size(), {log_key()}), town.town.now_us)).value();
  note.signatures[1].bytes[30] ^= 1;
  const Report report = audit_note(town, log::format_note(note), task_with(three() + "quorum none\n"));
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(report.findings[0].what, What::signature) << lines(report);
}

TEST(AuditWitnesses, AStrangersCosignatureIsIgnored) {
  const auto town = lived().town;
  const std::string note = witness(1).cosign(note_of(town, town.size(), {log_key()}), town.town.now_us);
  const Report report = audit_note(town, note, task_with(witness(0).line() + "quorum none\n"));
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_TRUE(report.witnessed.empty());
}

TEST(AuditWitnesses, AnEntryLaterThanWhoSawItIsFound) {
  const auto town = lived().town;
  const TimeUs last_us = town.entries.back().time_us;
  for (const auto& [early_us, found] : {std::pair(14 * kMinuteUs, false), std::pair(16 * kMinuteUs, true)}) {
    const std::string note = witness(0).cosign(note_of(town, town.size(), {log_key()}), last_us - early_us);
    const Report report = audit_note(town, note, task_with(three() + "quorum station\n"));
    EXPECT_EQ(report.verdict, found ? Verdict::unsound : Verdict::sound) << lines(report);
    if (!found) continue;
    EXPECT_EQ(report.findings[0].entry, town.size() - 1);
    EXPECT_EQ(report.findings[0].what, What::time);
  }
}

TEST(AuditWitnesses, AnEntryDatedForwardContradictsAnOlderCosignature) {
  // The witness saw it a day before the time that the log now says.
  const auto town = lived().town;
  Task task = task_with(three() + "quorum none\n");
  const std::int64_t size = town.size() - 2;
  task.seen = {
      {"kept", witness(1).cosign(note_of(town, size, {log_key()}), town.entries[0].time_us - kDayUs)}};
  const Report report = audit_town(town, task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings[0].entry, size - 1);
  EXPECT_EQ(report.findings[0].file, "kept");
}

// What two administrators sign may be entered days later, so the command leaves its date open. The witness had not
// seen it yet.
TEST(AuditWitnesses, AnEntryDatedBackIsListedBesideTheOlderCosignature) {
  for (const auto& [back_us, listed] : {std::pair(14 * kMinuteUs, false), std::pair(2 * kDayUs, true)}) {
    AuditedTown town = founded();
    auto& p = town.town;
    p.now_us += kHourUs;
    const auto size = town.send(p.award(p.resident, 5)) + 1;
    const TimeUs cosigned_us = p.now_us + back_us;
    const auto kept = witness(1).cosign(note_of(town, size, {log_key()}), cosigned_us);
    // Entered after the cosignature, under a time before it.
    const auto policy = p.publish(p.policy);
    book::Payload payload = book::parse_payload(policy.payload).value();
    payload.not_after_us = cosigned_us + kMinuteUs;
    ++std::get<book::PublishPolicy>(payload.body).policy.version;
    town.send(p.sign(payload, {&p.admin_a.key, &p.admin_b.key}));
    Task task = task_with(three() + "quorum none\n");
    task.seen = {{"kept", kept}};
    const Report report = audit_town(town, task);
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    ASSERT_EQ(report.witnessed.size(), 1U);
    EXPECT_EQ(report.witnessed[0].size, size);
    EXPECT_EQ(report.witnessed[0].dated_back_us, listed ? back_us : 0);
    const std::string words = "is dated 2,880 minutes before school signed";
    EXPECT_EQ(to_text(report, Lang::en).find(words) != std::string::npos, listed);
    EXPECT_EQ(to_html(report, Lang::zh).find(words) != std::string::npos, listed);
    EXPECT_EQ(to_json(report).find("\"dated_back_us\":172800000000") != std::string::npos, listed);
  }
}

// Inclusion is proven by the tree of the entries that the folder holds.
class FolderTiles final : public log::TileReader {
 public:
  explicit FolderTiles(const std::string& folder) : source_(folder_source(folder)) {}
  Result<std::string> tile(int level, std::int64_t index, int width) override {
    return source_->read(log::format_tile_path({.level = level, .index = index, .width = width}), 8192);
  }

 private:
  std::unique_ptr<Source> source_;
};

std::string receipt_for(const AuditedTown& town, std::int64_t index) {
  TempFolder folder;
  const std::string note = town.write(folder.path());
  FolderTiles tiles(folder.path());
  return log::format_receipt(
      {index, log::inclusion_path(index, town.size(), tiles).value(), log::parse_note(note).value(), ""});
}

TEST(AuditSeen, CheckpointsAndReceiptsAreContinued) {
  Task task = plain_task();
  AuditedTown older = busy();
  older.entries.resize(280);
  task.seen = {{"one", note_of(busy(), 3, {log_key()})},
               {"two", note_of(busy(), 257, {log_key()})},
               {"three", receipt_for(older, 130)}};
  const Report report = audit_town(busy(), task);
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.seen,
            (std::vector<std::pair<std::string, std::int64_t>>{{"one", 3}, {"two", 257}, {"three", 280}}));
}

TEST(AuditSeen, WhatTheLogDoesNotContinueIsNamed) {
  auto forked = busy();
  forked.entries[1].outcome = R"({"policy":9})";
  for (const std::string& text : {note_of(forked, 40, {log_key()}), receipt_for(forked, 20)}) {
    Task task = plain_task();
    task.seen = {{"kept/at/home", text}};
    const Report report = audit_town(busy(), task);
    EXPECT_EQ(report.verdict, Verdict::unsound);
    ASSERT_EQ(report.findings.size(), 1U) << lines(report);
    EXPECT_EQ(report.findings[0].file, "kept/at/home");
    EXPECT_EQ(report.findings[0].what, What::root);
  }
}

TEST(AuditSeen, AReceiptsOwnPathCounts) {
  auto receipt = log::parse_receipt(receipt_for(busy(), 20)).value();
  receipt.path[2].bytes[0] ^= 1;
  Task task = plain_task();
  task.seen = {{"kept", log::format_receipt(receipt)}};
  EXPECT_EQ(audit_town(busy(), task).verdict, Verdict::unsound);
  receipt = log::parse_receipt(receipt_for(busy(), 20)).value();
  receipt.index = 21;
  task.seen = {{"kept", log::format_receipt(receipt)}};
  EXPECT_EQ(audit_town(busy(), task).verdict, Verdict::unsound);
}

TEST(AuditSeen, WhatIsNoCheckpointCouldNotBeChecked) {
  Task task = plain_task();
  task.seen = {{"kept", "nonsense"}};
  const Report report = audit_town(lived().town, task);
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  EXPECT_NE(report.could_not->detail.find("kept"), std::string::npos);
}

}  // namespace
}  // namespace dfb::audit
