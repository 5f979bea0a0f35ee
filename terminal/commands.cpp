// The commands about the terminal itself: its certificate, its paper, its reports and its state. Those that serve are in
// serving.cpp, those that sell or give back once in unattended.cpp.
#include "terminal/commands.h"

#include <unistd.h>

#include <iostream>

#include "ledger/base/encoding.h"
#include "terminal/flow.h"
#include "terminal/link/enrol.h"
#include "terminal/opened_till.h"
#include "terminal/report/owners_report.h"
#include "terminal/syncing.h"

namespace dfb::terminal {
namespace {

constexpr int kReportColumns = 48;  // those of the wider paper

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
    if (line) till.watch_log();
    if (line) till.cosign_seen();
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
    if (till.counter.sees_other_history()) return kCannotWork;
    if (till.history->has_open() || till.counter.unsynced().sales > 0) return kUnknown;
    till.screen.say("没有未了结的交易", "Nothing is unsettled");
    return kDone;
  });
}

}  // namespace dfb::terminal
