// What the benchmark says of its figures, and with which status it ends.
#include "tests/bench/report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/bench/processors.h"

namespace dfb::bench {
namespace {

Report sound() {
  Report report{.residents = 10, .redemptions = 20, .rounds = 1, .processors = {2, 16}};
  report.bare = 1000, report.openssl = 1050;
  report.lines = {{"redemptions", "redemptions/s", {600}, {1000}, "bare checks / 2", 0.5},
                  {"writer alone", "redemptions/s", {600}, {1000}, "bare SQLite", 0.6}};
  return report;
}

struct Judged {
  const char* why;
  void (*change)(Report& report);
  int status;
  const char *text, *other;  // what the lines say
};

TEST(BenchReport, IsJudged) {
  for (const Judged& one : {
           Judged{"all passes", [](Report&) {}, 0, "PASS", "valid"},
           Judged{"one misses", [](Report& r) { r.lines[1].figures = {599}; }, 1, "MISS", "valid"},
           Judged{"checks too slow", [](Report& r) { r.bare = 940; }, 1, "PASS", "INVALID: bare checks"},
           Judged{"checks too fast", [](Report& r) { r.bare = 1160; }, 1, "PASS", "INVALID: bare checks"},
           Judged{"no openssl", [](Report& r) { r.openssl.reset(); }, 1, "PASS", "INVALID: there is no"},
           Judged{"one processor",
                  [](Report& r) {
                    r.processors = {1, 1};
                  },
                  1, "PASS", "INVALID: 1 processor"},
           Judged{"both", [](Report& r) { r.bare = 900, r.lines[0].figures = {1}; }, 1, "MISS", "INVALID"},
       }) {
    SCOPED_TRACE(one.why);
    Report report = sound();
    one.change(report);
    EXPECT_EQ(report.exit_status(), one.status);
    const std::string text = report.text();
    EXPECT_NE(text.find(one.text), text.npos) << text;
    EXPECT_NE(text.find(one.other), text.npos) << text;
    const auto json = boost::json::parse(report.json()).as_object();
    EXPECT_EQ(json.at("exit_status").as_int64(), one.status);
    EXPECT_EQ(json.at("invalid").as_array().empty(), text.find("INVALID") == text.npos);
    EXPECT_EQ(json.at("processors").as_int64(), report.processors.used);
  }
}

TEST(BenchReport, SaysThatItConfinedItself) {
  Report report = sound();
  EXPECT_NE(report.text().find("on 2 of 16 processors"), std::string::npos) << report.text();
  report.processors = {2, 2};
  EXPECT_NE(report.text().find("on 2 processors,"), std::string::npos) << report.text();
}

TEST(BenchProcessors, AreTheLowestTwo) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  for (const int cpu : {3, 5, 9}) CPU_SET(cpu, &allowed);
  const cpu_set_t two = lowest_two(allowed);
  EXPECT_EQ(CPU_COUNT(&two), 2);
  EXPECT_TRUE(CPU_ISSET(3, &two) && CPU_ISSET(5, &two));
  CPU_CLR(5, &allowed);
  CPU_CLR(9, &allowed);
  const cpu_set_t one = lowest_two(allowed);
  EXPECT_EQ(CPU_COUNT(&one), 1);
}

TEST(BenchProcessors, AreKeptToByWhatIsStarted) {
  const Processors processors = confine_to_two();
  EXPECT_LE(processors.used, 2);
  EXPECT_GE(processors.allowed, processors.used);
  EXPECT_EQ(processors_used(), static_cast<unsigned>(processors.used));
  FILE* const pipe = ::popen("nproc", "r");
  ASSERT_NE(pipe, nullptr);
  int counted = 0;
  EXPECT_EQ(std::fscanf(pipe, "%d", &counted), 1);
  ::pclose(pipe);
  EXPECT_EQ(counted, processors.used);
}

}  // namespace
}  // namespace dfb::bench
