#include "ledger/book/touched.h"

#include <gtest/gtest.h>

#include "tests/support/documented.h"

namespace dfb::book {
namespace {

// The accounts that the first documented payload with `part` touches, joined by spaces.
std::string accounts(const std::string& part, const Outcome& outcome = {},
                     std::span<const AccountId> target = {}) {
  auto payload = parse_payload(test::documented("payload", part)).value();
  std::string out;
  for (auto id : touched(payload, outcome, target)) out += (out.empty() ? "" : " ") + to_string(id);
  return out;
}

TEST(BookTouched, NamesTheSidesOfEachCommand) {
  struct Case {
    std::string part, accounts;
  };
  const std::string resident = "7ZK3M8Q2R5T1V", shop = "5C4V9H2N6P8XJ", budget = "6G0R40M30E209";
  for (const auto& [part, expected] : {Case{R"("kind":"mint")", "0000000000001 " + budget},
                                       {R"("kind":"award")", budget + " " + resident},
                                       {R"("kind":"redeem")", resident + " " + shop},
                                       {R"("kind":"refund")", shop + " " + resident},
                                       {R"("kind":"expire")", resident + " 0000000000002"},
                                       {R"("purpose":"allowance")", resident},
                                       {R"("purpose":"reserve")", resident + " " + shop},
                                       {R"("act":"capture")", shop},
                                       {R"("act":"release")", budget},
                                       {R"("kind":"checkin")", resident},
                                       {R"("act":"publish")", ""},
                                       {R"("act":"task")", ""},
                                       {R"("act":"genesis")", ""},
                                       {R"("act":"open")", resident},
                                       {R"("act":"move")", resident},
                                       {R"("act":"level")", resident},
                                       {R"("act":"key")", shop},
                                       {R"("act":"revoke")", ""},
                                       {R"("act":"role")", resident},
                                       {R"("act":"unrole")", resident},
                                       {R"("act":"state")", resident},
                                       {R"("act":"roster")", resident + " 8D2J6Y0W4S3EA"},
                                       {R"("act":"import")", resident + " 8D2J6Y0W4S3EA"},
                                       {R"("act":"witness")", ""},
                                       {R"("act":"log_key")", ""},
                                       {R"("act":"unwitness")", ""},
                                       {R"("act":"roots")", ""},
                                       {R"("act":"server_key")", ""},
                                       {R"("act":"clock")", ""},
                                       {R"("act":"end")", ""},
                                       {R"("op":"cancel")", ""},
                                       {R"("op":"reverse")", ""}})
    EXPECT_EQ(accounts(part), expected) << part;
}

TEST(BookTouched, AddsWhoPaidAndWhereLapsedPointsWent) {
  Outcome outcome;
  outcome.budget = parse_account("6G0R40M30E209").value();
  EXPECT_EQ(accounts(R"("kind":"checkin")", outcome), "7ZK3M8Q2R5T1V 6G0R40M30E209");
  Outcome lapsed;
  lapsed.lapsed = Points{3};
  EXPECT_EQ(accounts(R"("kind":"refund")", lapsed), "5C4V9H2N6P8XJ 7ZK3M8Q2R5T1V 0000000000002");
  lapsed.lapsed = Points{0};
  EXPECT_EQ(accounts(R"("kind":"refund")", lapsed), "5C4V9H2N6P8XJ 7ZK3M8Q2R5T1V");
}

TEST(BookTouched, TakesFromTheCallerWhatThePayloadNamesByIdAlone) {
  SaleRow sale;
  sale.resident = parse_account("7ZK3M8Q2R5T1V").value();
  sale.shop = parse_account("5C4V9H2N6P8XJ").value();
  EXPECT_EQ(accounts(R"("op":"cancel")", {}, parties(sale)), "7ZK3M8Q2R5T1V 5C4V9H2N6P8XJ");
  EXPECT_EQ(accounts(R"("act":"capture")", {}, parties(sale)), "5C4V9H2N6P8XJ 7ZK3M8Q2R5T1V") << "none twice";
}

TEST(BookTouched, ARefusedSaleStillStandsInBothStatements) {
  Outcome refused;
  refused.refused = Code::insufficient_points;
  EXPECT_EQ(accounts(R"("kind":"redeem")", refused), "7ZK3M8Q2R5T1V 5C4V9H2N6P8XJ");
}

}  // namespace
}  // namespace dfb::book
