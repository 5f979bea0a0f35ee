#include "ledger/book/outcome.h"

#include <gtest/gtest.h>

namespace dfb::book {
namespace {

Outcome everything() {
  Outcome outcome;
  outcome.refused = Code::insufficient_points;
  outcome.policy = 3;
  outcome.points = Points{50};
  outcome.budget = AccountId{kFirstFreeAccount};
  outcome.ate = {{20'000, Points{1}, false}, {20'000, Points{2}, true}};
  outcome.got = {{20'001, Points{3}, false}};
  outcome.held = Points{0};
  outcome.lapsed = Points{4};
  outcome.undone = 0;
  outcome.burnt = parse_uuid("019a5b3e-7c00-7abc-8def-000000000004").value();
  outcome.unrecovered = Points{5};
  return outcome;
}

TEST(BookOutcome, EveryFieldReadsBackInItsOrder) {
  std::string line = format_outcome(everything());
  EXPECT_EQ(
      line,
      R"({"refused":"insufficient_points","policy":3,"points":50,"budget":"0000004000000",)"
      R"("ate":[["2024-10-04",1],["2024-10-04",2,1]],"got":[["2024-10-05",3]],"held":0,"lapsed":4,"undone":0,)"
      R"("burnt":"019a5b3e-7c00-7abc-8def-000000000004","unrecovered":5})");
  EXPECT_EQ(parse_outcome(line).value(), everything());
  EXPECT_EQ(format_outcome({}), "{}");
  EXPECT_EQ(parse_outcome("{}").value(), Outcome{});
}

TEST(BookOutcome, MalformedLinesAreRefused) {
  for (auto line : {"",
                    "[]",
                    "7",
                    "{} ",
                    R"({"other":1})",
                    R"({"refused":"busy"})",
                    R"({"refused":"no_such_code"})",
                    R"({"refused":1})",
                    R"({"policy":-1})",
                    R"({"policy":"1"})",
                    R"({"points":-1})",
                    R"({"points":4503599627370497})",
                    R"({"budget":"1"})",
                    R"({"ate":[]})",
                    R"({"ate":{}})",
                    R"({"ate":[["2026-12-31"]]})",
                    R"({"ate":[["2026-12-32",1]]})",
                    R"({"ate":[["2026-12-31",0]]})",
                    R"({"ate":[["2026-12-31",-1]]})",
                    R"({"ate":[["2026-12-31","1"]]})",
                    R"({"ate":[["2026-12-31",1,0]]})",
                    R"({"ate":[["2026-12-31",1,2]]})",
                    R"({"ate":[["2026-12-31",1,1,1]]})",
                    R"({"ate":["2026-12-31"]})",
                    R"({"got":[]})",
                    R"({"undone":-1})",
                    R"({"burnt":"019a5b3e-7c00-4abc-8def-000000000004"})",
                    R"({"policy":1,"policy":1})"})
    EXPECT_EQ(parse_outcome(line).error().code, Code::malformed) << line;
}

}  // namespace
}  // namespace dfb::book
