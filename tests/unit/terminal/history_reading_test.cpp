// A start of a long journal: what is kept of it, and that nothing is lost which is still to be done.
#include "terminal/till/history_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "terminal/flow.h"
#include "terminal/refundable.h"
#include "terminal/report/owners_report.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;

class LongJournal : public testing::Test {
 protected:
  void SetUp() override {
    shop.employ();
    shop.open();
  }
  void close_shift() { ASSERT_TRUE(shop.pump(shop.counter->close_shift())); }
  // The program starts again, and keeps so many.
  void restart(std::size_t past_most) {
    shop.counter.reset();
    shop.attendance.reset();
    shop.shelf.reset();
    shop.journal.reset();
    shop.history = std::make_unique<History>(past_most);
    shop.journal = std::make_unique<Journal>(open_journal(shop.journal_path(), *shop.history).value());
    shop.counter = std::make_unique<Counter>(Counter::Parts{*shop.journal, *shop.history, *shop.line, shop.town.shop.key,
                                                            shop.setup, shop.vkey, shop.till_clock, shop.random, shop.timing,
                                                            [this](Do what, const Sale& sale) {
                                                              shop.shown.push_back(what);
                                                              shop.last_shown = sale;
                                                            }});
  }
  Past last() { return shop.history->past().back(); }
  // An X report of before there were such in the ledger.
  void count_x() {
    const std::string number = std::to_string(shop.history->x_number() + 1);
    const auto record = shop.journal->append(shop.clock.now_us(), What::xreport,
                                             R"({"number":)" + number + R"(,"count":0,"total":0,"refunds":0,"refunded":0})");
    shop.history->add(record.value()).value();
  }
  Shop shop;
};

TEST_F(LongJournal, OfClosedShiftsTheirPlacesInTheLedgerAreKept) {
  std::vector<Past> all;
  for (int shift = 0; shift < 3; ++shift) {
    for (int i = 0; i < 3; ++i) {
      shop.sell(2);
      all.push_back(last());
    }
    count_x();
    close_shift();
    all.push_back(last());
  }
  shop.sell(5);
  all.push_back(last());
  const ShiftTotals totals = shop.history->shift_totals();
  restart(4);
  const History& history = *shop.history;
  EXPECT_EQ(history.past().size(), 4U);
  EXPECT_EQ(history.past().size() + history.old().size(), all.size());
  for (std::size_t i = 0; i < history.old().size(); ++i) {
    EXPECT_EQ(history.old()[i].id, all[i].id);
    EXPECT_EQ(history.old()[i].kind, all[i].kind);
    EXPECT_EQ(history.old()[i].seq, all[i].seq);
    EXPECT_EQ(history.old()[i].entry_us, all[i].entry_us);
    EXPECT_TRUE(history.knows(all[i].id));
    EXPECT_EQ(history.by_id(all[i].id), nullptr);
  }
  EXPECT_EQ(history.shift_totals(), totals);
  EXPECT_EQ(history.z_number(), 3);
  EXPECT_EQ(history.x_number(), 3);
  EXPECT_TRUE(shop.counter->greet()) << "the ledger's newest entry of this till is known";

  // The report still finds what the town leaves out, and what lies behind is given back by the town's word.
  const Day day = civil_day(shop.clock.now_us());
  const auto report = [&] {
    return owners_report(own_leaves(*shop.counter, *shop.line, day_start_us(day), day_start_us(day + 1), [](std::size_t) {}).value(),
                         history, shop.setup.shop, day, day);
  };
  EXPECT_TRUE(report().missing.empty());
  shop.line->forge_leaves = [&](LeafPage& page) {
    std::erase_if(page.leaves, [&](const auto& leaf) { return leaf.first == all[1].seq; });
  };
  ASSERT_EQ(report().missing.size(), 1U);
  EXPECT_EQ(report().missing[0].seq, all[1].seq);
  shop.line->forge_leaves = {};
  const Past sold = find_refundable(*shop.counter, history, std::to_string(all[0].seq)).value();
  EXPECT_EQ(sold.id, all[0].id);
  EXPECT_TRUE(shop.pump(shop.counter->refund(sold.id, sold.account, {2}, "")));
  EXPECT_EQ(shop.counter->sale().phase, Phase::done);
  EXPECT_EQ(shop.history->shift_totals().refunded, 2);
  ASSERT_TRUE(shop.pump(shop.counter->close_shift()));
  EXPECT_EQ(shop.counter->sale().phase, Phase::done) << "the town's own sum agrees";
}

// A shop that never closes a shift: the sums are whole, and what lies behind is voided no more.
TEST_F(LongJournal, AShiftLongerThanWhatIsKeptHasItsSums) {
  restart(6);
  for (int i = 0; i < 4; ++i) shop.sell(2);
  const Past first = shop.history->past().front();
  ASSERT_TRUE(shop.pump(shop.counter->refund(first.id, first.account, {1}, "")));
  ASSERT_TRUE(shop.pump(shop.counter->undo(shop.history->past()[1], "s-02")));
  EXPECT_EQ(can_void(*shop.history, first), CanVoid::yes);
  for (int i = 0; i < 5; ++i) shop.sell(3);
  const ShiftTotals totals = shop.history->shift_totals();
  EXPECT_EQ(totals, (ShiftTotals{totals.from_us, 8, 21, 1, 1, 1, 0, 0}));
  EXPECT_EQ(can_void(*shop.history, first), CanVoid::earlier_shift);
  restart(6);
  EXPECT_EQ(shop.history->past().size(), 6U);
  EXPECT_EQ(shop.history->shift_totals(), totals);
  shop.sell(1);
  close_shift();
  EXPECT_EQ(shop.counter->sale().phase, Phase::done) << "the town's own sum agrees";
  EXPECT_EQ(shop.history->shift_totals().count, 0);
  restart(1);
  EXPECT_EQ(shop.history->z_number(), 1);
}

// A journal of a till that kept more in memory, and voided what this one would not.
TEST_F(LongJournal, AVoidOfWhatIsNotKeptIsReadAllTheSame) {
  for (int i = 0; i < 4; ++i) shop.sell(2);
  ASSERT_TRUE(shop.pump(shop.counter->undo(shop.history->past().front(), "s-02")));
  restart(1);
  EXPECT_EQ(last().kind, Kind::undo);
  EXPECT_EQ(last().points.value, 2);
}

TEST_F(LongJournal, XReportsOfClosedShiftsKeepTheirNumbers) {
  count_x();
  for (int shift = 0; shift < 3; ++shift) {
    shop.sell(2);
    ASSERT_TRUE(shop.pump(shop.counter->read_shift()));
    close_shift();
  }
  shop.sell(2);
  restart(1);
  EXPECT_EQ(shop.history->x_number(), 4);
  ASSERT_TRUE(shop.pump(shop.counter->read_shift()));
  EXPECT_EQ(last().number, 5);
  EXPECT_EQ(last().phase, Phase::done);
}

// What waits to be read is bounded by records, too: the log was looked at for days, and nothing was sold.
TEST_F(LongJournal, AQuietShopsRecordsDoNotPileUp) {
  for (int shift = 0; shift < 3; ++shift) {
    shop.sell(2);
    for (int i = 0; i < 40; ++i) count_x();
    close_shift();
  }
  const Past first = shop.history->past().front();
  restart(6);
  EXPECT_EQ(shop.history->x_number(), 120);
  EXPECT_EQ(shop.history->z_number(), 3);
  EXPECT_EQ(shop.history->past().size(), 6U) << "the newest so many are there in full";
  EXPECT_NE(shop.history->by_id(first.id), nullptr);
}

// However far behind: what the town has not answered, and what nobody has read.
TEST_F(LongJournal, WhatIsWaitedForIsKept) {
  shop.keep_offline(3);
  const Past kept = last();
  for (int i = 0; i < 4; ++i) shop.sell(2);
  const ShiftTotals totals = shop.history->shift_totals();
  restart(1);
  ASSERT_NE(shop.history->by_id(kept.id), nullptr);
  EXPECT_EQ(shop.history->by_id(kept.id)->phase, Phase::kept);
  EXPECT_EQ(shop.history->unsynced().points.value, 3);
  EXPECT_EQ(shop.history->shift_totals(), totals);
  // The town refuses it; somebody reads that.
  Sale refused;
  refused.id = kept.id;
  refused.why = fail(Code::allowance_unknown);
  const RecordToWrite record = record_of(Do::write_refused, refused);
  ASSERT_TRUE(shop.history->add(shop.journal->append(shop.clock.now_us(), record.what, record.text).value()));
  ASSERT_EQ(shop.history->conflicts().size(), 1U);
  restart(1);
  ASSERT_EQ(shop.history->conflicts().size(), 1U);
  EXPECT_EQ(shop.history->conflicts()[0].points.value, 3);
  ASSERT_TRUE(shop.counter->acknowledge(kept.id));
  EXPECT_EQ(shop.history->by_id(kept.id), nullptr);
  EXPECT_TRUE(shop.history->knows(kept.id));
  EXPECT_EQ(shop.history->shift_totals(), totals);
}

TEST_F(LongJournal, ALineThatMakesNoSenseIsNamedThoughItIsReadLate) {
  shop.sell(2);
  shop.journal->append(shop.clock.now_us(), What::shown, R"({"id":"019a5b3e-7c00-7abc-8def-000000000004"})").value();
  const std::int64_t line = shop.journal->chain().size();
  for (int i = 0; i < 3; ++i) shop.journal->append(shop.clock.now_us(), What::xreport, R"({"number":1})").value();
  shop.journal.reset();
  History history(100);
  const auto opened = open_journal(shop.journal_path(), history);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::corrupt);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("line " + std::to_string(line) + ": "));
}

// A restored disk image is still found out by an entry that lies in no shift the till knows.
TEST_F(LongJournal, AnOldImageIsFoundOut) {
  for (int i = 0; i < 3; ++i) shop.sell(2);
  close_shift();
  shop.sell(2);
  const std::string image = shop.folder.read("journal");
  shop.sell(2);
  restart(1);
  EXPECT_TRUE(shop.counter->greet());
  shop.counter.reset();
  shop.journal.reset();
  shop.folder.write("journal", image);
  restart(1);
  EXPECT_EQ(shop.counter->greet().error().code, Code::corrupt);
}

}  // namespace
}  // namespace dfb::terminal
