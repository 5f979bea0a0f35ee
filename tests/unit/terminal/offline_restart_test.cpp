// Offline sales and their upload, killed -9 at each record, and the record that was just written torn or gone: what
// was shown as sold is in the ledger once or in the list of conflicts, and until then the till says that it waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "ledger/base/uuid.h"
#include "ledger/crypto/hash.h"
#include "terminal/offline_words.h"
#include "tests/support/stride.h"
#include "tests/unit/terminal/killed.h"
#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

struct OfflineKillStory {
  const char* name;
  bool line_while_selling;
  std::vector<Fault> faults;  // of the first upload
};

class OfflineRestart : public testing::TestWithParam<OfflineKillStory> {};

// Another shop took 25 of the allowance's 50 points: of 10, 15 and 20 the last one is refused and convicts.
struct SpentElsewhere : OfflineShop {
  SpentElsewhere() : OfflineShop(true) {
    town.now_us = clock.now_us();
    first.push_back(town.redeem_offline(town.resident, allowance, 77, 25, town.other_shop));
    open_town();
    before = till();
    counter.reset();
    journal.reset();
  }
  // In the child that will be killed.
  void sell_and_tell(const OfflineKillStory& story) {
    on_show = [this](Do what, const Sale& sale) {
      line->on_post();
      if (what == Do::show_kept || what == Do::show_done)
        std::ofstream(folder.path("handed_over"), std::ios::app) << to_string(sale.id) << "\n";
    };
    open_till();
    if (!story.line_while_selling) cut();
    for (const auto& [n, points] : {std::pair{1, 10}, {2, 15}, {3, 20}}) {
      clock.advance(kSecondUs);
      sell_offline(offline(n, points));
    }
    mend();
    line->faults.assign(story.faults.begin(), story.faults.end());
    for (int tries = 0; tries < 3; ++tries) (void)counter->sync(1);
  }
  void start_again() {
    on_show = {};
    clock.set(town.now_us + kMinuteUs);
    open_town();  // with all that the killed till had sent it
    open_till();
    for (Sale& sale : history->unfinished()) EXPECT_TRUE(pump(counter->resume(std::move(sale))));
  }
  std::set<Uuid> handed_over() const {
    std::set<Uuid> ids;
    std::istringstream in(folder.read("handed_over"));
    for (std::string id; std::getline(in, id);) ids.insert(parse_uuid(id).value());
    return ids;
  }
  std::int64_t before = 0;
};

// The journal as a power cut may have left it: with what was acted upon, and with any part of what was not.
std::vector<std::string> torn_journals(const SpentElsewhere& shop) {
  const std::string whole = shop.folder.read("journal");
  std::vector<std::string> out{whole};
  std::size_t begin = std::stoul("0" + shop.folder.read("acted_upon"));
  for (std::size_t end = whole.find('\n', begin); begin < whole.size(); end = whole.find('\n', begin)) {
    out.push_back(whole.substr(0, begin));
    out.push_back(whole.substr(0, begin + (end - begin) / 2));
    begin = end + 1;
  }
  return out;
}

void expect_it_says_what_waits(const SpentElsewhere& shop) {
  std::int64_t sales = 0, points = 0;
  for (const Past& past : shop.history->past())
    if (past.phase == Phase::kept) ++sales, points += past.points.value;
  EXPECT_EQ(shop.counter->unsynced(), (Unsynced{sales, {points}}));
  EXPECT_THAT(offline_banner(Lang::en, *shop.counter),
              testing::HasSubstr("waiting for the town: " + counted(sales, "sale") + ", " +
                                 std::to_string(points) + " points"));
}

void expect_each_once(SpentElsewhere& shop) {
  std::int64_t paid = 0;
  std::set<Uuid> refused;
  for (const Past& past : shop.history->past()) {
    EXPECT_TRUE(past.phase == Phase::done || past.phase == Phase::refused) << name(past.phase);
    if (past.phase == Phase::done) paid += past.points.value;
    if (past.phase == Phase::refused) {
      refused.insert(past.id);
      EXPECT_EQ(past.why, Code::allowance_spent);
      EXPECT_GE(past.seq, 0);
    }
  }
  EXPECT_EQ(shop.till() - shop.before, paid);
  std::set<Uuid> listed;
  for (const Past& past : shop.history->conflicts()) listed.insert(past.id);
  for (const Uuid& id : shop.handed_over()) {
    const Past* past = shop.history->by_id(id);
    ASSERT_NE(past, nullptr) << "what was shown as sold is lost";
    EXPECT_TRUE(past->phase == Phase::done || listed.contains(id));
  }
}

TEST_P(OfflineRestart, KilledAtEachRecordNothingIsLostOrDoubled) {
  int kills = 0, torn = 0;
  for (int more = 1 + dfb::test::stride_start(GetParam().name);; more += dfb::test::kStride) {
    std::size_t journals = 1;
    bool killed = false;
    for (std::size_t n = 0; n < journals; ++n) {
      SpentElsewhere shop;
      killed = killed_at(shop, lines_of(shop) + more, [&] { shop.sell_and_tell(GetParam()); });
      const auto left = torn_journals(shop);
      journals = left.size();
      shop.folder.write("journal", left.at(n));
      SCOPED_TRACE("killed " + std::to_string(more) + " records on, torn " + std::to_string(n));
      shop.start_again();
      expect_it_says_what_waits(shop);
      shop.counter->sync(3).value();
      EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
      expect_each_once(shop);
      const std::int64_t paid = shop.till();
      shop.counter->sync(3).value();
      EXPECT_EQ(shop.till(), paid) << "nothing is sent twice";
      ++(n == 0 ? kills : torn);
    }
    if (!killed) break;
  }
  EXPECT_GE(kills, 9 / dfb::test::kStride);
  EXPECT_GE(torn, 18 / dfb::test::kStride);
}

// What a former till of this shop has journaled; its key is not this till's.
std::vector<terminal::SignedLine> left_behind(OfflineShop& shop) {
  const PrivateKey former = PrivateKey::generate(Algorithm::p256);
  std::vector<terminal::SignedLine> lines;
  for (const auto& [n, points] : {std::pair{1, 10}, {2, 15}}) {
    book::Transfer sale = redemption_of(shop.offline(n, points), shop.town.resident.key.public_key().id());
    sale.goods = sha256("");
    sale.cash_fen = 250;
    const book::Payload payload{make_uuid(shop.clock.now_us() + n, shop.random), former.public_key().id(),
                                shop.clock.now_us(), std::move(sale)};
    lines.push_back({book::format_payload(payload), std::string(64, 's')});
  }
  return lines;
}

TEST(OfflineTakenOver, KilledAtEachRecordItIsPaidOnce) {
  int kills = 0;
  bool killed = true;
  for (int more = 1; killed; more += dfb::test::kStride) {
    OfflineShop shop(true);
    const std::int64_t before = shop.till();
    const auto lines = left_behind(shop);
    shop.counter.reset();
    shop.journal.reset();
    const auto take_all = [&] {
      int fresh = 0;
      for (const auto& line : lines) fresh += shop.counter->take_over(line).value() ? 1 : 0;
      return fresh;
    };
    killed = killed_at(shop, lines_of(shop) + more, [&] {
      shop.open_till();
      take_all();
      (void)shop.counter->sync(1);
    });
    SCOPED_TRACE("killed " + std::to_string(more) + " records on");
    shop.clock.advance(kMinuteUs);
    shop.open_town();
    shop.open_till();
    for (Sale& sale : shop.history->unfinished())
      EXPECT_TRUE(shop.pump(shop.counter->resume(std::move(sale))));
    take_all();
    shop.counter->sync(1).value();
    EXPECT_EQ(take_all(), 0);
    EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
    EXPECT_EQ(shop.till(), before + 25);
    ASSERT_EQ(shop.history->past().size(), 2u);
    for (const Past& past : shop.history->past()) {
      EXPECT_EQ(past.phase, Phase::done);
      EXPECT_EQ(past.cash_fen, 250);
    }
    kills += killed ? 1 : 0;
  }
  EXPECT_GE(kills, 9 / dfb::test::kStride);
}

TEST(OfflineTakenOver, NothingButOfflineSalesOfThisShop) {
  OfflineShop shop;
  const auto of = [&](book::Body body) {
    const book::Payload payload{shop.town.next_id(), shop.town.other_shop.key.public_key().id(),
                                shop.clock.now_us(), std::move(body)};
    return terminal::SignedLine{book::format_payload(payload), std::string(64, 's')};
  };
  auto code = shop.offline(1, 5);
  code.shop = shop.town.other_shop.account;
  book::Transfer other = redemption_of(code, shop.town.resident.key.public_key().id());
  EXPECT_EQ(shop.counter->take_over(of(other)).error().code, Code::sale_of_other_shop);
  EXPECT_EQ(shop.counter->take_over(of(book::Cancel{shop.allowance})).error().code, Code::malformed);
  EXPECT_EQ(shop.counter->take_over({"{}", "s"}).error().code, Code::malformed);
  EXPECT_EQ(shop.counter->unsynced(), Unsynced{});
}

INSTANTIATE_TEST_SUITE_P(All, OfflineRestart,
                         testing::Values(OfflineKillStory{"without_a_line", false, {}},
                                         OfflineKillStory{"answer_lost", false, {Fault::lose_answer}},
                                         OfflineKillStory{"with_a_line", true, {}}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace dfb::terminal::test
