// The commands that serve customers until somebody ends them: the till as text, and as a page.
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "terminal/console.h"
#include "terminal/kiosk/run.h"
#include "terminal/opened_till.h"
#include "terminal/scan/device_scanner.h"
#include "terminal/scan/picture_scanner.h"
#include "terminal/scan/piped_scanner.h"
#include "terminal/syncing.h"

namespace dfb::terminal {
namespace {

std::string pages_beside_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "kiosk").string();
}

}  // namespace

int run_console(const Common& common, const std::string& image) {
  // Before the till is opened, as with a sale.
  std::optional<LineScanner::Line> first_scan;
  if (!image.empty()) {
    auto scanned = scan_picture(image);
    if (!scanned) return cannot_work(scanned.error());
    first_scan = std::move(scanned).value();
  }
  return with_till(common, [&](Till& till) -> Result<int> {
    DFB_TRY(const auto scanner, PipedScanner::open(common.scanner));
    if (till.is_practice())
      till.screen.say("训练：什么码都能付，不动真积分。卡密码 123456",
                      "PRACTICE: any code pays and no real point moves. Card PIN 123456", Screen::Tone::care);
    till.greet();
    if (till.refuses_old_journal()) return kCannotWork;
    Syncing syncing(till);
    Console console({till.counter, *till.history, till.screen, till.attendance, till.shelf, till.receipts, STDIN_FILENO,
                     [&] {
                       syncing.now_and_then(kBatchesAtOnce);
                       if (till.counter.has_more_to_tell()) return;
                       till.renew_when_due();
                       till.shelf.look_when_due();
                       till.watch_log();
                       till.cosign_seen();
                     },
                     scanner.fd(), till.common.lock_after_us, [&till] { return till.line.is_up(); }, first_scan,
                     ::isatty(STDIN_FILENO) == 1});
    DFB_TRY(const bool nothing_open, console.run(till.history->unfinished()));
    return nothing_open ? kDone : kUnknown;
  });
}

int run_kiosk(const Common& common, const KioskWords& words) {
  // Before any thread starts, so that every one of them inherits it.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return with_till(common, [&](Till& till) -> Result<int> {
    const kiosk::Options options{static_cast<std::uint16_t>(words.port),
                                 words.pages.empty() ? pages_beside_program() : words.pages};
    const Setup& setup = till.setup;
    kiosk::Board board;
    kiosk::Inbox inbox;
    kiosk::OwnersPage owners({till.counter, *till.history, till.line, till.clock, setup.shop});
    kiosk::Desk desk({till.counter,
                      *till.history,
                      till.attendance,
                      till.shelf,
                      till.clock,
                      till.receipts,
                      owners,
                      board,
                      inbox,
                      {setup.name_zh, setup.name_en, to_string(setup.shop), setup.origin},
                      [&till] { return till.line.is_up(); },
                      [&till] {
                        till.renew_when_due();
                        if (!till.counter.sync(kBatchesAtOnce) || till.counter.has_more_to_tell()) return;
                        (void)till.attendance.look();
                        till.shelf.look_when_due();
                        till.watch_log();
                        till.cosign_seen();
                      },
                      std::chrono::milliseconds(3000),
                      std::chrono::milliseconds(common.lock_after_us / 1000),
                      common.dir});
    till.show = [&desk](Do what, const Sale& sale) { desk.show(what, sale); };
    std::unique_ptr<DeviceScanner> scanner;
    if (!common.scanner.empty()) {
      DFB_TRY(scanner, DeviceScanner::open(common.scanner, [&inbox](const LineScanner::Line& line) {
                if (!line.too_long && !line.text.empty()) inbox.push(kiosk::Scan{line.text});
              }));
    }
    till.greet();
    // The page says what is wrong, and sells nothing: a till whose page stays away leaves the cashier to guess.
    std::vector<Sale> unfinished;
    if (!till.refuses_old_journal()) unfinished = till.history->unfinished();
    DFB_TRY(const bool nothing_open,
            kiosk::run(desk, std::move(unfinished), board, inbox, till.random, options,
                       [&till](const std::string& url) { till.screen.line(url); }));
    return nothing_open ? kDone : kUnknown;
  });
}

}  // namespace dfb::terminal
