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
  EXPECT_EQ(report.quorum_size, town.size());
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

// A busy town: the newest checkpoint bears no cosignature, and `cosigned` is an older one.
constexpr const char* kTwo = "group two 2 station school council\nquorum two\n";

std::string cosigned_by_two(const AuditedTown& town, std::int64_t size, const PrivateKey& key = log_key()) {
  const TimeUs when = town.entries.back().time_us;
  return witness(1).cosign(witness(0).cosign(note_of(town, size, {key}), when), when);
}
Report audit_cosigned(const AuditedTown& town, const std::string& cosigned,
                      Task task = task_with(three() + kTwo)) {
  TempFolder folder;
  town.write(folder.path());
  dfb::test::write_log_file(folder.path(), "cosigned", cosigned);
  return audit_folder(folder.path(), std::move(task));
}
// Beside the quorum that is then still missing.
void expect_in_cosigned(const Report& report, What what) {
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 2U) << lines(report);
  EXPECT_EQ(report.findings[0].file, "cosigned");
  EXPECT_EQ(name(report.findings[0].what), name(what)) << lines(report);
  EXPECT_EQ(report.findings[1].file, "checkpoint");
  EXPECT_EQ(name(report.findings[1].what), name(What::quorum));
  EXPECT_FALSE(report.quorum_size);
}

TEST(AuditCosigned, AnOlderCheckpointBearsTheQuorum) {
  const auto town = lived().town;
  const Report report = audit_cosigned(town, cosigned_by_two(town, town.size() - 3));
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.quorum_size, town.size() - 3);
  ASSERT_EQ(report.witnessed.size(), 2U);
  EXPECT_EQ(report.witnessed[0].file, "cosigned");
  EXPECT_EQ(report.witnessed[0].size, town.size() - 3);
  EXPECT_TRUE(report.witnessed[0].after_us);
  const std::string size = std::to_string(town.size() - 3);
  const std::string en = "reached for the first " + size + " entries, not yet for the 3 after them";
  const std::string zh = "前 " + size + " 条已达到，其后 3 条尚未覆盖";
  const auto has = [](const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
  };
  EXPECT_TRUE(has(to_text(report, Lang::en), "two: 2 of (station, school, council): " + en));
  EXPECT_TRUE(has(to_text(report, Lang::zh), "two: 2 of (station, school, council)：" + zh));
  EXPECT_TRUE(has(to_html(report, Lang::zh), en) && has(to_html(report, Lang::zh), zh));
  EXPECT_TRUE(has(to_json(report), R"("reached":true,"size":)" + size + R"(,"uncovered":3})"));
}

TEST(AuditCosigned, TooFewThereAreAsTooFewUnderTheCheckpoint) {
  const auto town = lived().town;
  const auto one =
      witness(0).cosign(note_of(town, town.size() - 3, {log_key()}), town.entries.back().time_us);
  const Report report = audit_cosigned(town, one);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings[0].what, What::quorum);
  EXPECT_EQ(report.witnessed.size(), 1U);
}

TEST(AuditCosigned, WhatContradictsTheTreeIsFound) {
  const auto town = lived().town;
  auto forked = town;
  forked.entries[1].outcome = R"({"policy":9})";
  expect_in_cosigned(audit_cosigned(town, cosigned_by_two(forked, town.size() - 3)), What::root);
  auto longer = town;
  longer.send(longer.town.award(longer.town.sibling, 1));
  expect_in_cosigned(audit_cosigned(town, cosigned_by_two(longer, longer.size())), What::size);
  expect_in_cosigned(audit_cosigned(town, "nonsense"), What::form);
  expect_in_cosigned(audit_cosigned(town, std::string(log::kNoteBytesMax + 1, 'x')), What::form);
  const auto stranger = PrivateKey::generate(Algorithm::ed25519);
  expect_in_cosigned(audit_cosigned(town, cosigned_by_two(town, 5, stranger)), What::signature);
  auto forged = log::parse_note(cosigned_by_two(town, town.size() - 3)).value();
  forged.signatures[1].bytes[30] ^= 1;
  expect_in_cosigned(audit_cosigned(town, log::format_note(forged)), What::signature);
}

// A size that no sum may run over with, also where an earlier run's state is read.
TEST(AuditCosigned, TheLargestSizeThereIsIsFound) {
  TempFolder folder;
  Task task = task_with(three() + kTwo);
  task.state_file = folder.path("state");
  ASSERT_EQ(audit_cosigned(busy(), cosigned_by_two(busy(), 299), task).verdict, Verdict::sound);
  const std::string note = log::sign_checkpoint({kTownOrigin, INT64_MAX, Hash{}}, log_key());
  const Report report = audit_cosigned(busy(), witness(0).cosign(note, busy().town.now_us), task);
  EXPECT_EQ(report.resumed, 300);
  expect_in_cosigned(report, What::size);
}

TEST(AuditCosigned, WithTheQuorumUnderTheCheckpointItIsNotAskedFor) {
  const auto town = lived().town;
  for (const bool policy : {true, false}) {
    TempFolder folder;
    town.write(folder.path());
    dfb::test::write_log_file(folder.path(), "checkpoint", cosigned_by_two(town, town.size()));
    std::filesystem::create_directory(folder.path("cosigned"));  // cannot be read
    const Report report = audit_folder(folder.path(), policy ? task_with(three() + kTwo) : plain_task());
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    EXPECT_EQ(report.witnessed.size(), policy ? 2U : 0U);
  }
}

TEST(AuditCosigned, WhatDoesNotArriveSaysNothing) {
  TempFolder folder;
  lived().town.write(folder.path());
  std::filesystem::create_directory(folder.path("cosigned"));
  const Report report = audit_folder(folder.path(), task_with(three() + kTwo));
  EXPECT_EQ(report.verdict, Verdict::could_not_check) << lines(report);
}

// Between any two questions the log grows, and its witnesses follow.
class GrowingLog final : public Source {
 public:
  explicit GrowingLog(const AuditedTown& town) : town_(town) {}
  Result<std::string> read(const std::string& path, std::size_t bytes_max) override {
    ++size_;
    if (path == "cosigned") return cosigned_by_two(town_, size_ - 1);
    if (path == "checkpoint") return note_of(town_, checkpoint_size_ = size_, {log_key()});
    auto of_then = town_;
    of_then.entries.resize(static_cast<std::size_t>(checkpoint_size_));
    TempFolder folder;
    of_then.write(folder.path());
    return folder_source(folder.path())->read(path, bytes_max);
  }

 private:
  const AuditedTown& town_;
  std::int64_t size_ = 20, checkpoint_size_ = 0;
};

TEST(AuditCosigned, AGrowingLogShowsNoneThatIsLargerThanItsCheckpoint) {
  GrowingLog log(busy());
  const Report report = audit(log, task_with(three() + kTwo));
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.checkpoint->size, 22);
  EXPECT_EQ(report.quorum_size, 20);
}

// Whether or not the one who makes it brings a policy.
TEST(AuditCosigned, ACopyKeepsItAndALaterRunGoesOn) {
  TempFolder folder;
  const std::string log = folder.path("log"), copy = folder.path("copy");
  busy().write(log);
  dfb::test::write_log_file(log, "cosigned", cosigned_by_two(busy(), 130));
  const auto from = folder_source(log);
  ASSERT_EQ(audit(*saving_source(*from, copy), plain_task()).verdict, Verdict::sound);
  Task task = task_with(three() + kTwo);
  task.state_file = folder.path("state");
  for (const std::int64_t resumed : {0, 300}) {
    const Report report = audit_folder(copy, task);
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    EXPECT_EQ(report.resumed, resumed);
    EXPECT_EQ(report.quorum_size, 130);
    EXPECT_EQ(report.witnessed.at(0).after_us, busy().entries[130].time_us);
  }
  task.tree_only = true;
  EXPECT_EQ(audit_folder(copy, task).quorum_size, 130);
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
