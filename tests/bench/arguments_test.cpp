// What is no argument is one line with the program's name, and status 2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/demo/process.h"

namespace dfb::bench {
namespace {

TEST(Arguments, ThatAreNoneAreNamed) {
  for (const std::string program : {"defenbao-bench", "defenbao-till-bench", "defenbao-decode-report"}) {
    const auto unknown = demo::run({DFB_BIN_DIR "/" + program, "--frobnicate"});
    EXPECT_EQ(unknown.status, 2) << program;
    EXPECT_EQ(unknown.err, program + ": unknown argument '--frobnicate' (--help lists the options)\n");
    EXPECT_EQ(unknown.out, "");
    const auto asked = demo::run({DFB_BIN_DIR "/" + program, "--help"});
    EXPECT_EQ(asked.status, 0) << program;
    EXPECT_THAT(asked.out, testing::HasSubstr("--json"));
  }
}

}  // namespace
}  // namespace dfb::bench
