// ./run.sh before it builds anything: what would stand in its way is found while nothing was removed or emptied.
// And what it starts for a walkthrough ends with it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>

#include <filesystem>

#include "api/demo/process.h"
#include "ledger/base/files.h"
#include "tests/support/temp_folder.h"

namespace dfb::e2e {
namespace {

using demo::Finished;
using demo::Process;
using testing::HasSubstr;
namespace fs = std::filesystem;

// Locked as a server locks it that serves the folder.
bool lock(const File& file) { return file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0; }

// The script alone, in a folder with nothing to build: whoever gets as far as building fails there.
class RunScript : public testing::Test {
 protected:
  RunScript() {
    for (const char* each : {"/project/.ci", "/tools", "/project/build", "/project/town"})
      fs::create_directories(folder_.path() + each);
    fs::copy_file(DFB_SOURCE_DIR "/run.sh", folder_.path("project/run.sh"));
    folder_.write("project/.ci/install", "#!/bin/sh\n", 0755);
    folder_.write("tools/cmake", "#!/bin/sh\necho came to build\nexit 1\n", 0755);
    folder_.write("project/build/run.log", "built well\n");
    folder_.write("project/town/server.conf", "\n");
    folder_.write("project/town/server.log", "served well\n");
    folder_.write("project/town/ledger.db.lock", "");
  }
  Finished run(std::vector<std::string> words) {
    words.insert(words.begin(), {"/bin/bash", folder_.path("project/run.sh"), "--lang", "en"});
    return demo::run(words, "", {{"PATH=" + folder_.path("tools") + ":/usr/sbin:/usr/bin:/sbin:/bin"}, folder_.path("project")});
  }
  File lock_file() const { return File(::open(folder_.path("project/town/ledger.db.lock").c_str(), O_RDWR)); }
  void expect_untouched() const {
    EXPECT_EQ(folder_.read("project/town/server.log"), "served well\n");
    EXPECT_EQ(folder_.read("project/town/server.conf"), "\n");
    EXPECT_EQ(folder_.read("project/build/run.log"), "built well\n");
  }
  const std::string port_ = std::to_string(demo::free_port(2));
  test::TempFolder folder_;
};

TEST_F(RunScript, LeavesATownAloneThatIsServed) {
  const File server = lock_file();
  ASSERT_TRUE(lock(server));
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--fresh"}}) {
    std::vector<std::string> words{"--dir", "town", "--port", port_};
    words.insert(words.end(), more.begin(), more.end());
    const Finished ended = run(words);
    EXPECT_EQ(ended.status, 2) << ended.out;
    EXPECT_EQ(ended.err, "run.sh: " + folder_.path("project/town") +
                             " is being served by another program: stop that first (nothing was changed)\n");
    expect_untouched();
  }
}

TEST_F(RunScript, LeavesATownAloneWhosePortIsTaken) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const File socket(listener);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port_) + 1));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  const Finished ended = run({"--dir", "town", "--port", port_, "--fresh"});
  EXPECT_EQ(ended.status, 2) << ended.out;
  EXPECT_THAT(ended.err, HasSubstr("port " + std::to_string(std::stoi(port_) + 1) + " is taken"));
  expect_untouched();
}

TEST_F(RunScript, RemovesNoFolderThatIsNoTown) {
  fs::remove(folder_.path("project/town/server.conf"));
  const Finished ended = run({"--dir", "town", "--port", port_, "--fresh"});
  EXPECT_EQ(ended.status, 2) << ended.out;
  EXPECT_THAT(ended.err, HasSubstr("holds no demo town"));
  EXPECT_EQ(folder_.read("project/build/run.log"), "built well\n");
  EXPECT_TRUE(fs::exists(folder_.path("project/town/server.log")));
}

TEST_F(RunScript, MissesANetworkAddressBeforeItBuilds) {
  for (const char* each : {"tools/ip", "tools/hostname"}) folder_.write(each, "#!/bin/sh\n", 0755);
  const Finished ended = run({"--dir", "town", "--port", port_, "--lan"});
  EXPECT_EQ(ended.status, 2) << ended.out;
  EXPECT_EQ(ended.err, "run.sh: --lan: this machine has no network address\n");
  expect_untouched();
}

TEST_F(RunScript, BuildsForATownThatNobodyServesAndForAnEmptyFolder) {
  fs::create_directory(folder_.path("project/empty"));
  for (const char* each : {"town", "empty", "none"}) {
    const Finished ended = run({"--dir", each, "--port", port_});
    EXPECT_EQ(ended.status, 1) << each;
    EXPECT_THAT(ended.err, HasSubstr("came to build")) << each;
  }
}

TEST(Walkthrough, EndsWhatItStartedWhenItIsTerminated) {
  const test::TempFolder folder;
  const std::string town = folder.path("town");
  Process walk({DFB_BIN_DIR "/defenbao-demo", "walkthrough", "--bin", DFB_BIN_DIR, "--pages", DFB_BIN_DIR "/resident",
                "--dir", town});
  ASSERT_TRUE(walk.wait_for("[ 2]", std::chrono::seconds(120))) << walk.out() << walk.err();
  const File server(::open((town + "/ledger.db.lock").c_str(), O_RDWR));
  ASSERT_GE(server.get(), 0);
  ASSERT_FALSE(lock(server));
  // Another one leaves its folder alone.
  const Finished second = demo::run({DFB_BIN_DIR "/defenbao-demo", "walkthrough", "--bin", DFB_BIN_DIR, "--dir", town});
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.err, HasSubstr("still runs"));
  EXPECT_TRUE(fs::exists(town + "/server.conf"));
  walk.signal(SIGTERM);
  const auto ended = walk.wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 128 + SIGTERM);
  bool free = false;
  for (int i = 0; i < 600 && !free; ++i) {
    free = lock(server);
    if (!free) ::usleep(50'000);
  }
  EXPECT_TRUE(free) << "its server still runs";
}

TEST(Walkthrough, SaysWhichProgramIsMissingAndRemovesNothing) {
  const test::TempFolder folder;
  fs::create_directory(folder.path("town"));
  folder.write("town/server.conf", "\n");
  const Finished ended = demo::run(
      {DFB_BIN_DIR "/defenbao-demo", "walkthrough", "--bin", folder.path("none"), "--dir", folder.path("town")});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, HasSubstr(folder.path("none") + "/defenbao-server: No such file or directory; --bin names"));
  EXPECT_TRUE(fs::exists(folder.path("town/server.conf")));
}

}  // namespace
}  // namespace dfb::e2e
