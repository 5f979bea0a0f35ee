// Telling the town what was sold without a line: once, whatever is lost on the way, and before a shift is closed.
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/audit/audit.h"
#include "terminal/flow.h"
#include "terminal/offline_words.h"
#include "tests/support/log_folder.h"
#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

// The journal is all that is left: what was sold is sent, what was not shown is shown again, what was used up
// stays used.
TEST(TerminalOffline, ARestartForgetsNothing) {
  OfflineShop shop;
  shop.cut();
  const auto code = shop.offline(1, 30);
  EXPECT_EQ(shop.sell_offline(code), "kept");
  shop.open_till();
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{1, {30}}));
  EXPECT_TRUE(shop.history->unfinished().empty());
  EXPECT_EQ(shop.sell_offline(code), "counter_used");
  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
}

// As if the power went at each record of the sale and of its upload; the town has it once in the end.
TEST(TerminalOffline, APowerCutAtAnyRecordLosesAndDoublesNothing) {
  for (int records_left = 0; records_left < 6; ++records_left) {
    OfflineShop shop;
    const std::int64_t before = shop.till();
    shop.cut();
    shop.sell_offline(shop.offline(1, 30));
    shop.mend();
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.till(), before + 30);
    shop.counter.reset();
    shop.journal.reset();
    std::ifstream in(shop.journal_path());
    std::vector<std::string> lines;
    for (std::string one; std::getline(in, one);) lines.push_back(one);
    std::ofstream cut_off(shop.journal_path(), std::ios::trunc);
    for (std::size_t i = 0; i + static_cast<std::size_t>(records_left) < lines.size(); ++i)
      cut_off << lines[i] << "\n";
    cut_off.close();
    shop.open_till();
    const bool knows = shop.history->by_id(shop.line->last_of_till().value()) != nullptr;
    for (Sale& sale : shop.history->unfinished()) shop.counter->resume(std::move(sale)).value();
    const auto synced = shop.counter->sync(1);
    EXPECT_EQ(synced.has_value(), knows) << records_left;
    EXPECT_EQ(shop.counter->is_journal_behind(), !knows);
    EXPECT_EQ(shop.till(), before + 30) << records_left;
    EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  }
}

TEST(TerminalOffline, ALostAnswerIsAskedForAgain) {
  OfflineShop shop;
  const std::int64_t before = shop.till();
  shop.cut();
  shop.sell_offline(shop.offline(1, 10));
  shop.sell_offline(shop.offline(2, 10));
  shop.mend();
  shop.line->faults = {Fault::lose_answer};
  EXPECT_EQ(shop.counter->sync(1).error().code, Code::timed_out);
  EXPECT_EQ(shop.till(), before + 20) << "the town has them";
  EXPECT_EQ(shop.counter->unsynced().sales, 2) << "and the till does not know";
  shop.counter->sync(2).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  EXPECT_EQ(shop.till(), before + 20);
}

// What is not about the sale leaves it waiting, however it came.
TEST(TerminalOffline, APhoneWhoseClockIsAheadIsCountedWhenItsMomentHasCome) {
  OfflineShop shop;
  const std::int64_t before = shop.till();
  auto code = shop.offline(1, 30);
  code.at_us += kMinuteUs;
  code = make_offline_code(shop.town.resident.key, shop.town.origin, code);
  EXPECT_EQ(shop.sell_offline(code), "kept") << "with a line, too";
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{1, {30}}));
  EXPECT_TRUE(shop.history->conflicts().empty());
  shop.clock.advance(kMinuteUs);
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  EXPECT_EQ(shop.till(), before + 30);
}

TEST(TerminalOffline, ARevokedTillsSalesWait) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  shop.mend();
  shop.town.now_us = shop.clock.now_us();
  const book::RevokeKey revoke{shop.town.shop.key.public_key().id(), "stolen"};
  ASSERT_FALSE(shop.line->take(shop.town.sign(revoke, {&shop.town.admin_a.key})).problem);
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{1, {30}})) << "for the shop's next till";
  EXPECT_TRUE(shop.history->conflicts().empty());
}

TEST(TerminalOffline, OnASlowLineFewerAreSentAtOnce) {
  OfflineShop shop;
  const std::int64_t before = shop.till();
  shop.cut();
  for (int n = 1; n <= 9; ++n) EXPECT_EQ(shop.sell_offline(shop.offline(n, 1)), "kept");
  shop.mend();
  shop.line->uploads_most = 3;
  for (const std::size_t fewer : {4, 2}) {
    EXPECT_EQ(shop.counter->sync(1).error().code, Code::timed_out) << fewer;
    EXPECT_FALSE(shop.counter->has_more_to_tell());
  }
  for (int left = 7; left > 0; left -= 2) {
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.counter->unsynced().sales, left);
    EXPECT_TRUE(shop.counter->has_more_to_tell());
  }
  shop.counter->sync(1).value();
  EXPECT_FALSE(shop.counter->has_more_to_tell());
  EXPECT_EQ(shop.till(), before + 9);
  EXPECT_EQ(shop.line->uploads, 2 + 5);
}

// Which shift a sale is of, its entry says: nothing is closed, voided or given back before the town has counted.
// The reports then say what the auditor adds up.
TEST(TerminalOffline, AShiftIsClosedWhenTheTownHasCountedAndTheAuditorAgrees) {
  OfflineShop shop;
  Flow flow(*shop.counter);
  shop.sell(10);
  const Past first = shop.history->past().back();
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  shop.clock.advance(5 * kSecondUs);  // they go out in the order of their ids, which have the time
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 20)), "kept");
  EXPECT_EQ(flow.ask(Flow::CloseShift{}).value(), Flow::Said::unsynced_first);
  EXPECT_EQ(flow.ask(Flow::Void{first, "s-02"}).value(), Flow::Said::unsynced_first);
  EXPECT_EQ(flow.ask(Flow::Refund{first, {4}}).value(), Flow::Said::unsynced_first);
  EXPECT_EQ(shop.history->shift_totals().count, 1) << "what the ledger has proven";
  shop.mend();
  shop.town.now_us = shop.clock.now_us();
  shop.line->take(shop.town.redeem_offline(shop.town.resident, shop.allowance, 3, 20, shop.town.other_shop));
  shop.counter->sync(1).value();
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  shop.pump(shop.counter->refund(first.id, first.account, {4}, ""));
  shop.sell(6);
  const Past voided = shop.history->past().back();
  shop.refund_elsewhere(voided.id, 2);
  ASSERT_TRUE(shop.pump(shop.counter->undo(voided, "s-02")));
  ASSERT_EQ(flow.ask(Flow::CloseShift{}).value(), Flow::Said::asked);
  flow.answer(true).value();
  ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  const ShiftTotals& totals = shop.counter->sale().totals;
  EXPECT_EQ(totals.count, 2);
  EXPECT_EQ(totals.total, 10 + 30 + 2) << "the void took 4 of 6";
  EXPECT_EQ(totals.refunds, 1);
  EXPECT_EQ(totals.refunded, 4);
  shop.sell(5);
  const Past second = shop.history->past().back();
  shop.pump(shop.counter->refund(first.id, first.account, {1}, ""));
  shop.pump(shop.counter->refund(second.id, second.account, {5}, ""));
  ASSERT_TRUE(shop.pump(shop.counter->close_shift()));
  EXPECT_EQ(shop.counter->sale().number, 2);
  dfb::test::write_log(shop.folder.path("log"), shop.line->leaves(), shop.town.origin, shop.log_key);
  const auto source = audit::folder_source(shop.folder.path("log"));
  const audit::Report report = audit::audit(*source, audit::Task{.key = shop.vkey});
  for (const auto& finding : report.findings) ADD_FAILURE() << audit::to_line(finding, audit::Lang::en);
  EXPECT_EQ(report.verdict, audit::Verdict::sound);
  EXPECT_EQ(report.replayed, shop.line->size());
}

TEST(TerminalOffline, WhatASyncCannotProveIsAnAlarm) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 10)), "kept");
  EXPECT_EQ(warning_words(Lang::en, *shop.counter, "/till"), "");
  shop.mend();
  shop.line->forge = [](Reply& reply) { reply.answer->entry.back() = ' '; };
  (void)shop.counter->sync(1);
  EXPECT_EQ(shop.counter->unsynced().sales, 1);
  EXPECT_EQ(warning_words(Lang::en, *shop.counter, "/till"),
            "ALARM: the town's answer does not stand the check (bad_path). Call the administrator");
  shop.cut();
  EXPECT_FALSE(shop.counter->sync(1));
  EXPECT_TRUE(shop.counter->distrust()) << "a cut line takes nothing back";
  shop.mend();
  shop.line->forge = nullptr;
  shop.counter->sync(1).value();
  EXPECT_FALSE(shop.counter->distrust());
  EXPECT_EQ(shop.counter->unsynced().sales, 0);
}

}  // namespace
}  // namespace dfb::terminal::test
