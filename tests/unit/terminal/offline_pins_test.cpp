// What a till is told for selling without a line: by the log's proof alone, and kept.
#include <gtest/gtest.h>

#include "tests/unit/terminal/offline_shop.h"

namespace dfb::terminal::test {
namespace {

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

}  // namespace
}  // namespace dfb::terminal::test
