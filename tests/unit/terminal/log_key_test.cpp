// A till across a change of the log's key: it follows what the log proves, and nothing else.
#include <gtest/gtest.h>

#include "ledger/log/receipt.h"
#include "ledger/log/signer.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using test::Fault;
using test::Shop;

class LogKeyTest : public testing::Test {
 protected:
  LogKeyTest() { open(shop.vkey); }
  // A run of the terminal that begins with this key pinned.
  void open(const log::Vkey& pinned) {
    begun_with = pinned;
    shop.open();
    shop.counter = std::make_unique<Counter>(
        Counter::Parts{*shop.journal, *shop.history, *shop.line, shop.town.shop.key, shop.setup, begun_with,
                       shop.till_clock, shop.random, shop.timing,
                       [this](Do what, const Sale& sale) {
                         shop.shown.push_back(what);
                         shop.last_shown = sale;
                       },
                       [this](const log::Vkey& followed) -> Result<void> {
                         if (disk_is_full) return fail(Code::io_error, "no space");
                         kept.push_back(format_vkey(followed));
                         return ok();
                       }});
  }
  const Sale& sale() const { return shop.counter->sale(); }
  void sell(std::int64_t points) {
    shop.sell(points);
    EXPECT_EQ(sale().phase, Phase::done) << to_string(sale().why);
  }
  Sale refused_sale() {
    shop.clock.advance(5 * kSecondUs);
    shop.counter->scan(shop.code()).value();
    EXPECT_FALSE(shop.pump(shop.counter->amount({10}, 0), 30));
    return sale();
  }
  std::string vkey(const PrivateKey& key) { return log::Signer(shop.town.origin, {key}).vkeys().front(); }

  Shop shop;
  log::Vkey begun_with = shop.vkey;
  std::vector<std::string> kept;
  bool disk_is_full = false;
  const PrivateKey next = PrivateKey::generate(Algorithm::ed25519);
  const PrivateKey third = PrivateKey::generate(Algorithm::ed25519);
};

TEST_F(LogKeyTest, SellsBeforeDuringAndAfterAChange) {
  sell(10);
  shop.line->rotate(next);
  sell(10);
  EXPECT_TRUE(kept.empty()) << "the pinned key still signs";
  shop.line->end_overlap();
  sell(10);
  EXPECT_EQ(kept, std::vector{vkey(next)});
  shop.line->rotate(third);
  shop.line->end_overlap();
  sell(10);
  EXPECT_EQ(kept.back(), vkey(third));
}

TEST_F(LogKeyTest, AGreetingIsEnoughToLearnIt) {
  shop.line->rotate(next);
  ASSERT_TRUE(shop.counter->greet());
  EXPECT_EQ(kept, std::vector{vkey(next)});
  ASSERT_TRUE(shop.counter->greet());
  EXPECT_EQ(kept.size(), 1U);
}

TEST_F(LogKeyTest, ATillThatWasAwayForTwoChangesFollowsBoth) {
  shop.line->rotate(next);
  shop.line->end_overlap();
  shop.line->rotate(third);
  shop.line->end_overlap();
  sell(10);
  EXPECT_EQ(kept, std::vector{vkey(third)});
  open(log::parse_vkey(vkey(next)).value());
  sell(10);
  EXPECT_EQ(kept.back(), vkey(third)) << "from the one between, too";
}

TEST_F(LogKeyTest, AKeyThatTheLogDoesNotProveIsNotBelieved) {
  const PrivateKey thief = PrivateKey::generate(Algorithm::ed25519);
  shop.line->rotate(next);
  shop.line->end_overlap();
  const std::vector<std::function<void(std::vector<LogKeyChange>&)>> forgeries = {
      [](auto& changes) { changes.clear(); },
      [](auto& changes) { changes[0].entry.replace(changes[0].entry.find("log_key"), 7, "witness"); },
      // Signed by the thief, whose line is the only one.
      [&](auto& changes) {
        auto receipt = log::parse_receipt(changes[0].receipt).value();
        receipt.checkpoint = log::parse_note(log::sign_checkpoint(shop.line->checkpoint(), thief)).value();
        changes[0].receipt = log::format_receipt(receipt);
      },
      // A good receipt of another entry, to which the thief has added a line.
      [&](auto& changes) {
        auto receipt = log::parse_receipt(changes[0].receipt).value();
        const auto line = log::parse_note(log::sign_checkpoint(shop.line->checkpoint(), thief)).value();
        receipt.checkpoint.signatures.push_back(line.signatures[0]);
        const auto other = shop.line->take(shop.first.back()).answer.value();
        changes[0] = {other.entry, other.receipt};
      },
  };
  for (std::size_t i = 0; i < forgeries.size(); ++i) {
    open(shop.vkey);
    shop.line->forge_keys = forgeries[i];
    EXPECT_EQ(shop.counter->greet().error().code, Code::unknown_key) << i;
    EXPECT_TRUE(kept.empty()) << i;
  }
  EXPECT_EQ(refused_sale().why.code, Code::unknown_key);
  shop.line->forge_keys = nullptr;
  EXPECT_TRUE(shop.pump(shop.counter->tick())) << "and the truth is still good enough";
  EXPECT_EQ(kept, std::vector{vkey(next)});
}

TEST_F(LogKeyTest, AChangeInAnotherHistoryIsNotFollowed) {
  sell(10);
  shop.line->rewrite_history();
  shop.line->rotate(next);
  EXPECT_EQ(shop.counter->greet().error().code, Code::inconsistent);
  EXPECT_TRUE(kept.empty());
}

TEST_F(LogKeyTest, WhatCannotBeKeptIsNotUsed) {
  shop.line->rotate(next);
  disk_is_full = true;
  EXPECT_EQ(shop.counter->greet().error().code, Code::io_error);
  sell(10);
  disk_is_full = false;
  ASSERT_TRUE(shop.counter->greet());
  EXPECT_EQ(kept.size(), 1U);
}

}  // namespace
}  // namespace dfb::terminal
