// The till against a town that answers, answers late, not at all, or falsely.
#include "terminal/counter/counter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "ledger/log/receipt.h"
#include "terminal/flow.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;
using testing::ElementsAre;

constexpr std::int64_t kStart = 100;  // the customer's points

class CounterTest : public testing::Test {
 protected:
  void SetUp() override { shop.open(); }
  Shop shop;
  const Sale& sale() const { return shop.counter->sale(); }
};

TEST_F(CounterTest, ASaleIsProvenAndSettled) {
  ASSERT_EQ(shop.customer(), kStart);
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(sale().customer.name, "王*");
  EXPECT_EQ(sale().log_size, shop.line->size());
  EXPECT_EQ(sale().seq, shop.line->size() - 1);
  EXPECT_EQ(shop.customer(), kStart - 30);
  EXPECT_EQ(shop.till(), 30);
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_done));
  EXPECT_EQ(shop.counter->seen().size, shop.line->size());
  EXPECT_TRUE(shop.history->unfinished().empty());
  ASSERT_EQ(shop.history->past().size(), 1U);
  EXPECT_EQ(shop.history->by_receipt(sale().seq)->id, sale().id);
}

TEST_F(CounterTest, ARefusalThatIsAnEntryIsProvenToo) {
  shop.counter->scan(shop.code(500)).value();
  shop.pump(shop.counter->amount({101}, 0));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::insufficient_points);
  EXPECT_EQ(sale().seq, shop.line->size() - 1);
  EXPECT_EQ(shop.customer(), kStart);
  EXPECT_TRUE(shop.history->unfinished().empty());
}

TEST_F(CounterTest, TheSameCodeASecondTime) {
  const std::string code = shop.code();
  shop.counter->scan(code).value();
  shop.pump(shop.counter->amount({30}, 0));
  shop.counter->scan(code).value();
  shop.pump(shop.counter->amount({30}, 0));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::code_used);
  EXPECT_EQ(shop.customer(), kStart - 30);
}

TEST_F(CounterTest, WhatIsNoCodeIsRefusedWithoutTheTown) {
  shop.counter->scan("not a code").value();
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::malformed);
  std::string forged = shop.code();
  forged[100] = forged[100] == 'A' ? 'B' : 'A';
  shop.counter->scan(forged).value();
  EXPECT_EQ(sale().why.code, Code::bad_signature);
  EXPECT_EQ(shop.line->posts, 0);
}

TEST_F(CounterTest, TheCashierSaysNo) {
  shop.counter->scan(shop.code()).value();
  shop.counter->drop().value();
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(shop.line->posts, 0);
  EXPECT_TRUE(shop.history->unfinished().empty());
  EXPECT_TRUE(shop.history->past().empty());
}

// The answer is lost, and the town answers the enquiry.
TEST_F(CounterTest, ALostAnswerIsAskedFor) {
  shop.line->faults = {Fault::none, Fault::lose_answer};
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.line->posts, 1);
  EXPECT_EQ(shop.line->enquiries, 1);
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_unknown, Do::show_done));
  EXPECT_EQ(shop.till(), 30);
}

// Nothing comes back for longer than the till waits: the sale took place and is undone.
TEST_F(CounterTest, ALostAnswerEndsInACancelThatUndoes) {
  shop.line->faults = {Fault::none, Fault::lose_answer};
  for (int i = 0; i < 20; ++i) shop.line->faults.push_back(Fault::lose_answer);
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(sale().effect, CancelEffect::undone);
  EXPECT_EQ(shop.customer(), kStart);
  EXPECT_EQ(shop.till(), 0);
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_unknown, Do::show_cancelled));
}

// The sale never reached the town: the cancel burns its id, and the late request charges nobody.
TEST_F(CounterTest, ALostRequestIsBurntAndItsLateRetryChargesNobody) {
  shop.line->faults = {Fault::none, Fault::lose_request};
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(sale().effect, CancelEffect::burnt);
  const auto late = shop.line->post(Route::redemptions, std::string(shop.line->bodies.front()));
  ASSERT_TRUE(late && late->problem);
  EXPECT_EQ(late->problem->code, Code::id_burnt);
  EXPECT_EQ(shop.customer(), kStart);
}

// Two hours without a line: the cancel's own time has run out, and a new one settles the sale.
TEST_F(CounterTest, ALongCutIsSettledByAFreshCancel) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  shop.line->lasting = Fault::lose_request;
  EXPECT_FALSE(shop.pump(shop.counter->amount({30}, 0), 40));
  EXPECT_EQ(sale().phase, Phase::cancelling);
  const auto first = sale().cancel;
  shop.clock.advance(2 * kHourUs);
  shop.line->lasting = Fault::none;
  EXPECT_TRUE(shop.pump(shop.counter->tick()));
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_NE(sale().cancel, first);
  EXPECT_EQ(shop.customer(), kStart);
}

// A day later the ledger undoes it no longer: it stands, and the customer who had been sent away has paid.
TEST_F(CounterTest, ASaleThatStandsLateIsNoOrdinarySuccess) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  shop.line->faults = {Fault::lose_answer};
  shop.line->lasting = Fault::cut;
  shop.pump(shop.counter->amount({30}, 0), 40);
  EXPECT_EQ(sale().phase, Phase::cancelling);
  shop.clock.advance(25 * kHourUs);
  shop.line->lasting = Fault::none;
  EXPECT_TRUE(shop.pump(shop.counter->tick()));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_TRUE(stands_late(sale()));
  const Past late = *shop.history->by_id(sale().id);
  shop.pump(shop.counter->refund(late.id, late.account, {30}, ""));
  EXPECT_EQ(shop.customer(), kStart);
  shop.sell(30);
  EXPECT_FALSE(stands_late(sale()));
}

TEST_F(CounterTest, BusyMeansTheSameBytesAgain) {
  shop.line->faults = {Fault::none, Fault::busy, Fault::cut, Fault::busy};
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.line->posts, 4);
  for (const std::string& body : shop.line->bodies) EXPECT_EQ(body, shop.line->bodies.front());
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_done)) << "nothing was unknown at any time";
}

TEST_F(CounterTest, WhatWasNeverTakenIsRefusedInTheEnd) {
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  shop.line->lasting = Fault::cut;
  EXPECT_TRUE(shop.pump(shop.counter->amount({30}, 0)));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::unreachable);
  EXPECT_EQ(sale().seq, -1);
  EXPECT_TRUE(shop.history->unfinished().empty());
}

TEST_F(CounterTest, ARefundIsSentAgainUntilItIsAnswered) {
  shop.sell(30);
  const Past sold = *shop.history->by_id(sale().id);
  shop.line->faults = {Fault::lose_answer, Fault::cut, Fault::lose_request};
  EXPECT_TRUE(shop.pump(shop.counter->refund(sold.id, sold.account, {10}, "broken bag")));
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.customer(), kStart - 20);
  EXPECT_TRUE(shop.pump(shop.counter->refund(sold.id, sold.account, {21}, "")));
  EXPECT_EQ(sale().phase, Phase::refused);
  EXPECT_EQ(sale().why.code, Code::refund_exceeds_sale);
  EXPECT_EQ(shop.customer(), kStart - 20);
}

// An old image of the disk, found out only when the line was back: it gives nothing back any more.
TEST_F(CounterTest, AnOldJournalGivesNothingBack) {
  shop.sell(30);
  const Past sold = *shop.history->by_id(sale().id);
  const std::string image = shop.folder.read("journal");
  shop.sell(20);
  for (const bool by_a_sync : {true, false}) {
    shop.counter.reset();
    shop.journal.reset();
    shop.folder.write("journal", image);
    shop.line->lasting = Fault::cut;
    shop.open();
    EXPECT_FALSE(shop.counter->greet());
    shop.line->lasting = Fault::none;
    if (by_a_sync) {
      EXPECT_EQ(shop.counter->sync(1).error().code, Code::corrupt);
    }
    Flow flow(*shop.counter);
    ASSERT_EQ(flow.ask(Flow::Refund{sold, {10}, ""}).value(), Flow::Said::asked);
    EXPECT_EQ(flow.answer(true).value(), Flow::Said::old_journal);
    ASSERT_EQ(flow.ask(Flow::CloseShift{}).value(), Flow::Said::asked);
    EXPECT_EQ(flow.answer(true).value(), Flow::Said::old_journal);
    EXPECT_EQ(shop.customer(), kStart - 50);
  }
}

TEST_F(CounterTest, ATownWhoseClockIsElsewhereIsStillServed) {
  shop.line->clock_ahead_us = 3 * kHourUs;
  ASSERT_TRUE(shop.counter->greet());
  EXPECT_EQ(shop.counter->clock_off_us(), 3 * kHourUs);
  shop.clock.advance(5 * kSecondUs);
  shop.town.now_us = shop.clock.now_us() + 3 * kHourUs;  // the customer's phone goes by the town's clock
  shop.counter->scan(shop.town.pay_code(shop.town.resident, 200).text()).value();
  shop.pump(shop.counter->amount({30}, 0));
  EXPECT_EQ(sale().phase, Phase::done);
}

TEST_F(CounterTest, ALogThatGrewByThousandsIsFollowed) {
  shop.line->grow(700);
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::done);
  shop.line->grow(300);
  shop.sell(30);
  EXPECT_EQ(sale().phase, Phase::done);
  EXPECT_EQ(shop.counter->seen().size, shop.line->size());
}

// Whatever is wrong with an answer: no success, an alarm, and in the end a cancel once the town is honest
// again.
struct Forgery {
  const char* name;
  std::function<void(Shop&, Reply&)> forge;
  Code why;
};
class ForgedAnswers : public CounterTest, public testing::WithParamInterface<Forgery> {};

TEST_P(ForgedAnswers, AreNeverASuccess) {
  const Forgery& forgery = GetParam();
  shop.line->forge = [&](Reply& reply) { forgery.forge(shop, reply); };
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  EXPECT_FALSE(shop.pump(shop.counter->amount({30}, 0), 30));
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_alarm, Do::show_unknown));
  EXPECT_EQ(sale().why.code, forgery.why) << to_string(sale().why);
  shop.line->forge = nullptr;
  EXPECT_TRUE(shop.pump(shop.counter->tick()));
  EXPECT_EQ(sale().phase, Phase::cancelled);
  EXPECT_EQ(shop.customer(), kStart);
}

INSTANTIATE_TEST_SUITE_P(
    All, ForgedAnswers,
    testing::Values(
        Forgery{"an_older_entry", [](Shop& s, Reply& r) { r.answer = *s.line->take(s.first.back()).answer; },
                Code::wrong_entry},
        Forgery{"an_entry_that_somebody_else_just_made",
                [](Shop& s, Reply& r) { r.answer = *s.line->take(s.town.mint(1)).answer; },
                Code::wrong_entry},
        Forgery{"changed_leaf", [](Shop&, Reply& r) { r.answer->entry.back() = ' '; }, Code::bad_path},
        Forgery{"no_receipt", [](Shop&, Reply& r) { r.answer->receipt.clear(); }, Code::malformed},
        Forgery{"another_log_key",
                [](Shop& s, Reply& r) {
                  auto receipt = log::parse_receipt(r.answer->receipt).value();
                  receipt.checkpoint =
                      log::parse_note(log::sign_checkpoint(s.line->checkpoint(),
                                                           PrivateKey::generate(Algorithm::ed25519)))
                          .value();
                  r.answer->receipt = log::format_receipt(receipt);
                },
                Code::unknown_key},
        Forgery{"refused_in_words_only",
                [](Shop&, Reply& r) {
                  r = {r.answer, Error{Code::insufficient_points, ""}};
                },
                Code::wrong_entry}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(CounterTest, ARewrittenHistoryIsAnAlarmThatStays) {
  shop.sell(10);
  shop.line->rewrite_history();
  shop.shown.clear();
  shop.clock.advance(5 * kSecondUs);
  shop.counter->scan(shop.code()).value();
  EXPECT_FALSE(shop.pump(shop.counter->amount({30}, 0), 50));
  EXPECT_EQ(sale().why.code, Code::inconsistent);
  EXPECT_THAT(shop.shown, ElementsAre(Do::show_customer, Do::show_alarm, Do::show_unknown));
}

TEST_F(CounterTest, ATownThatTakesItForAnotherTill) {
  shop.setup.shop = shop.town.other_shop.account;
  EXPECT_EQ(shop.counter->greet().error().code, Code::forbidden);
}

TEST_F(CounterTest, AFullDiskStopsBeforeAnythingIsSent) {
  shop.counter->scan(shop.code()).value();
  // The folder's journal becomes one that cannot grow, by the kernel's own hand.
  const int posts = shop.line->posts;
  testing::FLAGS_gtest_death_test_style = "fast";
  EXPECT_EXIT(
      {
        struct rlimit limit {};
        limit.rlim_cur = limit.rlim_max = 1;
        std::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto wait = shop.counter->amount({30}, 0);
        std::_Exit(!wait && wait.error().code == Code::io_error && shop.line->posts == posts ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace dfb::terminal
