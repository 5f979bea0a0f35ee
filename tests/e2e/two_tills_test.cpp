// Two tills of one shop: what one sold the other gives back, and both close their shifts by the town's own sums.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "terminal/scan/receipt_code.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

constexpr int kSaysNo = 1;

class TwoTills : public testing::Test {
 protected:
  // The receipt's number.
  std::string sell(const Till& at, int points) {
    const Finished sale =
        town_.terminal(at, {"sale", "--code", town_.pay_code(phone_), "--points", std::to_string(points), "--yes"});
    EXPECT_EQ(sale.status, 0) << sale.out << sale.err;
    const auto line = town_.signed_in(phone_.key).get("/v1/me/entries?limit=1").value().at("entries").at(0);
    return std::to_string(line.at("seq").as_int64());
  }
  Finished give_back(const Till& at, const std::string& receipt, int points) {
    return town_.terminal(at, {"refund", "--sale", receipt, "--points", std::to_string(points), "--memo", "broken bag"});
  }
  Finished console(const Till& at, const std::string& words) {
    return demo::run({program("terminal"), "--dir", at.folder, "--lang", "en", "--console"}, words + "quit\n");
  }
  LiveTown town_;
  const Till first_ = town_.enrol_till(1), second_ = town_.enrol_beside(first_, "second"), other_ = town_.enrol_till(2);
  const Phone phone_ = town_.resident(1);
  const std::int64_t before_ = town_.balance(phone_);
};

TEST_F(TwoTills, WhatOneSoldTheOtherGivesBack) {
  const std::string receipt = sell(first_, 30);
  EXPECT_EQ(give_back(second_, receipt, 10).status, 0);
  EXPECT_EQ(town_.balance(phone_), before_ - 20);

  // From its printed code at the console; the town knows what was given back already, and by whom soever.
  const std::string code =
      terminal::receipt_url(town_.url(), {parse_decimal(receipt).value(), first_.shop});
  const Finished scanned = console(second_, code + "\nrefund " + receipt + " 5 1\n\n");
  EXPECT_THAT(scanned.out, HasSubstr("Of another till of this shop"));
  EXPECT_THAT(scanned.out, HasSubstr("30 points, of which 20 can be given back"));
  EXPECT_EQ(town_.balance(phone_), before_ - 15);
  EXPECT_EQ(give_back(first_, receipt, 3).status, 0);
  const Finished much = give_back(second_, receipt, 13);
  EXPECT_EQ(much.status, kSaysNo);
  EXPECT_THAT(much.out, HasSubstr("more than is left of the sale"));
  EXPECT_EQ(give_back(second_, receipt, 12).status, 0);
  EXPECT_EQ(town_.balance(phone_), before_);

  EXPECT_THAT(give_back(other_, receipt, 1).out, HasSubstr("This shop has no finished sale with that receipt"));
  EXPECT_THAT(console(other_, code + "\n").out, HasSubstr("another shop's sale"));

  // Each till's shift has what it gave back itself; the town refuses a report that is not by its own entries.
  for (const auto& [till, back] : {std::pair{&first_, "refunds, points 1 / 3"}, {&second_, "refunds, points 3 / 27"}}) {
    const Finished closed = console(*till, "z\n\n");
    EXPECT_THAT(closed.out, HasSubstr(back));
    EXPECT_THAT(console(*till, "z\nn\n").out, HasSubstr("refunds, points 0 / 0")) << closed.out;
  }
  const Finished audit = town_.audit();
  EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
  const auto report = boost::json::parse(town_.terminal(second_, {"--report", "--json"}).out);
  EXPECT_EQ(report.at("all").at("refunds").at("points").as_int64(), 30);
  EXPECT_TRUE(report.at("missing").as_array().empty());
}

TEST_F(TwoTills, WithoutALineItIsSaidWhatIsMissing) {
  const std::string receipt = sell(first_, 30);
  town_.stop();
  const Finished cut = give_back(second_, receipt, 10);
  EXPECT_EQ(cut.status, kSaysNo) << cut.out << cut.err;
  EXPECT_THAT(cut.out, HasSubstr("has to ask the town, which does not answer"));
  town_.start();
  EXPECT_EQ(give_back(second_, receipt, 10).status, 0);
  EXPECT_EQ(town_.balance(phone_), before_ - 20);
}

// The folder was lost: what the till sold before is given back by the one that was enrolled in its place.
TEST_F(TwoTills, ATillThatIsEnrolledAnewGivesBackWhatItSoldBefore) {
  const std::string receipt = sell(first_, 8);
  const Till anew = town_.enrol_beside(first_, "anew");
  EXPECT_EQ(give_back(anew, receipt, 8).status, 0);
  EXPECT_EQ(town_.balance(phone_), before_);
}

}  // namespace
}  // namespace dfb::e2e
