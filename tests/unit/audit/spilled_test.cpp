// An audit in next to no memory finds, counts and says what it does with enough of it.
#include "ledger/audit/key_directory.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/report.h"
#include "ledger/audit/signatures.h"
#include "ledger/audit/state_file.h"
#include "tests/golden/ledger_files.h"
#include "tests/unit/audit/faults.h"
#include "tests/unit/audit/full_disk.h"

namespace dfb::audit {
namespace {

using namespace test;

constexpr std::size_t kTiny = 2'000;  // a few rows a table
constexpr const char* kGolden = DFB_GOLDEN_DIR "/ledger-v1";

Task tiny_task(const TempFolder& folder) {
  Task task = plain_task();
  task.memory = {kTiny, folder.path()};
  task.tiles_at_once = 1;  // rows leave the replay's own memory after 256 entries
  return task;
}

std::string all_of(const Report& report) {
  return to_json(report) + to_text(report, Lang::en) + to_text(report, Lang::zh);
}

// Entry by entry, so that every rule's question goes to the rows.
struct Stepped {
  explicit Stepped(const MemoryLimit& limit, std::string origin = kTownOrigin)
      : origin_(origin), replay(std::move(origin), {}, limit) {}

  bool step(const log::EntryText& text) {
    std::vector<CheckedEntry> one;
    one.emplace_back(text);
    if (one.front().parsed) keys_.learn(one.front().parsed->command().payload.body);
    check_signatures(one.front(), keys_);
    finding = replay.run(one);
    return !finding;
  }
  void run(const std::vector<log::EntryText>& entries) {
    for (const auto& text : entries)
      if (!step(text)) return;
    finding = replay.close();
  }

  std::string origin_;
  KeyDirectory keys_;
  Replay replay;
  std::optional<Finding> finding;
};

std::string report_of(const Stepped& stepped) {
  Report report;
  report.verdict = stepped.finding ? Verdict::unsound : Verdict::sound;
  report.checkpoint = log::Checkpoint{stepped.origin_, stepped.replay.size(), {}};
  report.replayed = stepped.replay.size();
  report.figures = stepped.replay.figures();
  return all_of(report);
}

std::vector<log::EntryText> golden_entries() {
  const std::string bundle = dfb::test::read_golden(kGolden, "entries.bundle");
  const auto note = log::parse_note(dfb::test::read_golden(kGolden, "checkpoint")).value();
  const auto size = static_cast<int>(log::parse_checkpoint(note.text).value().size);
  std::vector<log::EntryText> entries;
  for (const std::string_view text : log::parse_bundle(bundle, size).value())
    entries.push_back(log::parse_entry_text(text).value());
  return entries;
}

std::string golden_vkey() {
  const std::string text = dfb::test::read_golden(kGolden, "log.vkey");
  return text.substr(0, text.find('\n'));
}

TEST(AuditSpilled, TheGoldenLedgerReadsTheSame) {
  TempFolder folder;
  const auto entries = golden_entries();
  Stepped roomy({}, entries[0].origin), tiny({kTiny, folder.path()}, entries[0].origin);
  roomy.run(entries), tiny.run(entries);
  EXPECT_FALSE(tiny.finding) << to_line(*tiny.finding, Lang::en);
  EXPECT_EQ(roomy.replay.rows().runs(), 0U);
  EXPECT_GT(tiny.replay.rows().runs(), 5U);
  EXPECT_EQ(report_of(tiny), report_of(roomy));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(AuditSpilled, TheGoldenLedgersReportIsTheSame) {
  TempFolder folder;
  const std::string log = folder.path("log");
  std::filesystem::create_directory(folder.path("temp"));
  std::vector<std::string> leaves;
  for (const auto& entry : golden_entries()) leaves.push_back(log::format_entry_text(entry).value());
  dfb::test::write_log(log, leaves, kTownOrigin, log_key());
  dfb::test::write_log_file(log, "checkpoint", dfb::test::read_golden(kGolden, "checkpoint"));
  Task task{.key = log::parse_vkey(golden_vkey()).value()};
  const Report roomy = audit_folder(log, task);
  ASSERT_EQ(roomy.verdict, Verdict::sound) << lines(roomy);
  task.memory = {kTiny, folder.path("temp")};
  EXPECT_EQ(all_of(audit_folder(log, task)), all_of(roomy));
  task.state_file = folder.path("state");
  EXPECT_EQ(all_of(audit_folder(log, task)), all_of(roomy));
  Report resumed = audit_folder(log, task);
  EXPECT_EQ(std::exchange(resumed.resumed, 0), static_cast<std::int64_t>(leaves.size()));
  EXPECT_EQ(all_of(resumed), all_of(roomy));
}

// Every fault that the other suites plant: found where it stands, for what it is.
TEST(AuditSpilled, PlantedFaultsAreFound) {
  TempFolder folder;
  int planted_count = 0;
  for (const auto* faults : {&faults_of_bytes(), &faults_of_people(), &faults_of_awards(),
                             &faults_of_spending(), &faults_of_treasury()})
    for (const Fault& fault : *faults) {
      if (++planted_count % 3 != 0) continue;
      SCOPED_TRACE(fault.name);
      AuditedTown town = founded();
      const Planted planted = fault.plant(town);
      if (planted.what == What::root) continue;  // the tree's affair
      Stepped tiny({kTiny, folder.path()});
      tiny.run(town.entries);
      ASSERT_TRUE(tiny.finding);
      EXPECT_EQ(tiny.finding->entry, planted.entry) << to_line(*tiny.finding, Lang::en);
      EXPECT_EQ(name(tiny.finding->what), name(planted.what)) << to_line(*tiny.finding, Lang::en);
      EXPECT_EQ(tiny.finding->rule, planted.rule);
      EXPECT_EQ(tiny.replay.rows().runs() > 0, planted.entry > 0);
    }
  EXPECT_GT(planted_count, 30);
}

// The first stands in the first chunk of entries, and has left memory when the second comes.
AuditedTown with_a_sale_and_a_check_in(SignedLine& sale) {
  AuditedTown town;
  auto& people = town.town;
  people.policy.limits.code_points_day = people.policy.limits.code_count_day = 100'000;
  town.found();
  town.send(people.check_in(people.resident));
  for (int i = 0; i < 5; ++i) town.send(people.award(people.resident, 100));
  sale = people.redeem(people.resident, 1);
  town.send(sale);
  while (town.size() < 260) {
    people.now_us += 6 * kSecondUs;
    town.send(people.redeem(people.resident, 1));
  }
  return town;
}

TEST(AuditSpilled, ADuplicateCommandIsFoundAcrossRuns) {
  TempFolder folder;
  SignedLine sale;
  AuditedTown town = with_a_sale_and_a_check_in(sale);
  const auto outcome = town.entries[static_cast<std::size_t>(town.size() - 1)].outcome;
  const auto seq = town.forge(sale, outcome);
  expect_at(audit_town(town, tiny_task(folder)), seq, What::command_id);
}

TEST(AuditSpilled, ADuplicateFactIsFoundAcrossRuns) {
  TempFolder folder;
  SignedLine sale;
  AuditedTown town = with_a_sale_and_a_check_in(sale);
  const auto seq = town.forge(town.town.check_in(town.town.resident), R"({"policy":1,"points":50})");
  expect_at(audit_town(town, tiny_task(folder)), seq, What::rule, "fact_exists");
}

TEST(AuditSpilled, AStateIsResumedAcrossRuns) {
  const std::string full = all_of(audit_town(busy()));
  for (const std::int64_t cut : {20, 257, 300}) {
    TempFolder folder;
    std::filesystem::create_directory(folder.path("temp"));
    Task task = plain_task();
    task.memory = {kTiny, folder.path("temp")};
    task.tiles_at_once = 1;
    task.state_file = folder.path("state");
    AuditedTown town = busy();
    town.entries.resize(static_cast<std::size_t>(cut));
    ASSERT_EQ(audit_town(town, task).verdict, Verdict::sound) << cut;
    Report resumed = audit_town(busy(), task);
    EXPECT_EQ(std::exchange(resumed.resumed, 0), cut);
    EXPECT_EQ(all_of(resumed), full) << cut;
    // And the other way round: what was written in little memory is read in much of it, byte for byte the
    // same.
    const std::string state = folder.read("state");
    task.memory = {};
    EXPECT_EQ(audit_town(busy(), task).verdict, Verdict::sound);
    EXPECT_EQ(folder.read("state"), state);
  }
}

// Half of the sales pass the day's limit, so that counters and refusals leave memory.
TEST(AuditSpilled, APolicyOnTrialCountsTheSame) {
  TempFolder folder;
  AuditedTown town = busy();
  book::Policy policy = town.town.policy;
  policy.limits.code_points_day = 120;
  const auto trial_policy = TrialPolicy::parse(town.town.publish(policy).payload).value();
  const auto figures_of = [&](const MemoryLimit& limit, std::size_t& runs) {
    Stepped stepped(limit);
    Trial trial(trial_policy, 0, limit);
    stepped.replay.set_trial(&trial);
    stepped.run(busy().entries);
    EXPECT_FALSE(stepped.finding);
    runs = trial.rows().runs();
    Report report;
    report.trial = trial.figures();
    return to_json(report);
  };
  std::size_t roomy_runs = 0, tiny_runs = 0;
  const std::string roomy = figures_of({}, roomy_runs);
  EXPECT_NE(roomy.find("limit_per_day"), std::string::npos) << roomy;
  EXPECT_EQ(figures_of({kTiny, folder.path()}, tiny_runs), roomy);
  EXPECT_EQ(roomy_runs, 0U);
  EXPECT_GT(tiny_runs, 3U);
}

TEST(AuditSpilled, ATrialsNotesAreReadAsTheyWerePut) {
  TempFolder folder;
  TrialRows rows({kTiny, folder.path()});
  const auto id = [](int i) {
    Uuid made;
    made.bytes[3] = static_cast<std::uint8_t>(i);
    return made;
  };
  for (int i = 0; i < 100; ++i) rows.put_review(id(i), "rule " + std::to_string(i));
  for (int i = 50; i < 150; ++i) rows.put_refused(id(i), i % 2 ? Code::cap_account : Code::limit_per_day);
  rows.put_refused(id(60), Code::cap_account);
  for (int i = 0; i < 151; ++i) {
    EXPECT_EQ(rows.review(id(i)), i < 100 ? std::optional("rule " + std::to_string(i)) : std::nullopt);
    const auto code = i % 2 || i == 60 ? Code::cap_account : Code::limit_per_day;
    EXPECT_EQ(rows.refused(id(i)), i < 50 || i >= 150 ? std::nullopt : std::optional(code)) << i;
  }
  EXPECT_GT(rows.runs(), 1U);
}

TEST(AuditSpilled, AFullDiskEndsTheAuditInWords) {
  TempFolder folder;
  const std::string log = folder.path("log");
  busy().write(log);
  Task task = plain_task();
  task.memory = {8'000, folder.path()};
  const FullDisk full(2'000);
  const Report report = audit_folder(log, task);
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  ASSERT_TRUE(report.could_not);
  EXPECT_EQ(report.could_not->code, Code::io_error);
  EXPECT_NE(report.could_not->detail.find("a temporary file cannot be written"), std::string::npos)
      << report.could_not->detail;
}

}  // namespace
}  // namespace dfb::audit
