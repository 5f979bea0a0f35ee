// Selling without a line, and telling the town afterwards: at a whole till, with the book's real rules behind the
// line.
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/audit/audit.h"
#include "terminal/flow.h"
#include "terminal/offline_words.h"
#include "terminal/screen.h"
#include "tests/support/log_folder.h"
#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

TEST(TerminalOffline, SellsWithoutALineAndIsCountedWhenItIsBack) {
  OfflineShop shop;
  const std::int64_t before = shop.till();
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  EXPECT_EQ(shop.shown.back(), Do::show_kept);
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{1, {30}}));
  EXPECT_EQ(budget_left(shop.counter->pins(), shop.counter->unsynced()).value, 2000 - 30);
  EXPECT_EQ(shop.till(), before);
  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  EXPECT_EQ(shop.till(), before + 30);
  EXPECT_TRUE(shop.history->conflicts().empty());
  EXPECT_EQ(shop.history->past().back().phase, Phase::done);
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.till(), before + 30) << "nothing is sent twice";
}

TEST(TerminalOffline, WithALineAnOfflineCodeIsCountedAtOnce) {
  OfflineShop shop;
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "done");
  EXPECT_EQ(shop.shown.back(), Do::show_done);
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
}

TEST(TerminalOffline, EachRuleOfTheTillRefuses) {
  struct Row {
    const char* code;
    std::function<book::OfflineCode(OfflineShop&)> made;
  };
  const std::vector<Row> rows{
      {"sale_of_other_shop",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.shop = s.town.other_shop.account;
         return make_offline_code(s.town.resident.key, s.town.origin, code);
       }},
      {"account_frozen",
       [](OfflineShop& s) {
         s.mend();
         s.line->suspended = true;
         s.counter->sync(1).value();
         s.cut();
         return s.offline(1, 5);
       }},
      {"clock_behind",
       [](OfflineShop& s) {
         s.clock.advance(kHourUs);
         s.sell_offline(s.offline(1, 1));
         s.clock.advance(-30 * kMinuteUs);
         return s.offline(2, 5);
       }},
      {"unreachable",
       [](OfflineShop& s) {
         s.clock.advance(49 * kHourUs);
         return s.offline(1, 5);
       }},
      {"allowance_unknown",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.allowance.bytes[15] ^= 1;
         return make_offline_code(s.town.resident.key, s.town.origin, code);
       }},
      {"allowance_unknown",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.account = s.town.sibling.account;
         return make_offline_code(s.town.resident.key, s.town.origin, code);
       }},
      {"offline_right_lost",
       [](OfflineShop& s) {
         s.mend();
         s.line->stopped = {s.allowance};
         s.counter->sync(1).value();
         s.cut();
         return s.offline(1, 5);
       }},
      {"allowance_unknown",  // run out and forgotten, though the till may sell by others
       [](OfflineShop& s) {
         s.clock.advance(20 * kHourUs);
         s.mend();
         s.counter->sync(1).value();
         s.clock.advance(5 * kHourUs);
         s.counter->sync(1).value();
         s.cut();
         return s.offline(1, 5);
       }},
      {"hold_expired",
       [](OfflineShop& s) {
         s.clock.advance(24 * kHourUs);
         return s.offline(1, 5);
       }},
      {"code_stale",
       [](OfflineShop& s) {
         const auto code = s.offline(1, 5);
         s.clock.advance(kOfflineDriftUs + 6 * kSecondUs);
         return code;
       }},
      {"code_stale",
       [](OfflineShop& s) {
         s.clock.advance(kOfflineDriftUs + 6 * kSecondUs);
         const auto code = s.offline(1, 5);
         s.clock.advance(-(kOfflineDriftUs + 6 * kSecondUs));
         return code;
       }},
      {"bad_signature",
       [](OfflineShop& s) {
         auto code = s.offline(1, 5);
         code.points = {6};
         return code;
       }},
      {"counter_used",
       [](OfflineShop& s) {
         s.sell_offline(s.offline(1, 5));
         return s.offline(1, 6);
       }},
      {"allowance_spent",
       [](OfflineShop& s) {
         s.sell_offline(s.offline(1, 30));
         return s.offline(2, 21);
       }},
      {"budget_exhausted",
       [](OfflineShop& s) {
         Pins small = s.kept;
         small.till_points = {40};
         s.kept = small;
         s.open_till();
         s.sell_offline(s.offline(1, 30));
         return s.offline(2, 11);
       }},
  };
  for (const Row& row : rows) {
    OfflineShop shop;
    shop.cut();
    const auto code = row.made(shop);
    const auto before = shop.counter->unsynced();
    EXPECT_EQ(shop.sell_offline(code), row.code);
    EXPECT_EQ(shop.counter->unsynced(), before) << row.code;
  }
}

TEST(TerminalOffline, TheLastOfEachLimitIsStillGood) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 20)), "kept");
  EXPECT_EQ(shop.sell_offline(shop.offline(7, 30)), "kept") << "all of the allowance, counters with a gap";
  OfflineShop other;
  other.cut();
  other.clock.advance(24 * kHourUs - book::kPayStepUs);
  EXPECT_EQ(other.sell_offline(other.offline(1, 1)), "kept");
}

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

// A phone that spends its allowance at two shops: the second one is refused, named, and kept until it was read.
TEST(TerminalOffline, WhatTheTownRefusesIsNamedUntilItIsRead) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  shop.mend();
  shop.town.now_us = shop.clock.now_us();
  shop.line->take(shop.town.redeem_offline(shop.town.resident, shop.allowance, 1, 50, shop.town.other_shop));
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
  const auto conflicts = shop.history->conflicts();
  ASSERT_EQ(conflicts.size(), 1u);
  EXPECT_EQ(conflicts.front().points.value, 30);
  EXPECT_EQ(conflicts.front().why, Code::allowance_spent);
  EXPECT_GE(conflicts.front().seq, 0) << "the entry by which the shop is covered";
  shop.open_till();
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  const Uuid id = shop.history->conflicts().front().id;
  shop.counter->acknowledge(id).value();
  EXPECT_TRUE(shop.history->conflicts().empty());
  EXPECT_EQ(shop.counter->acknowledge(id).error().code, Code::not_found);
  shop.open_till();
  EXPECT_TRUE(shop.history->conflicts().empty());
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

TEST(TerminalOffline, ARefusalThatTheLedgerHadNoRoomForIsAskedForAgain) {
  OfflineShop shop;
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  shop.mend();
  for (const Code code : {Code::allowance_spent, Code::key_revoked, Code::key_outside_dates, Code::hold_expired,
                          Code::clock_behind, Code::clock_unconfirmed, Code::busy, Code::rate_limited}) {
    shop.line->forge = [code](Reply& reply) { reply = {{}, Error{code, ""}}; };
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.counter->unsynced().sales, 1) << dfb::name(code);
  }
  shop.line->forge = [](Reply& reply) { reply = {{}, Error{Code::hold_resolved, ""}}; };
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->unsynced().sales, 0);
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  EXPECT_EQ(shop.history->conflicts().front().why, Code::hold_resolved);
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

// The name stands in no journal; it is known for as long as somebody may have to read it.
TEST(TerminalOffline, ARefusedSaleNamesTheCustomerAsTheTillDid) {
  OfflineShop shop;
  shop.town.now_us = shop.clock.now_us();
  shop.line->take(shop.town.redeem_offline(shop.town.resident, shop.allowance, 1, 50, shop.town.other_shop));
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 30)), "kept");
  EXPECT_EQ(shop.last_shown.customer.name, "王*");
  EXPECT_NE(message(Lang::zh, Do::show_customer, shop.last_shown).find("王*"), std::string::npos);
  EXPECT_NE(message(Lang::en, Do::show_kept, shop.last_shown).find("30 points from 王*"), std::string::npos);
  shop.clock.advance(25 * kHourUs);
  shop.mend();
  shop.counter->sync(1).value();
  EXPECT_TRUE(shop.counter->pins().allowances.empty()) << "run out";
  shop.open_till();
  shop.counter->sync(1).value();
  ASSERT_EQ(shop.history->conflicts().size(), 1u);
  const Past refused = shop.history->conflicts().front();
  const std::string name = shop.counter->pins().name_of(refused.account);
  EXPECT_EQ(name, "王*");
  EXPECT_NE(conflict_line(Lang::en, refused, name).find(", 王*, account …"), std::string::npos);
  EXPECT_NE(conflict_line(Lang::zh, refused, name).find("，王*，账号 …"), std::string::npos);
  EXPECT_EQ(conflict_line(Lang::en, refused, "").find("*"), std::string::npos);
  EXPECT_EQ(shop.folder.read("journal").find("王"), std::string::npos);
  shop.counter->acknowledge(refused.id).value();
  shop.counter->sync(1).value();
  EXPECT_EQ(shop.counter->pins().name_of(refused.account), "") << "nobody has to read it any more";
}

TEST(TerminalOffline, AJournalFromAnOldDiskImageSellsNothing) {
  OfflineShop shop;
  std::ifstream in(shop.journal_path());
  const std::string image((std::istreambuf_iterator<char>(in)), {});
  shop.sell(10);
  ASSERT_EQ(shop.counter->sale().phase, Phase::done);
  shop.counter->sync(1).value();
  EXPECT_FALSE(shop.counter->is_journal_behind());
  shop.counter.reset();
  shop.journal.reset();
  std::ofstream(shop.journal_path(), std::ios::trunc) << image;
  shop.open_till();
  shop.sell(10);
  EXPECT_EQ(shop.counter->sale().phase, Phase::refused);
  EXPECT_EQ(shop.counter->sale().why.code, Code::corrupt);
  EXPECT_TRUE(shop.counter->is_journal_behind());
  EXPECT_EQ(shop.sell_offline(shop.offline(1, 5)), "corrupt");
  EXPECT_EQ(shop.counter->sync(1).error().code, Code::corrupt);
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

// What is forged on its way makes the till keep what it had.
TEST(TerminalOffline, NewsCountOnlyWithTheLogsProof) {
  const std::vector<std::pair<const char*, std::function<void(OfflineNews&)>>> forgeries{
      {"bad_path", [](OfflineNews& news) { news.allowances.front().proof.entry[40] ^= 1; }},
      {"wrong_entry",
       [](OfflineNews& news) {
         news.allowances.front().spki = PrivateKey::from_ticket("thief").public_key().spki();
       }},
      {"wrong_entry", [](OfflineNews& news) { news.allowances.front().proof = *news.policy; }},
      {"wrong_entry", [](OfflineNews& news) { news.policy = news.allowances.front().proof; }},
  };
  for (const auto& [code, forge] : forgeries) {
    OfflineShop shop;
    const Pins before = shop.counter->pins();
    shop.kept = {};
    shop.open_till();
    shop.line->forge_news = forge;
    const auto synced = shop.counter->sync(1);
    ASSERT_FALSE(synced.has_value());
    EXPECT_EQ(dfb::name(synced.error().code), code);
    EXPECT_EQ(shop.counter->pins(), Pins{});
    shop.line->forge_news = {};
    shop.counter->sync(1).value();
    EXPECT_EQ(shop.counter->pins().allowances, before.allowances);
  }
}

TEST(TerminalOffline, PinsAreWrittenAndReadBack) {
  OfflineShop shop;
  EXPECT_EQ(parse_pins(format_pins(shop.kept)).value(), shop.kept);
  EXPECT_EQ(shop.kept.till_points.value, 2000);
  EXPECT_EQ(shop.kept.hours, 48);
  ASSERT_EQ(shop.kept.allowances.size(), 1u);
  Pins named = shop.kept;
  named.names[shop.town.sibling.account] = "林*";
  EXPECT_EQ(parse_pins(format_pins(named)).value(), named);
  EXPECT_EQ(parse_pins("{}").error().code, Code::malformed);
  EXPECT_EQ(parse_pins("").error().code, Code::malformed);
}

// The town has turned the till away, or convicted the phone without room for an entry, between the scan and the yes:
// nothing was handed over yet.
TEST(TerminalOffline, WithALineARefusalIsNoCutLine) {
  for (const Code code : {Code::key_revoked, Code::forbidden, Code::account_closed, Code::allowance_spent}) {
    OfflineShop shop;
    shop.counter->scan(shop.offline(1, 10).text()).value();
    ASSERT_EQ(shop.counter->sale().phase, Phase::ready);
    shop.line->forge = [code](Reply& reply) { reply = {{}, Error{code, ""}}; };
    shop.counter->amount({10}, 0).value();
    EXPECT_EQ(shop.counter->sale().phase, Phase::refused) << dfb::name(code);
    EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
    EXPECT_TRUE(shop.history->conflicts().empty()) << "nobody was told that it is sold";
  }
}

// Eight hours ahead, as a machine is that keeps local time for UTC, and then set right as the till had asked.
TEST(TerminalOffline, AClockThatWasSetRightStopsNothing) {
  OfflineShop shop;
  shop.line->clock_ahead_us = -8 * kHourUs;
  shop.counter->sync(1).value();
  shop.sell_offline(shop.offline(1, 5));
  shop.clock.advance(-8 * kHourUs);
  shop.line->clock_ahead_us = 0;
  shop.counter->sync(1).value();
  shop.cut();
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 10)), "kept");
}

// Where no record of the journal stands behind it, the moment of the last answer does.
TEST(TerminalOffline, AClockBehindTheLastAnswerIsNoticed) {
  OfflineShop shop;
  shop.clock.advance(9 * kHourUs);
  shop.counter->sync(1).value();
  shop.cut();
  shop.clock.advance(-9 * kHourUs + kMinuteUs);
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 10)), "clock_behind");
  shop.open_till();
  EXPECT_EQ(shop.sell_offline(shop.offline(2, 10)), "clock_behind");
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
