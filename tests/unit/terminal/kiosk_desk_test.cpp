// The desk whoever is served: what it scans, what it knows not yet, its line, its end.
#include <atomic>

#include "tests/unit/terminal/kiosk_desk.h"

namespace dfb::terminal::kiosk {
namespace {

TEST_F(DeskTest, TheCameraDoesNotScanWhileACustomerOrAResultWaits) {
  start();
  touch(Scan{shop.code(), true});
  js::object waits = see("customer");
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code(), true});
  js::object same = settled_view();
  EXPECT_EQ(id_of(same), id_of(waits));
  touch(Pay{id_of(waits), {30}, 0});
  see("result");
  shop.clock.advance(5 * kSecondUs);
  touch(Scan{shop.code(), true});
  EXPECT_EQ(settled_view().at("screen"), "result");
}

TEST_F(DeskTest, EveryWrongCodeIsNamed) {
  start();
  const std::pair<std::string, std::string> cases[] = {
      {std::string(135, 'A'), "site_code"},
      {"https://bq.example/#site=" + std::string(135, 'A'), "site_code"},
      {"https://bq.example/#ticket=" + std::string(32, '0'), "ticket"},
      {"0000 1111 2222 3333 4444 5555 6666 777Z", "ticket"},
      {"https://bq.example/#pickup=12345678", "link"},
      {"https://shop.example/", "link"},
      {"c2sp.org/tlog-proof@v1", "receipt"},
      {"6901234567893", "number"},
      {"hello", "unknown"},
  };
  for (const auto& [scanned, what] : cases) {
    const std::int64_t before = note_number();
    touch(Scan{scanned});
    const js::object view = noted(what, before);
    EXPECT_FALSE(text(view, "/note/zh").empty() || text(view, "/note/en").empty()) << scanned;
    EXPECT_EQ(view.at("screen"), "scan");
  }
  stop();
  EXPECT_TRUE(shop.history->past().empty());
}

TEST_F(DeskTest, WhileAResultIsNotKnownNothingElseIsDone) {
  shop.timing.cancel_after_us = 0;  // the clock of the test stands still
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  shop.line->lasting = Fault::lose_answer;
  touch(Pay{id_of(waits), {30}, 0});
  js::object unknown = see("unknown");
  EXPECT_EQ(id_of(unknown), id_of(waits));
  touch(Scan{shop.code()});
  touch(Next{id_of(waits)});
  touch(ShowPast{});
  touch(Drop{id_of(waits)});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(now().at("screen"), "unknown");
  stop();
  EXPECT_FALSE(settled);
  // The next start shows it and settles it before anything else.
  start();
  EXPECT_EQ(id_of(unknown), parse_uuid(text(see("unknown"), "/sale/id")).value());
  stop();
  shop.line->lasting = Fault::none;
  start();
  js::object result = see("result");
  EXPECT_EQ(text(result, "/sale/phase"), "cancelled");
  EXPECT_EQ(text(result, "/sale/effect"), "undone");
  touch(Next{id_of(result)});
  see("scan");
  stop();
  EXPECT_TRUE(settled);
  EXPECT_EQ(shop.till(), 0);
}

TEST_F(DeskTest, WhatComesInWhileTheTownIsAskedDoesNotTakeTheResultAway) {
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  shop.clock.advance(5 * kSecondUs);
  const std::string next_code = shop.code();
  shop.line->on_post = [&] {
    shop.line->on_post = {};
    touch(ShowPast{});
    touch(Scan{next_code});  // by somebody who thinks that nothing happened
  };
  touch(Pay{id_of(waits), {30}, 0});
  js::object result = noted("scanned_too_early");
  EXPECT_EQ(text(result, "/screen"), "result");
  EXPECT_EQ(id_of(result), id_of(waits));
  touch(Scan{next_code});  // who has seen it may scan on
  js::object next = see("customer");
  EXPECT_NE(id_of(next), id_of(waits));
  stop();
  EXPECT_EQ(shop.till(), 30);
}

TEST_F(DeskTest, ALineThatIsDownAndAClockThatIsOffAreShown) {
  std::atomic<int> looks = 0;
  look = [&] {
    ++looks;
    (void)shop.counter->greet();
  };
  shop.line->clock_ahead_us = 90 * kSecondUs;
  start();
  const auto see_line = [&](bool up) {
    EXPECT_TRUE(comes([&] { return now().at("line").at("up").as_bool() == up; }));
  };
  see_line(true);
  js::object first = now();
  EXPECT_TRUE(first["line"].at("clock_off").as_bool());
  EXPECT_NEAR(static_cast<double>(number(first, "/line/clock_ahead_s")), -90, 1);
  EXPECT_EQ(number(first, "/line/log_size"), shop.line->size());
  shop.town.now_us = shop.clock.now_us() + 90 * kSecondUs;
  touch(Scan{shop.town.pay_code(shop.town.resident, 200).text()});
  js::object waits = see("customer");
  const int before = looks;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(looks, before) << "no look while a customer waits, since it may block";
  touch(Drop{id_of(waits)});
  see("scan");
  shop.line->lasting = Fault::cut;
  touch(Scan{shop.town.pay_code(shop.town.resident, 200).text()});
  EXPECT_EQ(text(see("result"), "/sale/why"), "unreachable");
  see_line(false);
}

TEST_F(DeskTest, ARevokedTillSaysWhoTellsWhatItSoldWithoutALine) {
  shop.open();
  shop.keep_offline(30);
  look = [this] { (void)shop.counter->greet(); };
  folder = "/var/lib/till";
  start();
  EXPECT_EQ(text(see("scan"), "/offline/warning_en"), "");
  stop();
  shop.line->revoked = true;
  start();
  ASSERT_TRUE(comes([&] { return !text(now(), "/offline/warning_en").empty(); }));
  EXPECT_EQ(text(now(), "/offline/warning_en"),
            "This terminal was revoked and has not told the town of 1 offline sale (30 points): keep the folder. Enrol another "
            "terminal of this shop, and run there: defenbao-terminal take-over --from /var/lib/till");
  EXPECT_THAT(text(now(), "/offline/warning_zh"), testing::HasSubstr("take-over --from /var/lib/till"));
  stop();
}

TEST_F(DeskTest, AnOldJournalIsSaidOnThePageAndGivesNothingBack) {
  shop.open();
  shop.sell(30);
  const std::string image = shop.folder.read("journal"), seq = std::to_string(shop.counter->sale().seq);
  shop.sell(20);
  shop.counter.reset();
  shop.journal.reset();
  shop.folder.write("journal", image);
  start();
  see("scan");
  touch(Find{seq});
  auto view = see("refund");
  touch(GiveBack{parse_uuid(text(view, "/refund/sale/id")).value(), {10}, ""});
  view = noted("old_journal");
  EXPECT_EQ(shop.customer(), 100 - 50);
  EXPECT_THAT(text(view, "/note/en"), testing::HasSubstr("enrol this terminal anew"));
  EXPECT_THAT(text(view, "/offline/warning_en"), testing::HasSubstr("enrol this terminal anew"));
  stop();
}

TEST_F(DeskTest, ARevokedTillWithNothingToTell) {
  look = [this] { (void)shop.counter->greet(); };
  shop.line->revoked = true;
  start();
  ASSERT_TRUE(comes([&] { return !text(now(), "/offline/warning_en").empty(); }));
  EXPECT_THAT(text(now(), "/offline/warning_en"), testing::HasSubstr("sells nothing more"));
  EXPECT_THAT(text(now(), "/offline/warning_en"), testing::Not(testing::HasSubstr("take-over")));
  stop();
}

TEST_F(DeskTest, AnotherHistoryIsAnAlarmOnWhateverIsShown) {
  look = [this] { (void)shop.counter->watch_log(); };
  start();
  touch(Scan{shop.code()});
  js::object waits = see("customer");
  touch(Pay{id_of(waits), {30}, 0});
  EXPECT_EQ(text(see("result"), "/offline/warning_zh"), "");
  stop();
  shop.line->rewrite_history();
  start();
  ASSERT_TRUE(comes([&] { return !text(now(), "/offline/warning_en").empty(); }));
  EXPECT_THAT(text(now(), "/offline/warning_zh"), testing::HasSubstr("不是同一份历史"));
  EXPECT_THAT(text(now(), "/offline/warning_en"), testing::StartsWith("ALARM: "));
  EXPECT_EQ(now().at("screen"), "scan");
}

TEST_F(DeskTest, WhenTheProgramEndsThePageIsTold) {
  start();
  see("scan");
  stop();
  EXPECT_EQ(see("stopped").at("screen"), "stopped");
}

}  // namespace
}  // namespace dfb::terminal::kiosk
