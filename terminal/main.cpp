// defenbao-terminal: the shop's till. Options here, work in commands.cpp.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "ledger/base/arguments.h"
#include "terminal/commands.h"

using namespace dfb;
using namespace dfb::terminal;

namespace {

struct Words {
  Common common;
  std::string lang, qr = "native";
  long ask_after_ms = 5000, cancel_after_ms = 30'000, retry_ms = 2000, give_up_after_ms = 60'000;
  long lock_after_s = 600;
  bool console = false, kiosk = false;
  KioskWords pages;
  EnrolWords enrol;
  SaleWords sale;
  RefundWords refund;
  std::string reprint, take_over, image;
  ReportWords report;
};

void add_common(CLI::App& app, Words& words) {
  app.add_option("--dir", words.common.dir, "This terminal's folder")->required();
  app.add_option("--lang", words.lang, "zh or en; else by LANG")->check(CLI::IsMember({"zh", "en"}));
  const auto milliseconds = CLI::Range(1L, 3'600'000L);
  app.add_option("--ask-after-ms", words.ask_after_ms, "Without an answer for so long, ask by id (5000)")
      ->check(milliseconds);
  app.add_option("--cancel-after-ms", words.cancel_after_ms, "Without an answer for so long, cancel (30000)")
      ->check(milliseconds);
  app.add_option("--retry-ms", words.retry_ms, "Between two tries (2000)")->check(milliseconds);
  app.add_option("--give-up-after-ms", words.give_up_after_ms,
                 "A command without a person ends with status 3 after so long (60000)")
      ->check(milliseconds);
  app.add_option("--lock-after-s", words.lock_after_s,
                 "Lock the till after so long without a touch, where people sign in (600; 0: never)")
      ->check(CLI::Range(0L, 86'400L));
  app.add_flag("--console", words.console,
               "Serve customers: scans and commands as lines on standard input; a line `image FILE` scans a picture");
  app.add_option("--image", words.image, "With --console: a PNG picture whose code is the first scan")->type_name("FILE");
  app.add_flag("--kiosk", words.kiosk,
               "Serve customers: a page for this machine's browser, whose address is printed");
  app.add_option("--scanner", words.common.scanner,
                 "A scanner's device file, /dev/input/by-id/...-event-kbd, read beside keyboard and page");
  app.add_flag("--practice", words.common.practice,
               "With --console or --kiosk, to learn the till: any code pays, and nothing reaches the town");
  app.add_option("--kiosk-port", words.pages.port, "The page's port on 127.0.0.1 (8470; 0: any free one)")
      ->check(CLI::Range(0, 65535));
  app.add_option("--kiosk-pages", words.pages.pages,
                 "The page's files (the folder kiosk beside this program)");
  app.add_option("--report", words.report.period,
                 "The owner's report: what the shop took in and gave back, recomputed from its own entries. "
                 "PERIOD is a day, a month, or two days (2026-11-01..2026-11-28); today without it")
      ->expected(0, 1)
      ->type_name("PERIOD");
  app.add_flag("--json", words.report.json, "The report as JSON");
}

void add_printer(CLI::App& app, Words& words) {
  app.add_option("--printer", words.common.printer.address,
                 "Receipts go there: a device file, or tcp://HOST:PORT (none)");
  app.add_option("--paper", words.common.printer.paper_mm, "The roll's width in mm: 58 or 80 (58)")
      ->check(CLI::IsMember({58, 80}));
  app.add_option("--printer-qr", words.qr,
                 "native: the printer draws QR codes; image: it gets their picture (native)")
      ->check(CLI::IsMember({"native", "image"}));
}

void add_commands(CLI::App& app, Words& words) {
  const auto points = CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000});
  auto* enrol = app.add_subcommand("enrol", "Bring this terminal into the town with a one-time code");
  enrol->add_option("--server", words.enrol.server, "The town's port, https://HOST:PORT")->required();
  enrol->add_option("--ca", words.enrol.ca, "The town's certificate authority, ca.crt")->required();
  enrol->add_option("--code", words.enrol.code, "The one-time code; - reads it from standard input")
      ->required();
  app.add_subcommand("renew", "Fetch a new certificate for this terminal's key");
  auto* sale = app.add_subcommand("sale", "Sell once: exit 0 done, 1 refused, 3 not known yet");
  auto* image = sale->add_option("--image", words.sale.image, "A PNG picture of the customer's pay code");
  auto* code = sale->add_option("--code", words.sale.code, "The pay code's text");
  image->excludes(code);
  sale->add_option("--points", words.sale.points, "Points to take")->required()->check(points);
  sale->add_option("--cash", words.sale.cash_fen, "The part paid in money, in fen")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
  sale->add_option("--confirm", words.sale.confirm_s,
                   "Points beyond what the code pays: ask the customer's phone, for so many seconds")
      ->check(CLI::Range(1L, 300L));
  sale->add_flag("--yes", words.sale.yes, "Do not ask for confirmation");
  auto* refund = app.add_subcommand("refund", "Give points of a sale back");
  refund->add_option("--sale", words.refund.sale, "The sale's id or its receipt's number")->required();
  refund->add_option("--points", words.refund.points, "Points to give back")->required()->check(points);
  refund->add_option("--cash", words.refund.cash_fen, "Money of the sale that goes back too, in fen")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
  refund->add_option("--memo", words.refund.memo, "Why: up to 64 plain characters, no names");
  auto* reprint = app.add_subcommand("reprint", "Print the receipt of an earlier sale or refund anew");
  reprint->add_option("--sale", words.reprint, "Its id or its receipt's number; without: the last one");
  app.add_subcommand("print-test", "Print a page that shows whether the printer is set right");
  app.add_subcommand("settle", "Finish what earlier runs left open");
  auto* over = app.add_subcommand(
      "take-over", "Tell the town the offline sales that the shop's former terminal could not, as it was revoked");
  over->add_option("--from", words.take_over, "The former terminal's folder")->required();
  app.add_subcommand("doctor", "Look at everything that a till needs, and say what to do; exit 1 if something is wrong");
  app.add_subcommand("status", "Say what this terminal is, and what is open");
  app.fallthrough();
  for (auto* subcommand : app.get_subcommands({})) subcommand->fallthrough();
}

int refuse(const std::string& why) {
  std::cerr << "defenbao-terminal: " << why << "; see defenbao-terminal --help\n";
  return kCannotWork;
}

int run(const CLI::App& app, const Words& words) {
  const Common& common = words.common;
  if (words.console && words.kiosk) return refuse("--console or --kiosk, not both");
  if (common.practice && !words.console && !words.kiosk)
    return refuse("--practice goes with --console or --kiosk");
  if (!words.image.empty() && !words.console) return refuse("--image goes with --console, or behind `sale`");
  if (app.count("--report") > 0)
    return app.get_subcommands().empty() && !words.console && !words.kiosk
               ? answered("defenbao-terminal", run_report(common, words.report))
               : refuse("--report takes no command");
  if (words.kiosk)
    return app.get_subcommands().empty() ? run_kiosk(common, words.pages)
                                         : refuse("--kiosk takes no command");
  if (words.console)
    return app.get_subcommands().empty() ? run_console(common, words.image) : refuse("--console takes no command");
  if (app.got_subcommand("enrol")) return run_enrol(common, words.enrol);
  if (app.got_subcommand("renew")) return run_renew(common);
  if (app.got_subcommand("refund")) return run_refund(common, words.refund);
  if (app.got_subcommand("reprint")) return run_reprint(common, words.reprint);
  if (app.got_subcommand("print-test")) return run_print_test(common);
  if (app.got_subcommand("settle")) return run_settle(common);
  if (app.got_subcommand("take-over")) return run_take_over(common, words.take_over);
  if (app.got_subcommand("doctor")) return answered("defenbao-terminal", run_doctor(common));
  if (app.got_subcommand("status")) return answered("defenbao-terminal", run_status(common));
  if (!app.got_subcommand("sale")) return refuse("a command, --console or --kiosk is wanted");
  if (words.sale.image.empty() && words.sale.code.empty()) return refuse("sale: --image or --code is wanted");
  return run_sale(common, words.sale);
}

}  // namespace

int main(int argc, char** argv) {
  // Pictures go back to the system when they were looked at, whichever thread did: a till has little memory.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("The shop's till: sells for points and gives points back, with a proof for each");
  Words words;
  add_common(app, words);
  add_printer(app, words);
  add_commands(app, words);
  app.require_subcommand(0, 1);
  if (const auto ended = dfb::parse_arguments(app, "defenbao-terminal", argc, argv)) return *ended;
  words.common.lang = lang_from(words.lang).value_or(lang_from_environment());
  words.common.printer.qr = words.qr == "image" ? QrStyle::image : QrStyle::native;
  words.common.timing = {words.ask_after_ms * 1000, words.cancel_after_ms * 1000, words.retry_ms * 1000};
  if (app.got_subcommand("sale")) words.common.timing.confirm_us = words.sale.confirm_s * kSecondUs;
  words.common.lock_after_us = words.lock_after_s * kSecondUs;
  words.common.give_up_after_us = words.give_up_after_ms * 1000;
  return run(app, words);
}
