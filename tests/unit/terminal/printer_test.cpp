// Printers that print, are slow, go away, run out of paper or never were there: a sale goes on, and the till
// knows how it stands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "terminal/printing/receipts.h"
#include "tests/support/paper.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/terminal/shop.h"

namespace dfb::terminal {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using test::Shop;
using FakePrinter = dfb::test::TcpPrinter;
using Manner = FakePrinter::Manner;

constexpr PrinterTiming kQuick{200ms, 200ms, 100ms, 20ms, 400ms};

PrinterStatus wait_for(const PrintQueue& queue, PrinterState state, std::size_t given_up = 0) {
  PrinterStatus status;
  for (int i = 0; i < 2000; ++i) {
    status = queue.status();
    if (status.state == state && status.given_up_count >= given_up) return status;
    std::this_thread::sleep_for(5ms);
  }
  ADD_FAILURE() << "state " << static_cast<int>(status.state) << " " << status.why;
  return status;
}

TEST(PrinterAddress, Forms) {
  const auto network = [](std::string_view text) {
    const auto address = parse_printer(text).value();
    const auto& found = std::get<TcpPrinter>(address);
    return found.host + " " + found.port;
  };
  EXPECT_EQ(network("tcp://192.168.1.60:9101"), "192.168.1.60 9101");
  EXPECT_EQ(network("tcp://printer"), "printer 9100");
  EXPECT_EQ(network("tcp://printer:9100/"), "printer 9100");
  EXPECT_EQ(network("tcp://[fd00::1]:9100"), "fd00::1 9100");
  EXPECT_EQ(network("tcp://[fd00::1]"), "fd00::1 9100");
  EXPECT_EQ(std::get<DevicePrinter>(parse_printer("/dev/usb/lp0").value()).path, "/dev/usb/lp0");
  for (const char* text : {"", "tcp://", "tcp://:9100", "tcp://a:", "tcp://a:0", "tcp://a:65536", "tcp://a:x",
                           "tcp://a b", "tcp://a/b", "http://a:9100", "usb://x"})
    EXPECT_EQ(parse_printer(text).error().code, Code::bad_config) << text;
}

TEST(PrintQueue, EveryJobInItsOrder) {
  for (const Manner manner : {Manner::prints, Manner::mute, Manner::slow}) {
    FakePrinter printer(manner);
    PrintQueue queue(parse_printer(printer.address()).value());
    EXPECT_TRUE(queue.push("one"));
    EXPECT_TRUE(queue.push(std::string(3000, 'x')));
    EXPECT_TRUE(queue.finish(10s));
    EXPECT_EQ(printer.jobs(2), (std::vector<std::string>{"one", std::string(3000, 'x')}));
    EXPECT_EQ(wait_for(queue, PrinterState::ready).waiting_count, 0U);
  }
}

TEST(PrintQueue, ADeviceFileGetsTheBytes) {
  dfb::test::TempFolder folder;
  const std::string path = folder.write("lp0", "");
  {
    PrintQueue queue(DevicePrinter{path}, kQuick);
    queue.push("one");
    queue.push("two");
    EXPECT_TRUE(queue.finish(10s));
  }
  EXPECT_EQ(folder.read("lp0"), "onetwo");
}

TEST(PrintQueue, APrinterThatTakesNothingIsSilentAndTheJobIsGivenUp) {
  dfb::test::TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);  // nobody reads it
  FakePrinter stuck(Manner::stuck), closes(Manner::closes);
  std::string refuses;
  {
    FakePrinter gone(Manner::prints);
    refuses = gone.address();
  }
  for (const std::string& address : {"/dev/full"s, folder.path("not-there"), folder.path(), pipe, refuses,
                                     stuck.address(), closes.address()}) {
    SCOPED_TRACE(address);
    PrintQueue queue(parse_printer(address).value(), kQuick);
    EXPECT_TRUE(queue.push(std::string(200'000, 'x')));
    EXPECT_NE(wait_for(queue, PrinterState::silent).why, "");
    const PrinterStatus status = wait_for(queue, PrinterState::silent, 1);
    EXPECT_EQ(status.waiting_count, 0U);
    EXPECT_FALSE(queue.finish(0ms));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path("not-there"))) << "a printer that is unplugged is no file";
}

TEST(PrintQueue, WithoutPaperNothingIsSentAndWithPaperItIsPrintedOnce) {
  FakePrinter printer(Manner::no_paper);
  PrintQueue queue(parse_printer(printer.address()).value(), {200ms, 200ms, 100ms, 20ms, 60'000ms});
  queue.push("one");
  EXPECT_EQ(wait_for(queue, PrinterState::no_paper).waiting_count, 1U);
  printer.set(Manner::prints);
  EXPECT_TRUE(queue.finish(10s));
  EXPECT_EQ(printer.jobs(1), std::vector<std::string>{"one"});
  EXPECT_EQ(wait_for(queue, PrinterState::ready).given_up_count, 0U);
}

TEST(PrintQueue, IsBoundedAndEndsAtOnce) {
  FakePrinter stuck(Manner::stuck);
  const auto begin = std::chrono::steady_clock::now();
  {
    PrintQueue queue(parse_printer(stuck.address()).value());  // the ordinary, patient timing
    for (std::size_t i = 0; i < PrintQueue::kJobsMax; ++i) EXPECT_TRUE(queue.push(std::string(200'000, 'x')));
    EXPECT_FALSE(queue.push("one too many"));
    EXPECT_EQ(queue.status().given_up_count, 1U);
    EXPECT_FALSE(queue.finish(50ms));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

// A sale at a till with this printer: what the ledger says, and how long the cashier waited.
void sell_with(const std::string& address) {
  SCOPED_TRACE(address);
  Shop shop;
  shop.open();
  PrintQueue queue(parse_printer(address).value());
  Receipts receipts({{"丽景超市", "Lijing Store", shop.setup.shop, shop.setup.origin, shop.setup.server},
                     Lang::zh,
                     kPaper58mm,
                     QrStyle::image,
                     &queue});
  shop.counter = std::make_unique<Counter>(
      Counter::Parts{*shop.journal, *shop.history, *shop.line, shop.town.shop.key, shop.setup, shop.vkey,
                     shop.till_clock, shop.random, shop.timing, [&](Do what, const Sale& sale) {
                       shop.shown.push_back(what);
                       if (what == Do::show_done) (void)receipts.print(sale);
                     }});
  shop.sell(1);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) shop.sell(10);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_EQ(shop.till(), 31);
  EXPECT_EQ(std::count(shop.shown.begin(), shop.shown.end(), Do::show_done), 4);
}

TEST(PrintQueue, NoPrinterHoldsASaleUp) {
  FakePrinter prints(Manner::prints), slow(Manner::slow), stuck(Manner::stuck), closes(Manner::closes);
  for (const std::string& address : {prints.address(), slow.address(), stuck.address(), closes.address(),
                                     "tcp://127.0.0.1:1"s, "/dev/full"s, "/not/there"s})
    sell_with(address);
}

}  // namespace
}  // namespace dfb::terminal
