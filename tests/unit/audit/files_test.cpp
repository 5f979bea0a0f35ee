// Faults in what is served: every changed, cut, lengthened or missing file, found and named.
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;

struct Served {
  TempFolder folder;
  Served() { busy().write(folder.path()); }

  void flip(const std::string& path, std::size_t at) const {
    std::string bytes = folder.read(path);
    ASSERT_LT(at, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    put(path, bytes);
  }
  void put(const std::string& path, const std::string& bytes) const {
    dfb::test::write_log_file(folder.path(), path, bytes);
  }
  void remove(const std::string& path) const { std::filesystem::remove(folder.path(path)); }
  Report audit(bool tree_only = false) const {
    Task task = plain_task();
    task.tree_only = tree_only;
    return audit_folder(folder.path(), task);
  }
  // Where entry `seq` of a bundle begins, its length included.
  std::size_t offset(const std::string& bundle, int entry) const {
    const std::string bytes = folder.read(bundle);
    std::size_t at = 0;
    for (int i = 0; i < entry; ++i) at += 2 + get_be(std::string_view(bytes).substr(at, 2));
    return at;
  }
};

constexpr const char* kFullBundle = "tile/entries/000";
constexpr const char* kLastBundle = "tile/entries/001.p/44";

TEST(AuditFiles, AnyByteOfAnEntryNamesTheEntry) {
  const std::size_t at = Served().offset(kFullBundle, 17), size = busy().leaves()[17].size();
  for (std::size_t byte : {std::size_t{0}, size / 3, size / 2, size - 1}) {
    const Served served;
    served.flip(kFullBundle, at + 2 + byte);
    expect_at(served.audit(), 17, What::hash);
  }
}

TEST(AuditFiles, AByteOfTheLastEntryNamesIt) {
  const Served served;
  served.flip(kLastBundle, served.offset(kLastBundle, 43) + 40);
  expect_at(served.audit(), 299, What::hash);
}

TEST(AuditFiles, AnEntrysLengthNamesTheEntryFirst) {
  const Served served;
  served.flip(kFullBundle, served.offset(kFullBundle, 17) + 1);
  const Report report = served.audit();
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().entry, 17) << lines(report);
  EXPECT_EQ(report.replayed, 17);
}

TEST(AuditFiles, AByteOfATileNamesTheTile) {
  for (const auto& [path, at, expected] : {std::tuple("tile/0/000", 5 * 32 + 3, "tile/0/000 #5"),
                                           std::tuple("tile/0/001.p/44", 43 * 32, "tile/0/001.p/44 #43"),
                                           std::tuple("tile/1/000.p/1", 31, "tile/1/000.p/1 #0")}) {
    const Served served;
    served.flip(path, static_cast<std::size_t>(at));
    const Report report = served.audit();
    EXPECT_EQ(report.verdict, Verdict::unsound);
    ASSERT_EQ(report.findings.size(), 1U) << lines(report);
    EXPECT_EQ(report.findings.front().file, expected) << lines(report);
  }
}

TEST(AuditFiles, AByteOfATileIsFoundInTheTreeAlone) {
  for (const char* path : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}) {
    const Served served;
    served.flip(path, 7);
    EXPECT_EQ(served.audit(true).verdict, Verdict::unsound) << path;
  }
}

TEST(AuditFiles, EveryByteOfTheCheckpointCounts) {
  const Served served;
  const std::string note = served.folder.read("checkpoint");
  for (std::size_t at = 0; at < note.size(); ++at) {
    served.put("checkpoint", note);
    served.flip("checkpoint", at);
    const Report report = served.audit(true);
    EXPECT_EQ(report.verdict, Verdict::unsound) << at;
    ASSERT_EQ(report.findings.size(), 1U) << lines(report);
    EXPECT_EQ(report.findings.front().file, "checkpoint");
  }
}

TEST(AuditFiles, ATruncatedBundleNamesTheEntryThatIsCut) {
  const Served served;
  const std::string bundle = served.folder.read(kLastBundle);
  served.put(kLastBundle, bundle.substr(0, bundle.size() - 1));
  expect_at(served.audit(), 299, What::length);
  served.put(kLastBundle, bundle.substr(0, served.offset(kLastBundle, 10)));
  expect_at(served.audit(), 266, What::length);
  served.put(kLastBundle, "");
  expect_at(served.audit(), 256, What::length);
}

TEST(AuditFiles, ExtraBytesAfterABundleAreFound) {
  const Served served;
  served.put(kLastBundle, served.folder.read(kLastBundle) + "x");
  const Report report = served.audit();
  EXPECT_EQ(report.verdict, Verdict::unsound);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  EXPECT_EQ(report.findings.front().file, kLastBundle);
  EXPECT_EQ(report.findings.front().what, What::length);
}

TEST(AuditFiles, ATileOfAnotherLengthIsFound) {
  for (const char* path : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"})
    for (int change : {-1, 1, 32}) {
      const Served served;
      std::string bytes = served.folder.read(path);
      bytes.resize(bytes.size() + static_cast<std::size_t>(change));
      served.put(path, bytes);
      const Report report = served.audit();
      EXPECT_EQ(report.verdict, Verdict::unsound) << path << change;
      ASSERT_EQ(report.findings.size(), 1U) << lines(report);
      EXPECT_EQ(report.findings.front().file, path);
      EXPECT_EQ(report.findings.front().what, What::length);
    }
}

TEST(AuditFiles, WhatIsMissingCouldNotBeChecked) {
  for (const char* path :
       {"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", kFullBundle, kLastBundle}) {
    const Served served;
    served.remove(path);
    const Report report = served.audit();
    EXPECT_EQ(report.verdict, Verdict::could_not_check) << path << "\n" << lines(report);
    ASSERT_TRUE(report.could_not);
    EXPECT_NE(report.could_not->detail.find(path), std::string::npos) << report.could_not->detail;
  }
}

TEST(AuditFiles, WhatContradictsIsUnsoundThoughAnotherFileIsMissing) {
  const Served served;
  served.flip(kFullBundle, 100);
  served.remove(kLastBundle);
  EXPECT_EQ(served.audit().verdict, Verdict::unsound);
}

TEST(AuditFiles, AnotherKeyIsFound) {
  const Served served;
  const PrivateKey other = PrivateKey::generate(Algorithm::ed25519);
  Task task = plain_task(other);
  Report report = audit_folder(served.folder.path(), task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(lines(report).find("entry 0: log key: "), 0U) << "no later key either\n" << lines(report);
  task.tree_only = true;
  report = audit_folder(served.folder.path(), task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(lines(report).find("checkpoint: signature: "), 0U) << lines(report);
}

TEST(AuditFiles, ACopyIsWhatWasFetched) {
  const Served served;
  TempFolder copy;
  ASSERT_TRUE(prepare_folder(copy.path("new")));
  const auto source = folder_source(served.folder.path());
  const auto saving = saving_source(*source, copy.path("new"));
  EXPECT_EQ(audit(*saving, plain_task()).verdict, Verdict::sound);
  EXPECT_EQ(audit_folder(copy.path("new"), plain_task()).verdict, Verdict::sound);
  EXPECT_FALSE(prepare_folder(copy.path("new"))) << "a copy is never mixed with another";
}

}  // namespace
}  // namespace dfb::audit
