// An answer that cannot be written is no answer: whoever asked by a script is told so by the exit status.
#include <gtest/gtest.h>

#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

// As a shell does it: the program's standard output on a device that is always full.
Finished to_full_disk(std::vector<std::string> words) {
  words.insert(words.begin(), {"/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh"});
  return demo::run(words);
}

void expect_told(const Finished& ended, const std::string& name) {
  EXPECT_EQ(ended.status, 2) << ended.err;
  EXPECT_EQ(ended.err, "defenbao-" + name + ": cannot write the answer to standard output; is the disk full?\n");
}

TEST(Unwritable, AReportOnAFullDiskIsNoSoundOne) {
  LiveTown town;
  std::vector<std::string> audit{program("audit"), "--quiet", "--log", town.url() + "/log", "--key", town.log_vkey_file(),
                                 "--ca", town.path("ca.crt")};
  expect_told(to_full_disk(audit), "audit");
  audit.push_back("--json");
  expect_told(to_full_disk(audit), "audit");
  expect_told(to_full_disk({program("demo"), "people", "--dir", town.path(""), "--url", town.url()}), "demo");
  const Till till = town.enrol_till(1);
  expect_told(to_full_disk({program("terminal"), "--dir", till.folder, "status"}), "terminal");
  expect_told(to_full_disk({program("terminal"), "--dir", till.folder, "--report"}), "terminal");
}

}  // namespace
}  // namespace dfb::e2e
