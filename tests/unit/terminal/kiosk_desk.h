// The till's thread behind the page, on a whole till: touches in, states out, against a town that answers, answers late or
// not.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "terminal/kiosk/desk.h"
#include "terminal/link/watched_line.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal::kiosk {

using test::Fault;
using test::Shop;
namespace js = boost::json;

class DeskTest : public testing::Test {
 protected:
  void SetUp() override { shop.timing.retry_us = 1000; }
  void TearDown() override { stop(); }
  // The till as its program makes it, on a thread of its own.
  void start() {
    shop.open();
    board = std::make_unique<Board>();
    inbox = std::make_unique<Inbox>();
    line = std::make_unique<WatchedLine>(*shop.line);
    shop.counter = std::make_unique<Counter>(Counter::Parts{
        *shop.journal, *shop.history, *line, shop.town.shop.key, shop.setup, shop.vkey, shop.till_clock,
        shop.random, shop.timing, [this](Do what, const Sale& sale) {
          shop.shelf->watch(what, sale);
          desk->show(what, sale);
        }});
    receipts = std::make_unique<Receipts>(Receipts::Parts{
        {"丽景超市", "Lijing Store", shop.setup.shop, shop.setup.origin, "https://bq.example:8443"},
        Lang::zh,
        kPaper80mm,
        QrStyle::native,
        queue.get()});
    owners = std::make_unique<OwnersPage>(
        OwnersPage::Parts{*shop.counter, *shop.history, *line, shop.clock, shop.setup.shop});
    desk = std::make_unique<Desk>(
        Desk::Parts{*shop.counter,
                    *shop.history,
                    *shop.attendance,
                    *shop.shelf,
                    shop.clock,
                    *receipts,
                    *owners,
                    *board,
                    *inbox,
                    {"丽景超市", "Lijing Store", to_string(shop.setup.shop), shop.setup.origin},
                    [this] { return line->is_up(); },
                    look,
                    std::chrono::milliseconds(1),
                    lock_after,
                    folder});
    thread = std::thread([this] { settled = desk->run(shop.history->unfinished()).value(); });
    while (!board->newest(0, std::chrono::milliseconds(100))) {
    }
  }
  void stop() {
    if (!thread.joinable()) return;
    inbox->close();
    thread.join();
  }
  // The first state, from now on, that shows this screen.
  js::object see(const std::string& screen) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (std::int64_t version = 0; std::chrono::steady_clock::now() < until;) {
      const auto newest = board->newest(version, std::chrono::milliseconds(1000));
      if (!newest || newest->version == version) continue;
      version = newest->version;
      auto view = js::parse(newest->json).as_object();
      if (view["screen"] == js::string(screen)) return view;
    }
    ADD_FAILURE() << "no screen " << screen << ", but "
                  << board->newest(0, std::chrono::milliseconds(0))->json;
    return {};
  }
  // After all touches so far were carried out: the last one is a scan that no touch before it answers alike.
  js::object settled_view() {
    const std::int64_t before = note_number();
    touch(Scan{"just text " + std::to_string(before), false});
    return noted("unknown", before);
  }
  // The first state whose note says this, after note number `before`.
  js::object noted(const std::string& what, std::int64_t before = 0) {
    js::object view;
    const bool said = comes([&] {
      view = now();
      const bool has_note = view.contains("note") && view["note"].is_object();
      return has_note && text(view, "/note/what") == what && number(view, "/note/n") > before;
    });
    EXPECT_TRUE(said) << "no note " << what << ", but " << js::serialize(view);
    return view;
  }
  // Whether that holds within some seconds.
  static bool comes(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }
  js::object now() { return js::parse(board->newest(0, std::chrono::milliseconds(0))->json).as_object(); }
  std::int64_t note_number() {
    auto view = now();
    return view.contains("note") ? view["note"].at("n").as_int64() : 0;
  }
  void touch(Touch one) { EXPECT_TRUE(inbox->push(std::move(one))); }
  static Uuid id_of(js::object& view) {
    return parse_uuid(std::string(view["sale"].at("id").as_string())).value();
  }
  static std::string text(const js::object& view, std::string_view pointer) {
    const js::value value(view);
    return std::string(value.at_pointer(pointer).as_string());
  }
  static std::int64_t number(const js::object& view, std::string_view pointer) {
    const js::value value(view);
    return value.at_pointer(pointer).as_int64();
  }

  Shop shop;
  std::unique_ptr<WatchedLine> line;
  std::function<void()> look;
  std::chrono::milliseconds lock_after{0};
  std::string folder;  // the till's
  std::unique_ptr<Board> board;
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<PrintQueue> queue;  // a test's own
  std::unique_ptr<Receipts> receipts;
  std::unique_ptr<OwnersPage> owners;
  std::unique_ptr<Desk> desk;
  std::thread thread;
  bool settled = false;
};

}  // namespace dfb::terminal::kiosk
