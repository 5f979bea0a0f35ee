// What may not be read by others on the same machine: keys, tokens, names, the ledger's file.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

namespace fs = std::filesystem;

// Everything in the folder is its owner's alone, but what is public by its nature.
void expect_private(const std::string& folder, const std::set<std::string>& of_all) {
  int files = 0, seen_public = 0;
  for (const auto& item : fs::recursive_directory_iterator(folder)) {
    if (!item.is_regular_file()) continue;
    struct stat info {};
    ASSERT_EQ(::stat(item.path().c_str(), &info), 0);
    const std::string name = fs::relative(item.path(), folder).string();
    if (of_all.contains(name)) {
      ++seen_public;
    } else {
      EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
    }
    ++files;
  }
  EXPECT_EQ(seen_public, static_cast<int>(of_all.size())) << "the list names files that are not there";
  EXPECT_GT(files, seen_public);
}

void expect_closed_folder(const std::string& folder) {
  struct stat info {};
  ASSERT_EQ(::stat(folder.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u) << folder;
}

TEST(Secrets, ADemoTownsAreItsOwnersAlone) {
  test::TempFolder folder;
  const std::string town = folder.path("town");
  const Finished made = demo::run({program("demo"), "make", "--dir", town, "--residents", "24"});
  ASSERT_EQ(made.status, 0) << made.err;
  expect_closed_folder(town);
  expect_private(town, {"ca.crt", "ca/ca.crt", "ca/ca.crl", "tls/server.crt", "log.vkey", "genesis.hash",
                        "server.conf"});
}

// The server's own: a ledger that it makes itself, and what it writes while a till comes in and sells.
TEST(Secrets, AServersAndATillsAreTheirOwnersAlone) {
  LiveTown town({.started = false, .open_entries = true, .more_config = ""});
  fs::create_directories(town.path("fresh"));
  {
    Process fresh = town.launch({}, {"--database", town.path("fresh/ledger.db")});
    ASSERT_TRUE(fresh.wait_for(" ready: ", seconds(60))) << fresh.err();
    fresh.signal(SIGTERM);
    ASSERT_TRUE(fresh.wait(seconds(60))) << fresh.err();
  }
  expect_private(town.path("fresh"), {});

  town.start();
  const Till till = town.enrol_till(1);
  expect_private(till.folder, {});
  expect_private(town.path("keys"), {});
  EXPECT_EQ(town.stop().status, 0);
}

}  // namespace
}  // namespace dfb::e2e
