// The log's own key changes: which signatures count, and what ties a log to the key that somebody has pinned.
#include "ledger/audit/log_keys.h"
#include "ledger/book/log_keys.h"
#include "ledger/log/cosignature.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;

const PrivateKey& next_key() {
  static const PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  return key;
}

// The key changes at entry `rotated`, and both sign for a day from there.
struct Rotated {
  AuditedTown town;
  std::int64_t rotated = 0;

  Rotated() {
    town.found();
    auto& p = town.town;
    rotated = town.send(p.sign(book::NextLogKey{log::format_vkey(vkey_of(next_key())), p.now_us + kDayUs},
                               {&p.roots[0], &p.roots[1]}));
    town.send(p.award(p.resident, 10));
  }
  void end_overlap() {
    town.town.now_us += kDayUs;
    town.send(town.town.award(town.town.resident, 10));
  }
  Report audit(std::vector<PrivateKey> signers, Task task) const {
    TempFolder folder;
    town.write(folder.path());
    dfb::test::write_log_file(folder.path(), "checkpoint", note_of(town, town.size(), std::move(signers)));
    return audit_folder(folder.path(), std::move(task));
  }
  Hash genesis() const { return log::leaf_hash(town.leaves()[0]); }
};

// Who writes the log and who audits it have to mean the same keys, at every size.
TEST(AuditKeys, TheBookAndTheAuditorMeanTheSameKeys) {
  AuditedTown town;
  LogKeys named;
  auto& p = town.town;
  int compared = 0;
  const auto compare = [&] {
    const auto row = town.ledger.rows().get<book::LedgerRow>({1}).value();
    std::vector<std::string> auditors;
    for (const log::Vkey& key : named.in_force(row.size, row.last_time_us))
      auditors.push_back(log::format_vkey(key));
    EXPECT_EQ(book::log_keys_in_force(row), auditors) << row.size;
    ++compared;
  };
  EXPECT_TRUE(book::log_keys_in_force({}).empty());
  const auto founding = p.founding();
  town.send(founding.front());
  ASSERT_TRUE(named.name(p.log_vkey, 1, 0));
  compare();
  for (std::size_t i = 1; i < founding.size(); ++i) town.send(founding[i]), compare();
  const PrivateKey keys[] = {next_key(), log_key(), PrivateKey::generate(Algorithm::ed25519)};
  for (const PrivateKey& key : keys) {
    const TimeUs until = p.now_us + kDayUs;
    const std::string vkey = log::format_vkey(vkey_of(key));
    ASSERT_GE(town.send(p.sign(book::NextLogKey{vkey, until}, {&p.roots[0], &p.roots[1]})), 0);
    ASSERT_TRUE(named.name(vkey, town.size(), until));
    compare();
    for (const TimeUs at : {until - 1, until, until + 1}) {
      p.now_us = at;
      town.send(p.award(p.resident, 1));
      compare();
    }
  }
  EXPECT_EQ(compared, int(founding.size()) + 12);
}

TEST(AuditKeys, BothSignDuringTheOverlap) {
  const Rotated r;
  EXPECT_EQ(r.audit({log_key(), next_key()}, plain_task()).verdict, Verdict::sound);
  EXPECT_EQ(r.audit({log_key(), next_key()}, plain_task(next_key())).verdict, Verdict::sound);
  const Report report = r.audit({log_key()}, plain_task());
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings[0].file, "checkpoint");
  EXPECT_EQ(report.findings[0].what, What::signature);
}

TEST(AuditKeys, TheLaterKeyAloneSignsAfterwards) {
  Rotated r;
  r.end_overlap();
  EXPECT_EQ(r.audit({next_key()}, plain_task(next_key())).verdict, Verdict::sound);
  const Report report = r.audit({log_key()}, plain_task());
  EXPECT_EQ(report.verdict, Verdict::unsound) << "the former key signs no more";
  EXPECT_EQ(report.findings[0].what, What::signature) << lines(report);
}

TEST(AuditKeys, AnOldPinIsFollowedWhereSomethingTiesItToTheLog) {
  Rotated r;
  r.end_overlap();
  const Report untied = r.audit({next_key()}, plain_task());
  EXPECT_EQ(untied.verdict, Verdict::could_not_check) << lines(untied);
  Task pinned = plain_task();
  pinned.genesis = r.genesis();
  EXPECT_EQ(r.audit({next_key()}, pinned).verdict, Verdict::sound);
  Task seen = plain_task();
  seen.seen = {{"kept", note_of(r.town, 5, {log_key()})}};
  const Report tied = r.audit({next_key()}, seen);
  EXPECT_EQ(tied.verdict, Verdict::sound) << lines(tied);
  EXPECT_EQ(tied.seen.size(), 1U);
}

TEST(AuditKeys, AnotherGenesisIsFound) {
  const Rotated r;
  Task task = plain_task();
  task.genesis = Hash{};
  const Report report = r.audit({log_key(), next_key()}, task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(report.findings[0].entry, 0);
}

TEST(AuditKeys, OldCheckpointsCountUnderTheKeysOfTheirTime) {
  Rotated r;
  r.end_overlap();
  struct Case {
    std::int64_t size;
    PrivateKey key;
    bool right;
  };
  for (const Case& c : {Case{r.rotated, log_key(), true}, Case{r.rotated, next_key(), false},
                        Case{r.rotated + 1, log_key(), true}, Case{r.rotated + 1, next_key(), true},
                        Case{r.town.size(), log_key(), false}, Case{r.town.size(), next_key(), true}}) {
    Task task = plain_task(next_key());
    task.seen = {{"kept", note_of(r.town, c.size, {c.key})}};
    const Report report = r.audit({next_key()}, task);
    EXPECT_EQ(report.verdict, c.right ? Verdict::sound : Verdict::unsound) << c.size << "\n" << lines(report);
  }
}

// It counts under the keys of its time too, but ties the log to nobody: the log itself shows it.
TEST(AuditKeys, TheCosignedCheckpointCountsUnderTheKeysOfItsTime) {
  Rotated r;
  r.end_overlap();
  const auto witness = PrivateKey::generate(Algorithm::ed25519);
  const auto vkey = log::make_vkey("station.example", log::NoteKeyType::cosignature, witness.public_key());
  const auto audit = [&](std::int64_t size, const PrivateKey& key, Task task) {
    TempFolder folder;
    r.town.write(folder.path());
    dfb::test::write_log_file(folder.path(), "checkpoint", note_of(r.town, r.town.size(), {next_key()}));
    std::string note = note_of(r.town, size, {key});
    note += log::cosign(log::parse_note(note)->text, vkey.name, witness, r.town.town.now_us / kSecondUs);
    dfb::test::write_log_file(folder.path(), "cosigned", note);
    task.witnesses =
        parse_witness_policy("witness station " + log::format_vkey(vkey) + "\nquorum station\n").value();
    return audit_folder(folder.path(), std::move(task));
  };
  for (const std::int64_t size : {r.rotated, r.rotated + 1}) {
    const Report report = audit(size, log_key(), plain_task(next_key()));
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    EXPECT_EQ(report.quorum_size, size);
  }
  EXPECT_EQ(audit(r.town.size(), log_key(), plain_task(next_key())).verdict, Verdict::unsound);
  EXPECT_EQ(audit(r.rotated, next_key(), plain_task(next_key())).verdict, Verdict::unsound);
  EXPECT_EQ(audit(r.rotated, log_key(), plain_task()).verdict, Verdict::could_not_check);
}

TEST(AuditKeys, AForgedLogCannotHideBehindTheOldPin) {
  // Somebody else's roots, the pinned vkey in the genesis, and a change to a key of their own.
  Rotated r;
  r.end_overlap();
  Task task = plain_task();
  task.genesis = log::leaf_hash("another first entry");
  EXPECT_EQ(r.audit({next_key()}, task).verdict, Verdict::unsound);
  const PrivateKey stranger = PrivateKey::generate(Algorithm::ed25519);
  EXPECT_EQ(r.audit({next_key()}, plain_task(stranger)).verdict, Verdict::unsound);
}

TEST(AuditKeys, TheTreeAloneKnowsTheGivenKey) {
  Rotated r;
  r.end_overlap();
  Task task = plain_task(next_key());
  task.tree_only = true;
  EXPECT_EQ(r.audit({next_key()}, task).verdict, Verdict::sound);
  task = plain_task();
  task.tree_only = true;
  EXPECT_EQ(r.audit({next_key()}, task).verdict, Verdict::unsound);
}

}  // namespace
}  // namespace dfb::audit
