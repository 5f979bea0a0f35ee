// Days of a till in which everything happens at once, drawn by a seed: sales with and without a line, refunds, voids,
// Z reports, answers and requests that are lost, power cuts between any two steps, a clock that jumps. What the journal
// says always adds up to what the ledger holds. A failure prints its seed and its steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "terminal/till/history_reading.h"
#include "tests/support/stride.h"
#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

struct PowerCut {};

class Story {
 public:
  explicit Story(std::uint64_t seed) : dice_(seed), start_(shop_.customer()) {
    const auto step = [this] {
      if (steps_until_cut_ >= 0 && steps_until_cut_-- == 0) throw PowerCut{};
    };
    shop_.till_clock.on_read = step;
    shop_.line->on_post = step;
  }

  void act() {
    shop_.clock.advance(roll(5, 20) * kSecondUs);
    if (roll(0, 15) == 0) shop_.clock.advance(roll(0, 4) == 0 ? -roll(1, 40) * kSecondUs : roll(1, 60) * kMinuteUs);
    steps_until_cut_ = roll(0, 3) == 0 ? roll(0, 25) : -1;
    draw_faults();
    try {
      act_at_the_till();
    } catch (const PowerCut&) {
      told("power cut");
      restart();
    }
    steps_until_cut_ = -1;
    expect_agreement();
  }
  // The line is good for as long as it takes.
  void settle() {
    shop_.line->faults.clear();
    shop_.mend();
    shop_.clock.advance(3 * kMinuteUs);
    pump(std::optional<TimeUs>(0));
    go_on_after_restart();
    for (int i = 0; i < 5 && shop_.counter->unsynced().sales > 0; ++i) (void)shop_.counter->sync(5);
    shop_.clock.advance(kMinuteUs);
    (void)shop_.counter->sync(5);
    expect_agreement();
    EXPECT_FALSE(is_open(shop_.counter->sale())) << name(shop_.counter->sale().phase);
    EXPECT_TRUE(shop_.history->unfinished().empty());
    EXPECT_EQ(shop_.counter->unsynced(), Unsynced{});
    EXPECT_TRUE(shop_.history->conflicts().empty());
    for (const Past& past : shop_.history->past()) EXPECT_TRUE(is_final(past.phase)) << name(past.phase);
  }
  std::string steps;

 private:
  std::int64_t roll(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(dice_);
  }
  void told(const std::string& what) { steps += what + "\n"; }

  void draw_faults() {
    shop_.line->faults.clear();
    shop_.line->lasting = Fault::none;
    if (roll(0, 4) == 0) shop_.line->lasting = static_cast<Fault>(roll(1, 4));
    for (auto i = roll(0, 6); i > 0; --i)
      shop_.line->faults.push_back(roll(0, 1) == 0 ? Fault::none : static_cast<Fault>(roll(1, 4)));
  }
  void act_at_the_till() {
    if (is_open(shop_.counter->sale())) {
      told("wait");
      return pump(std::optional<TimeUs>(0));
    }
    switch (roll(0, 8)) {
      case 0:
      case 1:
        return sell(roll(1, 6));
      case 2:
      case 3:
        return sell_offline();
      case 4:
        return give_back();
      case 5:
        return undo();
      case 6:
        return report(true);
      case 7:
        return report(false);
      default:
        told("sync");
        (void)shop_.counter->sync(1);
    }
  }
  void sell(std::int64_t points) {
    told("sell " + std::to_string(points));
    shop_.town.now_us = shop_.clock.now_us();
    shop_.counter->scan(shop_.code()).value();
    if (shop_.counter->sale().phase == Phase::ready) pump(shop_.counter->amount({points}, 0));
  }
  void sell_offline() {
    told("offline");
    shop_.sell_offline(shop_.offline(++counter_, roll(1, 3)));
  }
  const Past* one_done() {
    std::vector<const Past*> found;
    for (const Past& past : shop_.history->past())
      if (past.kind == Kind::sale && past.phase == Phase::done) found.push_back(&past);
    return found.empty() ? nullptr : found[static_cast<std::size_t>(roll(0, std::ssize(found) - 1))];
  }
  void give_back() {
    const Past* sale = one_done();
    if (sale == nullptr || shop_.counter->unsynced().sales > 0) return;
    told("refund");
    pump(shop_.counter->refund(sale->id, sale->account, {roll(1, 4)}, ""));
  }
  void undo() {
    const Past* sale = one_done();
    if (sale == nullptr || shop_.counter->unsynced().sales > 0 || can_void(*shop_.history, *sale) != CanVoid::yes) return;
    told("void");
    pump(shop_.counter->undo(*sale, "s-02"));
  }
  void report(bool closes) {
    if (shop_.counter->unsynced().sales > 0 || shop_.history->has_open()) return;
    told(closes ? "z" : "x");
    pump(closes ? shop_.counter->close_shift() : shop_.counter->read_shift());
  }
  void pump(Counter::Wait wait) {
    if (!is_open(shop_.counter->sale()) && wait.value() == TimeUs{0}) return;
    if (wait.value() == TimeUs{0}) wait = shop_.counter->tick();
    shop_.pump(std::move(wait), 40);
    if (!is_open(shop_.counter->sale())) told(std::string("-> ") + std::string(name(shop_.counter->sale().phase)));
  }
  void restart() {
    steps_until_cut_ = -1;
    shop_.open_till();
    if (roll(0, 1) == 0) shop_.clock.advance(roll(0, 1) == 0 ? kMinuteUs : 3 * kHourUs);
    if (roll(0, 1) == 0) (void)shop_.counter->greet();
    go_on_after_restart();
  }
  void go_on_after_restart() {
    for (Sale& sale : shop_.history->unfinished()) {
      if (is_open(shop_.counter->sale())) return;
      shop_.pump(shop_.counter->resume(std::move(sale)), 40);
    }
  }
  void expect_agreement() {
    const History& history = *shop_.history;
    std::int64_t charged = 0, kept = 0;
    bool open = false;
    for (const Past& past : history.past()) {
      open = open || !is_final(past.phase);
      if (past.phase == Phase::kept) kept += past.points.value;
      if (past.phase != Phase::done || is_report(past.kind)) continue;
      charged += past.kind == Kind::sale ? past.points.value : -past.points.value;
    }
    EXPECT_EQ(history.unsynced().points.value, kept);
    // What is not known may have happened, and what was kept may be with the town.
    if (!open && kept == 0) {
      EXPECT_EQ(shop_.customer(), start_ - charged);
      EXPECT_EQ(shop_.till(), charged);
    }
    History again;
    std::ifstream in(shop_.journal_path(), std::ios::binary);
    ASSERT_TRUE(read_journal(in, [&](const Record& record) { return again.add(record); }));
    EXPECT_EQ(again.unfinished(), history.unfinished());
    EXPECT_EQ(again.shift_totals(), history.shift_totals());
    ASSERT_EQ(again.past().size(), history.past().size());
    for (std::size_t i = 0; i < again.past().size(); ++i) {
      EXPECT_EQ(again.past()[i].phase, history.past()[i].phase);
      EXPECT_EQ(again.past()[i].points, history.past()[i].points);
    }
    for (const std::size_t past_most : {1, 3}) expect_little_is_enough(past_most, again);
  }
  // A start that keeps hardly anything of what lies behind knows all the same what there is to do.
  void expect_little_is_enough(std::size_t past_most, const History& history) {
    History little(past_most);
    HistoryReading reading(little);
    std::ifstream in(shop_.journal_path(), std::ios::binary);
    ASSERT_TRUE(read_journal(in, [&](const Record& record) {
      reading.take(record);
      return ok();
    }));
    ASSERT_TRUE(reading.finish());
    EXPECT_LE(little.past().size(), past_most);
    EXPECT_EQ(little.has_open(), history.has_open());
    // A till that keeps so few would not have voided what it no longer has.
    const bool voided = std::any_of(history.past().begin(), history.past().end(), [&](const Past& past) {
      return past.kind == Kind::undo && history.is_in_shift(past);
    });
    if (!voided) {
      EXPECT_EQ(little.unfinished(), history.unfinished());
      EXPECT_EQ(little.shift_totals(), history.shift_totals());
    }
    EXPECT_EQ(little.z_number(), history.z_number());
    EXPECT_EQ(little.x_number(), history.x_number());
    EXPECT_EQ(little.staff(), history.staff());
    EXPECT_EQ(little.seen(), history.seen());
    EXPECT_EQ(little.newest_us(), history.newest_us());
    EXPECT_EQ(little.kept(), history.kept());
    EXPECT_EQ(little.unsynced(), history.unsynced());
    ASSERT_EQ(little.conflicts().size(), history.conflicts().size());
    for (std::size_t i = 0; i < little.conflicts().size(); ++i)
      EXPECT_EQ(little.conflicts()[i].points, history.conflicts()[i].points);
    for (const Past& past : history.past()) EXPECT_TRUE(little.knows(past.id));
    EXPECT_FALSE(little.knows(Uuid()));
  }

  OfflineShop shop_;
  std::mt19937_64 dice_;
  std::int64_t steps_until_cut_ = -1, counter_ = 0, start_;
};

TEST(TillStories, TheJournalAddsUpToTheLedgerWhateverHappens) {
  for (std::uint64_t seed = 1; seed <= 150 / dfb::test::kStride; ++seed) {
    Story story(seed);
    for (int i = 0; i < 25 && !testing::Test::HasFailure(); ++i) story.act();
    story.settle();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << "\n" << story.steps;
  }
}

}  // namespace
}  // namespace dfb::terminal::test
