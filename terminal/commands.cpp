#include "terminal/commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "ledger/base/encoding.h"
#include "terminal/console.h"
#include "terminal/echo_off.h"
#include "terminal/kiosk/run.h"
#include "terminal/link/enrol.h"
#include "terminal/offline_words.h"
#include "terminal/opened_till.h"
#include "terminal/report/owners_report.h"
#include "terminal/scan/decode_image.h"
#include "terminal/scan/device_scanner.h"
#include "terminal/take_over.h"

namespace dfb::terminal {
namespace {

constexpr int kReportColumns = 48;  // those of the wider paper

int cannot_work(const Error& error) {
  complain(error);
  return kCannotWork;
}

std::string pages_beside_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "kiosk").string();
}

class Syncing {
 public:
  explicit Syncing(Till& till) : till_(till) {}
  // Where something waits, or what is known has grown old; not before the last attempt is a while ago. While the
  // town takes what waits, one batch follows another, with a pause that leaves the town and a customer room.
  void now_and_then(int most) {
    const TimeUs now_us = till_.clock.now_us();
    const bool due = till_.counter.unsynced().sales > 0 ||
                     till_.counter.town_us() - till_.counter.pins().synced_us > kPinsAgeUs;
    const TimeUs every_us = till_.counter.has_more_to_tell() ? kBatchEveryUs : kTryEveryUs;
    if (!due || (now_us - tried_us_ < every_us && now_us >= tried_us_)) return;
    till_.sync(most);
    tried_us_ = till_.clock.now_us();
  }

 private:
  static constexpr TimeUs kPinsAgeUs = 10 * kMinuteUs, kTryEveryUs = 5 * kSecondUs,
                          kBatchEveryUs = kSecondUs / 4;
  Till& till_;
  TimeUs tried_us_ = 0;
};
constexpr int kBatchesAtOnce = 1, kBatchesAll = 1000;

// Opens the till and hands it to `work`, which answers with an exit status.
template <class Work>
int with_till(const Common& common, Work work) {
  auto till = common.practice ? Till::practice(common) : Till::open(common);
  if (!till) return cannot_work(till.error());
  const Result<int> status = work(**till);
  (*till)->finish_printing();
  if (status && status.value() == kDone) (*till)->cosign_seen();
  return status ? status.value() : cannot_work(status.error());
}

// The scanner's lines as something that can be polled beside the keyboard's.
class PipedScanner {
 public:
  static Result<PipedScanner> open(const std::string& device) {
    PipedScanner out;
    if (device.empty()) return out;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return io_failure("pipe");
    out.end_ = File(ends[0]);
    out.from_ = std::make_unique<File>(ends[1]);
    DFB_TRY(out.scanner_, DeviceScanner::open(device, [&to = *out.from_](const LineScanner::Line& line) {
              const std::string text = line.text + "\n";  // far below what a pipe takes at once
              (void)!::write(to.get(), text.data(), text.size());
            }));
    return out;
  }
  int fd() const { return end_.get(); }

 private:
  File end_;
  std::unique_ptr<File> from_;
  std::unique_ptr<DeviceScanner> scanner_;  // last: its thread writes into the pipe
};

bool person_agrees(Till& till, const SaleWords& words) {
  if (words.yes) return true;
  const std::string points = std::to_string(words.points);
  till.screen.say("支付 " + points + " 分？回车确认，n 取消", points + " points? Enter = yes, n = no");
  std::string answer;
  return std::getline(std::cin, answer) && (answer.empty() || answer == "\r");
}

Result<int> settle_first(Till& till) {
  if (till.refuses_old_journal()) return kCannotWork;
  DFB_TRY(const bool settled, till.settle());
  if (settled) return kDone;
  till.screen.say("上一笔还没有结果，先不要开始新的",
                  "An earlier sale is not settled yet; nothing new was begun", Screen::Tone::care);
  return kUnknown;
}

// A command without a person at a till where people sign in would have no name to it.
Result<void> people_first(const Till& till) {
  if (!till.attendance.is_shut()) return ok();
  return fail(Code::forbidden, std::string(pick(till.screen.lang(), "本店人员要登录：请用 --console 或 --kiosk",
                                                "this shop's people sign in: use --console or --kiosk")));
}

Result<int> sell(Till& till, const SaleWords& words, const std::string& code) {
  DFB_TRY_VOID(people_first(till));
  DFB_TRY(const int before, settle_first(till));
  if (before != kDone) return before;
  DFB_TRY_VOID(till.counter.scan(code));
  if (till.counter.sale().phase != Phase::ready) return till.finish();
  if (const Sale& sale = till.counter.sale();
      sale.hold && (sale.points.value != words.points || sale.cash_fen != words.cash_fen)) {
    till.screen.say("积分或现金与预留的不同：没有取货", "REFUSED: the reservation is of other points or cash; nothing was picked up",
                    Screen::Tone::bad);
    DFB_TRY_VOID(till.counter.drop());
    return kRefused;
  }
  if (!person_agrees(till, words)) {
    DFB_TRY_VOID(till.counter.drop());
    return kRefused;
  }
  DFB_TRY_VOID(till.wait_for(till.counter.amount(book::Points{words.points}, words.cash_fen, till.counter.sale().goods)));
  // A card's PIN is a line of standard input, so that it stands on no command line, nor on the screen.
  const EchoOff hidden(till.counter.sale().phase == Phase::pin ? STDIN_FILENO : -1);
  for (std::string pin; till.counter.sale().phase == Phase::pin && std::getline(std::cin, pin);)
    DFB_TRY_VOID(till.wait_for(till.counter.pin(std::exchange(pin, {}))));
  if (const Phase phase = till.counter.sale().phase; phase == Phase::pin || phase == Phase::confirming)
    DFB_TRY_VOID(till.counter.drop());
  return till.finish();
}

Result<int> give_back(Till& till, const RefundWords& words) {
  DFB_TRY_VOID(people_first(till));
  DFB_TRY(const int before, settle_first(till));
  if (before != kDone) return before;
  if (till.counter.unsynced().sales > 0) till.sync(kBatchesAll);
  if (till.counter.finds_journal_behind() && till.refuses_old_journal()) return kCannotWork;
  if (till.counter.unsynced().sales > 0) {
    till.screen.say("还有离线交易没有上报：网络恢复后才能退还",
                    "REFUSED: offline sales wait for the town; points are given back when they are counted",
                    Screen::Tone::bad);
    return kRefused;
  }
  const auto sale = find_sale(*till.history, words.sale);
  if (!sale) {
    till.screen.line(std::string(pick(till.screen.lang(), "拒绝：", "REFUSED: ")) + sale.error().detail +
                         " (" + std::string(name(sale.error().code)) + ")",
                     Screen::Tone::bad);
    return kRefused;
  }
  DFB_TRY_VOID(
      till.wait_for(till.counter.refund(sale->id, sale->account, book::Points{words.points}, words.memo)));
  return till.finish();
}

// What was sold without a line, until nothing of it waits or the line fails.
int tell_all(Till& till) {
  till.sync(kBatchesAll);
  till.show_conflicts();
  if (till.counter.unsynced().sales > 0) {
    till.show_offline();
    return kUnknown;
  }
  till.screen.say("没有未了结的交易", "Nothing is unsettled", Screen::Tone::good);
  return kDone;
}

}  // namespace

int run_enrol(const Common& common, const EnrolWords& words) {
  EnrolOptions options{words.server, words.ca, Folder{common.dir}, words.code};
  if (options.code == "-" && !std::getline(std::cin, options.code)) options.code.clear();
  while (options.code.ends_with('\r')) options.code.pop_back();
  SystemClock clock;
  SystemRandom random;
  const auto setup = enrol(options, clock, random);
  if (!setup) return cannot_work(setup.error());
  Screen screen(std::cout, common.lang, screen_has_colours());
  screen.say("登记完成：" + setup->name_zh + "，商店账号 " + to_string(setup->shop),
             "Enrolled: " + setup->name_en + ", shop account " + to_string(setup->shop), Screen::Tone::good);
  screen.say("收款机钥 " + hash_text(setup->till), "Till key " + hash_text(setup->till));
  screen.say("账本 " + setup->log_vkey, "Ledger " + setup->log_vkey);
  return kDone;
}

int run_renew(const Common& common) {
  return with_till(common, [&](Till& till) -> Result<int> {
    DFB_TRY_VOID(renew_certificate(Folder{common.dir}, till.setup.server, till.key));
    till.screen.say("证书已更新", "The certificate is renewed", Screen::Tone::good);
    return kDone;
  });
}

int run_console(const Common& common, const std::string& image) {
  // Before the till is opened, as with a sale.
  const auto scanned = image.empty() ? Result<std::string>(std::string()) : decode_image(image);
  if (!scanned) return cannot_work(scanned.error());
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
                       till.shelf.look_when_due();
                       till.cosign_seen();
                     },
                     scanner.fd(), till.common.lock_after_us, [&till] { return till.line.is_up(); }, *scanned});
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
    if (till.refuses_old_journal()) return kCannotWork;
    DFB_TRY(const bool nothing_open,
            kiosk::run(desk, till.history->unfinished(), board, inbox, till.random, options,
                       [&till](const std::string& url) { till.screen.line(url); }));
    return nothing_open ? kDone : kUnknown;
  });
}

int run_sale(const Common& common, const SaleWords& words) {
  // Before the till is opened: a picture that cannot be read is no sale.
  std::string code = words.code;
  if (!words.image.empty()) {
    auto decoded = decode_image(words.image);
    if (!decoded) return cannot_work(decoded.error());
    code = std::move(decoded).value();
  }
  return with_till(common, [&](Till& till) -> Result<int> {
    if (till.greet() && till.history->unfinished().empty()) Syncing(till).now_and_then(kBatchesAll);
    return sell(till, words, code);
  });
}

int run_refund(const Common& common, const RefundWords& words) {
  return with_till(common, [&](Till& till) -> Result<int> {
    till.greet();
    return give_back(till, words);
  });
}

int run_reprint(const Common& common, const std::string& sale) {
  return with_till(common, [&](Till& till) -> Result<int> {
    DFB_TRY(const Past past, find_receipt(*till.history, sale));
    std::cout << plain_text(till.receipts.preview(till.receipts.receipt(past, common.lang))) << std::flush;
    if (till.queue == nullptr) return fail(Code::bad_config, "no printer: name one with --printer");
    (void)till.receipts.print(past);
    return till.queue->finish(std::chrono::seconds(5)) ? kDone : kCannotWork;
  });
}

int run_print_test(const Common& common) {
  const auto setup = load_setup(Folder{common.dir});
  if (!setup) return cannot_work(setup.error());
  const auto queue = open_printer(common.printer);
  if (!queue) return cannot_work(queue.error());
  Receipts receipts({{setup->name_zh, setup->name_en, setup->shop, setup->origin, setup->server},
                     common.lang,
                     paper_of(common.printer),
                     common.printer.qr,
                     queue->get()});
  const Printout page = receipts.test_page(common.lang);
  std::cout << plain_text(receipts.preview(page)) << std::flush;
  if (*queue == nullptr) return cannot_work(fail(Code::bad_config, "no printer: name one with --printer"));
  receipts.print(page);
  if ((*queue)->finish(std::chrono::seconds(5))) return kDone;
  const PrinterStatus status = (*queue)->status();
  return cannot_work(fail(Code::io_error, trouble(status, common.lang) + " (" + status.why + ")"));
}

int run_settle(const Common& common) {
  return with_till(common, [](Till& till) -> Result<int> {
    till.greet();
    if (till.refuses_old_journal()) return kCannotWork;
    DFB_TRY(const bool settled, till.settle());
    return settled ? tell_all(till) : kUnknown;
  });
}

int run_take_over(const Common& common, const std::string& from) {
  return with_till(common, [&from](Till& till) -> Result<int> {
    DFB_TRY_VOID(till.counter.greet());
    DFB_TRY(const bool settled, till.settle());
    if (!settled) return kUnknown;
    DFB_TRY(const TakenOver over, take_over(till.counter, till.line, till.setup, Folder{from}));
    const std::string sales = std::to_string(over.taken.sales), points = std::to_string(over.taken.points.value);
    till.screen.say("接管了 " + sales + " 笔离线交易，" + points + " 分",
                    sales + " offline sales were taken over, " + points + " points");
    if (!over.broken.empty())
      till.screen.say("注意：那台机器的日志有损坏，只接管了损坏处之前的：" + over.broken,
                      "CARE: the former terminal's journal is damaged, and what stands behind was not taken over: " + over.broken,
                      Screen::Tone::care);
    for (const Past& past : over.known) till.screen.line(past_line(till.screen.lang(), past));
    for (const Past& past : over.known)
      if (past.phase == Phase::refused)
        till.screen.line(conflict_line(till.screen.lang(), past, till.counter.pins().name_of(past.account)),
                         Screen::Tone::bad);
    for (const Past& past : over.open) {
      till.screen.line(past_line(till.screen.lang(), past), Screen::Tone::care);
      till.screen.say("那台机器没有等到这笔的结果：请镇上按编号查账",
                      "The former terminal never learned what became of it: ask the town's office, by its number",
                      Screen::Tone::care);
    }
    return tell_all(till);
  });
}

int run_report(const Common& common, const ReportWords& words) {
  return with_till(common, [&](Till& till) -> Result<int> {
    DFB_TRY_VOID(till.counter.greet());
    DFB_TRY(const Period period,
            parse_period(words.period, civil_day(till.clock.now_us() + till.counter.clock_off_us())));
    const bool shows = isatty(STDERR_FILENO) == 1;
    DFB_TRY(const Leaves leaves,
            own_leaves(till.counter, till.line, day_start_us(period.from), day_start_us(period.to + 1),
                       [&](std::size_t read) {
                         if (shows) std::cerr << '\r' << read << " …" << std::flush;
                       }));
    if (shows) std::cerr << "\r            \r" << std::flush;
    const OwnersReport report =
        owners_report(leaves, *till.history, till.setup.shop, period.from, period.to);
    std::cout << (words.json ? report_json(report, till.shop_name()) + "\n"
                             : report_text(report, till.shop_name(), common.lang, kReportColumns));
    return report.missing.empty() ? kDone : kRefused;
  });
}

int run_status(const Common& common) {
  return with_till(common, [](Till& till) -> Result<int> {
    const bool line = till.greet();
    if (line && till.history->unfinished().empty()) Syncing(till).now_and_then(kBatchesAll);
    const Seen& seen = till.history->seen();
    till.screen.line(till.shop_name() + "  " + to_string(till.setup.shop) + "  " + till.setup.origin);
    till.screen.say("收款机钥 " + hash_text(till.setup.till), "Till key " + hash_text(till.setup.till));
    till.screen.say(line ? "线路正常" : "线路不通", line ? "The line is up" : "The line is down");
    till.screen.say("已核验账本 " + std::to_string(seen.size) + " 条，根 " + base64_encode(seen.root.view()),
                    "Log verified up to " + std::to_string(seen.size) + " entries, root " +
                        base64_encode(seen.root.view()));
    till.show_offline();
    till.show_conflicts();
    for (const Sale& sale : till.history->unfinished())
      if (is_open(sale)) till.screen.show(Do::show_unknown, sale);
    if (till.refuses_old_journal()) return kCannotWork;
    if (till.history->has_open() || till.counter.unsynced().sales > 0) return kUnknown;
    till.screen.say("没有未了结的交易", "Nothing is unsettled");
    return kDone;
  });
}

}  // namespace dfb::terminal
