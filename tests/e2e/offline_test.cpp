// Sales without a line of a till that is suspended or revoked before the town hears of them: real programs, and the
// server away meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/book/offline_code.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class OfflineTill : public testing::Test {
 protected:
  void SetUp() override {
    book::Hold hold;
    hold.purpose = book::HoldPurpose::allowance;
    hold.account = phone_.account, hold.points = {20}, hold.device = phone_.key.public_key().id();
    hold.until_us = clock_.now_us() + 24 * kHourUs;
    const auto line = town_.entrant().sign(std::move(hold), {&phone_.key});
    must(town_.signed_in(phone_.key).post("/v1/holds", line), "the allowance");
    allowance_ = line.id;
    ASSERT_EQ(town_.terminal(till_, {"status"}).status, 0) << "it learns of the allowance";
    before_ = balance();
  }
  std::int64_t balance() {
    return must(town_.signed_in(phone_.key).get("/v1/me"), "the balance").at("balance").as_int64();
  }
  Finished sell(std::int64_t counter, std::int64_t points) {
    book::OfflineCode code;
    code.allowance = allowance_, code.shop = till_.shop, code.account = phone_.account;
    code.counter = counter, code.points = {points};
    code.at_us = clock_.now_us() / book::kPayStepUs * book::kPayStepUs;
    return town_.terminal(till_, {"sale", "--code",
                                  make_offline_code(phone_.key, town_.facts().origin, code).text(), "--points",
                                  std::to_string(points), "--yes"});
  }
  // Sells 5 and 7 points while the server is away.
  void sell_without_a_line() {
    town_.stop();
    for (const auto& [counter, points] : {std::pair{1, 5}, {2, 7}}) {
      const Finished sold = sell(counter, points);
      ASSERT_EQ(sold.status, 0) << sold.err;
      EXPECT_THAT(sold.out, HasSubstr("SOLD OFFLINE: " + std::to_string(points) + " points from 王*"));
    }
    town_.start();
  }
  void office(const book::Body& body) {
    const PrivateKey one = town_.key("administrator-1");
    must(town_.signed_in(one).post("/v1/commands", town_.entrant().sign(body, {&one})), "the office");
  }
  void revoke() { office(book::RevokeKey{till_.key.public_key().id(), "stolen"}); }
  Till next_till() { return town_.enrol_beside(till_, "next"); }
  Finished take_over(const Till& next, const std::string& from) {
    return town_.terminal(next, {"take-over", "--from", from});
  }
  void expect_paid(std::int64_t points) {
    EXPECT_EQ(balance(), before_ - points);
    const Finished audit = town_.audit();
    EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
  }

  LiveTown town_;
  const Till till_ = town_.enrol_till(1);
  const Phone phone_ = town_.resident(1);
  SystemClock clock_;
  Uuid allowance_;
  std::int64_t before_ = 0;
};

TEST_F(OfflineTill, ASuspendedShopSellsNothingMoreButIsPaidForWhatItSold) {
  sell_without_a_line();
  office(book::SetState{till_.shop, book::AccountState::frozen, "review"});
  const Finished refused = sell(3, 1);
  EXPECT_EQ(refused.status, 1) << refused.out;
  EXPECT_THAT(refused.out, HasSubstr("frozen"));
  const Finished settled = town_.terminal(till_, {"settle"});
  EXPECT_EQ(settled.status, 0) << settled.out << settled.err;
  expect_paid(12);
}

TEST_F(OfflineTill, WhatARevokedTillSoldComesInByTheShopsNextTill) {
  sell_without_a_line();
  revoke();
  const Finished old = town_.terminal(till_, {"settle"});
  EXPECT_EQ(old.status, 3) << old.out;
  EXPECT_THAT(old.out, HasSubstr("waiting for the town: 2 sales, 12 points"));
  EXPECT_THAT(old.out, HasSubstr("take-over --from " + till_.folder));
  EXPECT_EQ(sell(3, 1).status, 1) << "with a line it stops at once";
  EXPECT_EQ(balance(), before_);

  const Till next = next_till();
  const Finished over = take_over(next, till_.folder);
  EXPECT_EQ(over.status, 0) << over.out << over.err;
  EXPECT_THAT(over.out, HasSubstr("Taken over: 2 offline sales, 12 points"));
  expect_paid(12);
  const Finished again = take_over(next, till_.folder);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("Taken over: 0 offline sales"));
  expect_paid(12);
}

TEST_F(OfflineTill, WhatTheFormerTillHadToldIsNotTakenOver) {
  sell_without_a_line();
  const std::string earlier = town_.path("earlier");  // as if no answer had come
  std::filesystem::copy(till_.folder, earlier, std::filesystem::copy_options::recursive);
  ASSERT_EQ(town_.terminal(till_, {"settle"}).status, 0);
  revoke();
  const Finished over = take_over(next_till(), earlier);
  EXPECT_EQ(over.status, 0) << over.out << over.err;
  EXPECT_THAT(over.out, HasSubstr("Taken over: 0 offline sales"));
  EXPECT_THAT(over.out, HasSubstr("-5  sale  done, receipt "));
  EXPECT_THAT(over.out, HasSubstr("-7  sale  done, receipt "));
  EXPECT_THAT(over.out, Not(HasSubstr("NOT PAID")));
  expect_paid(12);
}

// A disk that fails stops the till, which then tells nothing any more: what its journal has before the broken line comes
// in all the same.
TEST_F(OfflineTill, WhatABrokenJournalStillHasIsTakenOver) {
  sell_without_a_line();
  const std::string path = till_.folder + "/journal";
  std::string journal;
  {
    std::ifstream in(path, std::ios::binary);
    journal.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t last = journal.rfind(" shown ");  // of the second sale
  ASSERT_NE(last, journal.npos);
  journal[last + 1] = 'S';
  std::ofstream(path, std::ios::binary) << journal;
  EXPECT_EQ(town_.terminal(till_, {"settle"}).status, 2);
  revoke();
  const Finished over = take_over(next_till(), till_.folder);
  EXPECT_EQ(over.status, 0) << over.out << over.err;
  EXPECT_THAT(over.out, HasSubstr("Taken over: 2 offline sales, 12 points"));
  EXPECT_THAT(over.out, HasSubstr("journal is damaged"));
  expect_paid(12);
}

TEST_F(OfflineTill, ATillThatStillWorksIsNotTakenOver) {
  sell_without_a_line();
  const Till next = next_till();
  const Finished over = take_over(next, till_.folder);
  EXPECT_EQ(over.status, 2) << over.out;
  EXPECT_THAT(over.err, HasSubstr("still enrolled"));
  EXPECT_EQ(take_over(next, next.folder).status, 2) << "itself";
  EXPECT_EQ(take_over(next, town_.path("nowhere")).status, 2);
  EXPECT_EQ(take_over(town_.enrol_till(2), till_.folder).status, 2) << "another shop's";
  EXPECT_EQ(town_.terminal(till_, {"settle"}).status, 0);
  expect_paid(12);
}

}  // namespace
}  // namespace dfb::e2e
