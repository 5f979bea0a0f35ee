// kill -9 behind every step between a request and its answer: what was cosigned is never contradicted.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "api/witness/witness.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/witness/golden_log.h"

namespace dfb::witness {
namespace {

using namespace test;

constexpr int kSteps = 4;  // opened, written, renamed, folder synced

class Crash : public testing::Test {
 protected:
  Crash() { found_state(folder.path("state"), golden_vkey("witness_vkey")).value(); }
  std::unique_ptr<Witness> open(std::function<void()> after_step = {}) {
    return Witness::open({kWitness,
                          golden_key("witness_key_seed"),
                          {golden_vkey("vkey")},
                          folder.path("state"),
                          std::move(after_step)},
                         clock)
        .value();
  }
  // A process that is killed behind its `step`-th step while it takes `body`; true: it had not answered.
  bool killed_at(int step, const std::string& body) {
    const pid_t child = ::fork();
    if (child == 0) {
      int steps = 0;
      auto witness = open([&] {
        if (++steps == step) ::raise(SIGKILL);
      });
      ::_exit(witness->add_checkpoint(body).status == 200 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
  }

  dfb::test::TempFolder folder;
  ManualClock clock{1'780'000'000 * kSecondUs};
};

TEST_F(Crash, BehindEveryStepLeavesTheFormerStateOrTheNewOne) {
  std::int64_t size = 257;
  open()->add_checkpoint(submission(0, size));
  for (const std::int64_t next : {511, 512, 513, 1000}) {
    for (int step = 1; step <= kSteps; ++step) {
      const bool killed = killed_at(step, submission(size, next));
      EXPECT_TRUE(killed) << "step " << step;
      const auto witness = open();
      const std::int64_t now = witness->sizes().front().second;
      EXPECT_EQ(now, step < 3 ? size : next) << "after step " << step;
      // Neither a smaller tree nor another one of the size that was cosigned or kept.
      EXPECT_EQ(witness->add_checkpoint(submission(0, 5)).status, 409);
      EXPECT_EQ(witness->add_checkpoint(format_submission(now, {}, signed_note(now, golden_root(7)))).status,
                422);
      EXPECT_EQ(witness->add_checkpoint(submission(now, now)).status, 200);
      if (now == next) break;
    }
    size = next;
  }
  EXPECT_FALSE(killed_at(kSteps + 1, submission(size, 4095)));
  EXPECT_EQ(open()->sizes().front().second, 4095);
}

TEST_F(Crash, BehindTheLastStepTheNewStateIsThere) {
  EXPECT_TRUE(killed_at(kSteps, submission(0, 64)));
  EXPECT_EQ(open()->add_checkpoint(submission(0, 64)).body, "64\n");
}

}  // namespace
}  // namespace dfb::witness
