// Going on from where an earlier audit ended: the same report as from the first entry, and no trust in a file
// that is not what it was.
#include <sys/stat.h>

#include "ledger/audit/report.h"
#include "ledger/crypto/hash.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;

AuditedTown first(const AuditedTown& town, std::int64_t size) {
  AuditedTown cut = town;
  cut.entries.resize(static_cast<std::size_t>(size));
  return cut;
}

Task with_state(const TempFolder& folder) {
  Task task = plain_task();
  task.state_file = folder.path("state");
  return task;
}

// What must not depend on where the run began.
std::string comparable(Report report) {
  report.resumed = 0;
  return to_json(report) + to_html(report, Lang::en);
}

TEST(AuditState, EndsWhereAFullRunEnds) {
  for (const std::int64_t cut : {1, 20, 150, 255, 256, 257, 299, 300}) {
    TempFolder folder;
    const Report before = audit_town(first(busy(), cut), with_state(folder));
    ASSERT_EQ(before.verdict, Verdict::sound) << lines(before);
    const Report resumed = audit_town(busy(), with_state(folder));
    ASSERT_EQ(resumed.verdict, Verdict::sound) << cut << "\n" << lines(resumed);
    EXPECT_EQ(resumed.resumed, cut);
    EXPECT_EQ(resumed.replayed, 300);
    EXPECT_EQ(comparable(resumed), comparable(audit_town(busy()))) << cut;
  }
}

TEST(AuditState, ManyShortStepsGiveTheSame) {
  const auto town = lived().town;
  TempFolder folder;
  for (std::int64_t size = 1; size <= town.size(); ++size)
    ASSERT_EQ(audit_town(first(town, size), with_state(folder)).verdict, Verdict::sound) << size;
  EXPECT_EQ(comparable(audit_town(town, with_state(folder))), comparable(audit_town(town)));
}

TEST(AuditState, AFaultAfterItIsFound) {
  TempFolder folder;
  ASSERT_EQ(audit_town(first(busy(), 260), with_state(folder)).verdict, Verdict::sound);
  auto town = busy();
  town.entries[280].outcome = R"({"policy":2})";
  const std::string before = folder.read("state");
  expect_at(audit_town(town, with_state(folder)), 280, What::outcome);
  EXPECT_EQ(folder.read("state"), before) << "what is unsound is not remembered";
}

TEST(AuditState, AnotherHistoryIsNamed) {
  for (const std::int64_t cut : {260, 256}) {
    TempFolder folder;
    ASSERT_EQ(audit_town(first(busy(), cut), with_state(folder)).verdict, Verdict::sound);
    auto town = busy();
    town.entries[100].outcome = "{}";
    const Report report = audit_town(town, with_state(folder));
    EXPECT_EQ(report.verdict, Verdict::unsound);
    ASSERT_FALSE(report.findings.empty());
    EXPECT_EQ(report.findings[0].file, "state") << lines(report);
    EXPECT_EQ(report.findings[0].what, What::root) << lines(report);
  }
}

TEST(AuditState, AnotherEntryInTheTileThatWasBegunIsNamed) {
  TempFolder folder;
  ASSERT_EQ(audit_town(first(busy(), 270), with_state(folder)).verdict, Verdict::sound);
  auto town = busy();
  town.entries[260].outcome = "{}";
  const Report report = audit_town(town, with_state(folder));
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings[0].entry, 260) << lines(report);
  EXPECT_EQ(report.findings[0].file, "state") << lines(report);
}

TEST(AuditState, AShorterLogIsNamed) {
  TempFolder folder;
  ASSERT_EQ(audit_town(busy(), with_state(folder)).verdict, Verdict::sound);
  const Report report = audit_town(first(busy(), 299), with_state(folder));
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].file, "state");
  EXPECT_EQ(report.findings[0].what, What::size);
}

TEST(AuditState, AnotherLogsIsRefused) {
  TempFolder folder;
  ASSERT_EQ(audit_town(first(busy(), 30), with_state(folder)).verdict, Verdict::sound);
  AuditedTown other{
      Town("other.example/points", log::format_vkey(vkey_of(log_key(), "other.example/points"))), {}, {}};
  other.found();
  Task task = with_state(folder);
  task.key = vkey_of(log_key(), "other.example/points");
  const Report report = audit_town(other, task);
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  ASSERT_TRUE(report.could_not);
  EXPECT_NE(report.could_not->detail.find("state of another log, bq.example/points"), std::string::npos);
}

TEST(AuditState, DamageIsNamed) {
  TempFolder folder;
  const auto town = first(busy(), 25);
  ASSERT_EQ(audit_town(town, with_state(folder)).verdict, Verdict::sound);
  const std::string good = folder.read("state");
  std::vector<std::string> damaged = {"", good.substr(0, good.size() - 1), good.substr(0, good.size() / 2),
                                      good + "x"};
  for (std::size_t at = 0; at < good.size(); at += good.size() / 40 + 1) {
    damaged.push_back(good);
    damaged.back()[at] ^= 1;
  }
  for (const std::string& bytes : damaged) {
    folder.write("state", bytes);
    const Report report = audit_town(town, with_state(folder));
    EXPECT_EQ(report.verdict, Verdict::could_not_check);
    ASSERT_TRUE(report.could_not);
    EXPECT_EQ(report.could_not->code, Code::corrupt) << to_string(*report.could_not);
  }
}

TEST(AuditState, AnotherVersionsIsNamed) {
  TempFolder folder;
  folder.write("state", "defenbao/audit-state/v2\nwhatever");
  const Report report = audit_town(first(busy(), 25), with_state(folder));
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  ASSERT_TRUE(report.could_not);
  EXPECT_NE(report.could_not->detail.find("another version of defenbao-audit; remove it"), std::string::npos)
      << report.could_not->detail;
}

// The file's content, and a file of any content: the running digest keeps no forger out.
constexpr std::size_t kStateLine = 24, kStateSize = 4, kStateHash = 32;

std::string state_content(std::string_view file) {
  std::string content;
  for (file.remove_prefix(kStateLine); !file.empty();) {
    const auto size = static_cast<std::size_t>(get_be(file.substr(0, kStateSize)));
    content += file.substr(kStateSize + kStateHash, size);
    file.remove_prefix(kStateSize + kStateHash + size);
  }
  return content;
}
std::string state_of(const std::string& content) {
  std::string file = "defenbao/audit-state/v4\n";
  Hash chain;
  for (const std::string& block : {content, std::string()}) {
    chain = sha256({chain.view(), block});
    put_be(file, block.size(), kStateSize);
    file += chain.view();
    file += block;
  }
  return file;
}

TEST(AuditState, NoBytesOfItEndTheProgram) {
  TempFolder folder;
  const auto town = lived().town;
  ASSERT_EQ(audit_town(town, with_state(folder)).verdict, Verdict::sound);
  const std::string content = state_content(folder.read("state"));
  ASSERT_EQ(state_of(content), folder.read("state"));
  std::vector<std::string> forged = {"", content.substr(0, content.size() / 2), content + "x"};
  for (std::size_t at = 0, step = content.size() / 50; at < content.size(); at += step)
    for (const char byte : {'\x00', '\x7f', '\xff'}) {
      forged.push_back(content);
      forged.back()[at + forged.size() % step % (content.size() - at)] = byte;
    }
  int refused = 0;
  for (const std::string& bytes : forged) {
    folder.write("state", state_of(bytes));
    const Report report = audit_town(town, with_state(folder));
    refused += report.could_not && report.could_not->code == Code::corrupt ? 1 : 0;
  }
  EXPECT_GT(refused, 20);
}

TEST(AuditState, IsItsOwnersAlone) {
  TempFolder folder;
  ASSERT_EQ(audit_town(first(busy(), 25), with_state(folder)).verdict, Verdict::sound);
  struct stat file {};
  ASSERT_EQ(::stat(folder.path("state").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
  EXPECT_FALSE(std::filesystem::exists(folder.path("state.new")));
}

TEST(AuditState, WhatWasSeenBeforeItStillCounts) {
  TempFolder folder;
  ASSERT_EQ(audit_town(first(busy(), 290), with_state(folder)).verdict, Verdict::sound);
  for (const std::int64_t size : {7, 200, 256, 280, 295}) {
    Task task = with_state(folder);
    task.seen = {{"kept", note_of(busy(), size, {log_key()})}};
    EXPECT_EQ(audit_town(busy(), task).verdict, Verdict::sound) << size;
  }
  auto forked = busy();
  forked.entries[5].outcome = R"({"policy":9})";
  Task task = with_state(folder);
  task.seen = {{"kept", note_of(forked, 7, {log_key()})}};
  const Report report = audit_town(busy(), task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(report.findings[0].file, "kept") << lines(report);
}

}  // namespace
}  // namespace dfb::audit
