#include "api/demo/process.h"

#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/temp_folder.h"

namespace dfb::demo {
namespace {

TEST(Process, FeedsAndGathers) {
  const std::string much(300'000, 'x');
  const Finished copied = run({"cat"}, much);
  EXPECT_EQ(copied.status, 0);
  EXPECT_EQ(copied.out, much);
  const Finished both = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(both.status, 3);
  EXPECT_EQ(both.out, "out\n");
  EXPECT_EQ(both.err, "err\n");
  EXPECT_EQ(run({"true"}, much).status, 0);
  EXPECT_EQ(run({"/no/such/program"}).status, 127);
}

TEST(Process, FolderAndEnvironment) {
  const test::TempFolder folder;
  EXPECT_EQ(run({"pwd"}, "", {{}, folder.path()}).out, folder.path() + "\n");
  EXPECT_EQ(run({"sh", "-c", "echo $DFB_X $HOME"}, "", {{"DFB_X=1", "HOME=/x"}, ""}).out, "1 /x\n");
}

TEST(Process, IsWaitedForAndKilled) {
  Process process({"sh", "-c", "read line; echo got $line; exec sleep 60"});
  EXPECT_FALSE(process.wait(milliseconds(50)).has_value());
  EXPECT_FALSE(process.wait_for("got", milliseconds(50)));
  EXPECT_TRUE(process.write("it\n"));
  EXPECT_TRUE(process.wait_for("got it"));
  EXPECT_FALSE(process.wait_for("got", milliseconds(50))) << "that was found already";
  EXPECT_EQ(process.kill().status, 128 + SIGKILL);
  EXPECT_FALSE(process.write("more"));

  Process polite({"sleep", "60"});
  polite.signal(SIGTERM);
  EXPECT_EQ(polite.wait().value().status, 128 + SIGTERM);
  EXPECT_EQ(run({"sleep", "60"}, "", {}, milliseconds(50)).status, 128 + SIGKILL);
}

TEST(Process, AGrandchildThatHoldsThePipeDelaysNobody) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run({"sh", "-c", "sleep 5 & echo done"}).out, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST(Process, FreePortsAreNeighbours) {
  for (int i = 0; i < 20; ++i) {
    const int port = free_port(3);
    EXPECT_GE(port, 20'000);
    EXPECT_LT(port, 32'768);
  }
}

}  // namespace
}  // namespace dfb::demo
