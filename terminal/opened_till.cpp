#include "terminal/opened_till.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>
#include <utility>

#include "certs/request.h"
#include "ledger/base/files.h"
#include "terminal/link/enrol.h"
#include "terminal/offline_words.h"
#include "terminal/practice/practice_line.h"
#include "terminal/till/history_reading.h"

namespace dfb::terminal {

void complain(const Error& error) {
  std::cerr << "defenbao-terminal: " << (error.detail.empty() ? std::string(name(error.code)) : error.detail)
            << "\n";
}

int cannot_work(const Error& error) {
  complain(error);
  return kCannotWork;
}

bool screen_has_colours() { return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

Till::Till(const Common& the_common, Opened opened, std::unique_ptr<Line> the_town, Link* the_link,
           std::string temporary)
    : common(the_common),
      setup(std::move(opened.setup)),
      key(std::move(opened.key)),
      vkey(std::move(opened.vkey)),
      history(std::move(opened.history)),
      journal(std::move(opened.journal)),
      screen(std::cout, common.lang, screen_has_colours()),
      show([this](Do what, const Sale& sale) {
        if (sale.hold && !sale.goods.empty() && (what == Do::show_customer || what == Do::show_done))
          screen.line(shelf.text(sale.goods, screen.lang()));
        screen.show(what, sale);
      }),
      town(std::move(the_town)),
      attendance({journal, *history, line, clock}),
      shelf(line, clock, *history),
      queue(std::move(opened.queue)),
      receipts({{setup.name_zh, setup.name_en, setup.shop, setup.origin, setup.server, setup.till},
                common.lang,
                paper_of(common.printer),
                common.printer.qr,
                queue.get(),
                [this] { return attendance.cashier_name(); },
                [this] { return attendance.is_resumed(); },
                [this](const std::string& good, Lang lang) { return shelf.name(good, lang); }}),
      counter({journal, *history, line, key, setup, vkey, clock, random, common.timing,
               [this](Do what, const Sale& sale) {
                 show(what, sale);
                 shelf.watch(what, sale);  // may ask the town, which no customer's name waits for
                 if (what == Do::show_done) (void)receipts.print(sale);
               },
               [this](const log::Vkey& next) { return keep_log_key(next); }, std::move(opened.pins),
               [this](const Pins& pins) { return keep_pins(pins); }}),
      link_(the_link),
      temporary_(std::move(temporary)) {
  if (journal.cut_torn_line())
    screen.say("注意：日志最后一行不完整，已截去；它之前没有动作",
               "CARE: the journal's last line was torn and was cut off; nothing had been done after it",
               Screen::Tone::care);
}

namespace {

// A file that is missing or does not read is no reason to stop: without pins nothing is sold without a line.
Pins load_pins(const Folder& folder) {
  constexpr std::size_t kPinsFileMost = 64'000'000;
  if (::access(folder.offline().c_str(), F_OK) != 0) return {};
  const auto text = dfb::read_file(folder.offline(), kPinsFileMost);
  auto pins = text ? parse_pins(*text) : Result<Pins>(text.error());
  if (pins) return std::move(pins).value();
  complain(fail(Code::corrupt, folder.offline() + ": " + pins.error().detail +
                                   "; it is fetched anew when the town is reached, and until then nothing is "
                                   "sold without a line"));
  return {};
}

}  // namespace

Result<std::unique_ptr<Till>> Till::open(const Common& common) {
  const Folder folder{common.dir};
  DFB_TRY(Setup setup, load_setup(folder));
  auto key = load_private_key(folder.key());
  if (!key)
    return fail(Code::bad_config,
                key.error().detail + "; without its key a terminal has to be enrolled anew");
  if (key->public_key().id() != setup.till)
    return fail(Code::bad_config,
                folder.key() + " is another terminal's key; restore the right one or enrol anew");
  auto vkey = log::parse_vkey(setup.log_vkey);
  if (!vkey) return fail(Code::bad_config, folder.setup() + ": log_vkey: " + vkey.error().detail);
  if (::access(folder.journal().c_str(), F_OK) != 0)
    return fail(Code::bad_config, folder.journal() +
                                      " is missing; what is unsettled stands there alone: restore it, or "
                                      "enrol anew in an empty folder");
  auto history = std::make_unique<History>();
  DFB_TRY(Journal journal, open_journal(folder.journal(), *history));
  if (!history->identity() || *history->identity() != Identity{setup.origin, setup.shop, setup.till})
    return fail(Code::bad_config,
                folder.journal() + " is another terminal's, or empty; restore the right one");
  DFB_TRY(auto queue, open_printer(common.printer));
  auto link = std::make_unique<Link>(setup.terminal_url, folder, common.timing.ask_after_us / 1000);
  Link* const as_link = link.get();
  return std::unique_ptr<Till>(
      new Till(common,
               {std::move(setup), std::move(key).value(), std::move(vkey).value(), std::move(history),
                std::move(journal), std::move(queue), load_pins(folder)},
               std::move(link), as_link, {}));
}

Result<std::unique_ptr<PrintQueue>> open_printer(const PrinterWords& words) {
  if (words.address.empty()) return std::unique_ptr<PrintQueue>();
  DFB_TRY(PrinterAddress address, parse_printer(words.address));
  return std::make_unique<PrintQueue>(std::move(address));
}

Result<std::unique_ptr<Till>> Till::practice(const Common& common) {
  static const SystemClock clock;
  const auto enrolled = load_setup(Folder{common.dir});
  Setup shop = enrolled ? *enrolled : Setup{};
  shop.name_zh = "训练 · " + (shop.name_zh.empty() ? "商店" : shop.name_zh);
  shop.name_en = "PRACTICE - " + (shop.name_en.empty() ? "shop" : shop.name_en);
  PrivateKey key = PrivateKey::generate(Algorithm::p256);
  auto town = std::make_unique<PracticeLine>(std::move(shop), key.public_key(), clock);
  Setup setup = town->setup();
  DFB_TRY(auto vkey, log::parse_vkey(setup.log_vkey));
  std::string folder = std::filesystem::temp_directory_path() / "defenbao-practice-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return io_failure(folder);
  auto history = std::make_unique<History>();
  DFB_TRY(Journal journal, Journal::open(Folder{folder}.journal(),
                                         [&](const Record& record) { return history->add(record); }));
  DFB_TRY(const Record first,
          journal.append(clock.now_us(), What::open, open_text({setup.origin, setup.shop, setup.till})));
  DFB_TRY_VOID(history->add(first));
  DFB_TRY(auto queue, open_printer(common.printer));
  return std::unique_ptr<Till>(new Till(
      common,
      {std::move(setup), std::move(key), std::move(vkey), std::move(history), std::move(journal),
       std::move(queue), Pins{}},
      std::move(town), nullptr, std::move(folder)));
}

Till::~Till() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
}

void Till::renew_when_due() {
  constexpr TimeUs kTellBefore = 7 * kDayUs;
  const TimeUs now_us = clock.now_us() + counter.clock_off_us();
  const bool is_early = now_us < renew_at_us && renew_at_us - now_us <= kHourUs;  // else the clock was set back
  if (is_practice() || is_early) return;
  const Folder folder{common.dir};
  const auto renewed = terminal::renew_when_due(folder, setup.server, key, now_us);
  renew_at_us = renewed ? 0 : now_us + kHourUs;
  if (renewed && *renewed)
    screen.say("证书已自动更新", "The certificate was renewed");
  if (renewed) return;
  const auto chain = read_file(folder.certificate());
  const auto valid = chain ? certs::validity_of(*chain) : Result<certs::Validity>(chain.error());
  if (valid && now_us < valid->until_us - kTellBefore) return;
  const std::string until = valid ? format_time(valid->until_us) : "-";
  screen.say("注意：证书到期 " + until + "，未能更新：" + words(Lang::zh, renewed.error()),
             "CARE: the certificate ends " + until + " and was not renewed: " + words(Lang::en, renewed.error()),
             Screen::Tone::care);
}

// Before the town is greeted: without a certificate in force the terminals' port does not answer.
bool Till::greet() {
  renew_when_due();
  const auto info = counter.greet();
  if (!info) {
    screen.line(std::string(pick(screen.lang(), "注意：", "CARE: ")) + info.error().detail + " (" +
                    std::string(name(info.error().code)) + ")",
                Screen::Tone::care);
    if (const std::string what = warning_words(screen.lang(), counter, common.dir); !what.empty())
      screen.line(what, Screen::Tone::bad);
    return false;
  }
  (void)shelf.look();
  (void)attendance.look();  // the faces say who is missing, and ask again
  const TimeUs off_us = counter.clock_off_us();
  if (is_clock_off(off_us)) {
    const std::string seconds = std::to_string(-off_us / kSecondUs);
    screen.say("注意：本机时钟与镇服务器相差 " + seconds + " 秒，请校准",
               "CARE: this machine's clock is " + seconds + " s ahead of the town's; set it",
               Screen::Tone::care);
  }
  return true;
}

bool Till::sync(int batches_most) {
  if (!counter.has_more_to_tell()) untold_ = counter.unsynced();
  const auto synced = counter.sync(batches_most);
  const Unsynced& now = counter.unsynced();
  if (now != untold_ && !counter.has_more_to_tell()) {
    const std::int64_t told = untold_.sales - now.sales;
    const std::string rest = std::to_string(now.sales);
    screen.say("离线交易已上报 " + std::to_string(told) + " 笔，还有 " + rest + " 笔待上报",
               "The town has been told of " + counted(told, "offline sale") + "; still waiting: " + rest, Screen::Tone::good);
    if (now.sales == 0) show_conflicts();
  }
  std::string warning = warning_words(screen.lang(), counter, common.dir);
  if (!warning.empty() && warning != warned_) screen.line(warning, Screen::Tone::bad);
  warned_ = std::move(warning);
  return synced.has_value();
}

bool Till::refuses_old_journal() {
  if (!counter.is_journal_behind()) return false;
  screen.line(words(screen.lang(), fail(Code::corrupt)), Screen::Tone::bad);
  return true;
}

void Till::show_offline() { screen.line(offline_banner(screen.lang(), counter), Screen::Tone::care); }

void Till::show_conflicts() {
  for (const Past& past : history->conflicts())
    screen.line(conflict_line(screen.lang(), past, counter.pins().name_of(past.account)), Screen::Tone::bad);
}

Result<bool> Till::wait_for(Counter::Wait wait) {
  const TimeUs until_us = clock.now_us() + common.give_up_after_us;
  for (;;) {
    if (!wait) return wait.error();
    if (!wait.value()) return !is_open(counter.sale());
    if (clock.now_us() + *wait.value() > until_us) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(*wait.value()));
    wait = counter.tick();
  }
}

Result<bool> Till::settle() {
  for (Sale& sale : history->unfinished()) {
    DFB_TRY(const bool settled, wait_for(counter.resume(std::move(sale))));
    if (!settled) return false;
  }
  return true;
}

void Till::cosign_seen() {
  const Seen seen = counter.seen();
  if (is_practice() || seen.size == cosigned_size) return;
  cosigned_size = seen.size;
  const auto witness = witness_key();
  if (!witness) {
    complain(witness.error());
    return;
  }
  const std::int64_t unix_s = (clock.now_us() + counter.clock_off_us()) / kSecondUs;
  const auto told = link_->cosign(seen, setup.origin, key, *witness, unix_s);
  if (told || told.error().code != Code::inconsistent) return;
  counter.note_other_history();
  tell_other_history();
}

void Till::tell_other_history() {
  if (!counter.sees_other_history() || std::exchange(other_history_told_, true)) return;
  screen.line(other_history(screen.lang()), Screen::Tone::bad);
}

// What the till sees of the log by its own sales alone would be little on a quiet day.
void Till::watch_log() {
  const TimeUs now_us = clock.now_us();
  if (now_us < watch_at_us && watch_at_us - now_us <= kHourUs) return;
  watch_at_us = now_us + kHourUs;
  (void)counter.watch_log();
  tell_other_history();
}

int Till::finish() {
  const Sale& sale = counter.sale();
  if (is_open(sale)) return kUnknown;
  if (sale.phase == Phase::kept) return kDone;
  if (sale.phase != Phase::done) return kRefused;
  std::cout << plain_text(receipts.preview(receipts.receipt(sale, common.lang))) << std::flush;
  return kDone;
}

void Till::finish_printing() {
  if (queue == nullptr || queue->finish(std::chrono::seconds(5))) return;
  const std::string words = trouble(queue->status(), common.lang);
  std::cerr << "defenbao-terminal: "
            << (words.empty() ? pick(common.lang, "打印机还没有打完", "The printer has not taken everything")
                              : words)
            << "\n";
}

Result<void> Till::keep_log_key(const log::Vkey& next) {
  Setup changed = setup;
  changed.log_vkey = format_vkey(next);
  DFB_TRY_VOID(write_file(Folder{common.dir}.setup(), format_setup(changed)));
  screen.say("账本换了签名钥：" + changed.log_vkey,
             "The ledger signs with its next key: " + changed.log_vkey);
  return ok();
}

// Practice knows no allowances, and keeps none.
Result<void> Till::keep_pins(const Pins& pins) const {
  return is_practice() ? ok() : write_file(Folder{common.dir}.offline(), format_pins(pins));
}

// Made when it is first needed: also for terminals that were enrolled before there was one.
Result<PrivateKey> Till::witness_key() const {
  const std::string file = Folder{common.dir}.witness_key();
  if (::access(file.c_str(), F_OK) == 0) return load_private_key(file);
  PrivateKey fresh = PrivateKey::generate(Algorithm::ed25519);
  DFB_TRY_VOID(save_private_key(file, fresh));
  return fresh;
}

}  // namespace dfb::terminal
