#include "terminal/commands.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include "ledger/base/encoding.h"
#include "ledger/book/codes.h"
#include "terminal/console.h"
#include "terminal/link/enrol.h"
#include "terminal/link/link.h"
#include "terminal/scan/decode_image.h"
#include "terminal/till/receipt_text.h"

namespace dfb::terminal {
namespace {

constexpr TimeUs kClockOffWarnUs = 30 * kSecondUs;

int cannot_work(const Error& error) {
  std::cerr << "defenbao-terminal: " << (error.detail.empty() ? std::string(name(error.code)) : error.detail)
            << "\n";
  return kCannotWork;
}

bool colours() { return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

// Everything that one terminal is made of, opened in the order in which it can go wrong.
class Till {
 public:
  static Result<std::unique_ptr<Till>> open(const Common& common) {
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
    DFB_TRY(Journal journal,
            Journal::open(folder.journal(), [&](const Record& record) { return history->add(record); }));
    if (!history->identity() || *history->identity() != Identity{setup.origin, setup.shop, setup.till})
      return fail(Code::bad_config,
                  folder.journal() + " is another terminal's, or empty; restore the right one");
    return std::unique_ptr<Till>(new Till(common, folder, std::move(setup), std::move(key).value(),
                                          std::move(vkey).value(), std::move(history), std::move(journal)));
  }

  // Warns about a line that is down and a clock that is off; neither stops anything.
  bool greet() {
    const auto info = counter.greet();
    if (!info) {
      screen.line(std::string(pick(screen.lang(), "注意：", "CARE: ")) + info.error().detail + " (" +
                      std::string(name(info.error().code)) + ")",
                  Screen::Tone::care);
      return false;
    }
    const TimeUs off_us = counter.clock_off_us();
    if (off_us > kClockOffWarnUs || off_us < -kClockOffWarnUs) {
      const std::string seconds = std::to_string(-off_us / kSecondUs);
      screen.say("注意：本机时钟与镇服务器相差 " + seconds + " 秒，请校准",
                 "CARE: this machine's clock is " + seconds + " s ahead of the town's; set it",
                 Screen::Tone::care);
    }
    return true;
  }

  // Ticks until the sale is settled or nobody wants to wait any longer. True when it is settled.
  Result<bool> wait_for(Counter::Wait wait) {
    const TimeUs until_us = clock.now_us() + common.give_up_after_us;
    for (;;) {
      if (!wait) return wait.error();
      if (!wait.value()) return !is_open(counter.sale());
      if (clock.now_us() + *wait.value() > until_us) return false;
      std::this_thread::sleep_for(std::chrono::microseconds(*wait.value()));
      wait = counter.tick();
    }
  }

  // What earlier runs left open comes first: one sale at a time. True when all of it is settled.
  Result<bool> settle() {
    for (Sale& sale : history->unfinished()) {
      DFB_TRY(const bool settled, wait_for(counter.resume(std::move(sale))));
      if (!settled) return false;
    }
    return true;
  }

  // Gossip about the log: the town, and through it everybody, learns how far this till has verified it.
  // Nothing of a sale depends on it; a line that is down is told about elsewhere.
  void cosign_seen() {
    const Seen seen = counter.seen();
    if (seen.size == cosigned_size) return;
    cosigned_size = seen.size;
    const auto witness = witness_key();
    if (!witness) {
      cannot_work(witness.error());
      return;
    }
    const std::int64_t unix_s = (clock.now_us() + counter.clock_off_us()) / kSecondUs;
    const auto told = link.cosign(seen, setup.origin, key, *witness, unix_s);
    if (!told && told.error().code == Code::inconsistent)
      screen.say("注意：镇里的账本与本机核验过的不是同一份历史，请告诉审计员",
                 "CARE: the town's log is not the history that this terminal has verified; tell an auditor",
                 Screen::Tone::care);
  }

  std::string shop_name() const { return std::string(pick(common.lang, setup.name_zh, setup.name_en)); }

  // The exit status that the sale's end asks for; a finished one's receipt is printed.
  int finish() {
    const Sale& sale = counter.sale();
    if (is_open(sale)) return kUnknown;
    if (sale.phase != Phase::done) return kRefused;
    std::cout << receipt_text(sale, {shop_name(), setup.origin}, common.lang) << std::flush;
    return kDone;
  }

  const Common& common;
  const Setup setup;
  const PrivateKey key;
  const log::Vkey vkey;
  const std::unique_ptr<History> history;
  Journal journal;
  SystemClock clock;
  SystemRandom random;
  Screen screen;
  Link link;
  Counter counter;
  std::int64_t cosigned_size = 0;  // in this run

 private:
  // Made when it is first needed: also for terminals that were enrolled before there was one.
  Result<PrivateKey> witness_key() const {
    const std::string file = Folder{common.dir}.witness_key();
    if (::access(file.c_str(), F_OK) == 0) return load_private_key(file);
    PrivateKey fresh = PrivateKey::generate(Algorithm::ed25519);
    DFB_TRY_VOID(save_private_key(file, fresh));
    return fresh;
  }

  Result<void> keep_log_key(const log::Vkey& next) {
    Setup changed = setup;
    changed.log_vkey = format_vkey(next);
    DFB_TRY_VOID(write_file(Folder{common.dir}.setup(), format_setup(changed)));
    screen.say("账本换了签名钥：" + changed.log_vkey,
               "The ledger signs with its next key: " + changed.log_vkey);
    return ok();
  }

  Till(const Common& the_common, const Folder& folder, Setup the_setup, PrivateKey the_key,
       log::Vkey the_vkey, std::unique_ptr<History> the_history, Journal the_journal)
      : common(the_common),
        setup(std::move(the_setup)),
        key(std::move(the_key)),
        vkey(std::move(the_vkey)),
        history(std::move(the_history)),
        journal(std::move(the_journal)),
        screen(std::cout, common.lang, colours()),
        link(setup.terminal_url, folder, common.timing.ask_after_us / 1000),
        counter({journal, *history, link, key, setup, vkey, clock, random, common.timing,
                 [this](Do what, const Sale& sale) { screen.show(what, sale); },
                 [this](const log::Vkey& next) { return keep_log_key(next); }}) {
    if (journal.cut_torn_line())
      screen.say("注意：日志最后一行不完整，已截去；它之前没有动作",
                 "CARE: the journal's last line was torn and was cut off; nothing had been done after it",
                 Screen::Tone::care);
  }
};

// Opens the till and hands it to `work`, which answers with an exit status.
template <class Work>
int with_till(const Common& common, Work work) {
  auto till = Till::open(common);
  if (!till) return cannot_work(till.error());
  const Result<int> status = work(**till);
  if (status && status.value() == kDone) (*till)->cosign_seen();
  return status ? status.value() : cannot_work(status.error());
}

bool person_agrees(Till& till, const SaleWords& words) {
  if (words.yes) return true;
  const std::string points = std::to_string(words.points);
  till.screen.say("支付 " + points + " 分？回车确认，n 取消", points + " points? Enter = yes, n = no");
  std::string answer;
  return std::getline(std::cin, answer) && (answer.empty() || answer == "\r");
}

Result<int> settle_first(Till& till) {
  DFB_TRY(const bool settled, till.settle());
  if (settled) return kDone;
  till.screen.say("上一笔还没有结果，先不要开始新的",
                  "An earlier sale is not settled yet; nothing new was begun", Screen::Tone::care);
  return kUnknown;
}

Result<int> sell(Till& till, const SaleWords& words, const std::string& code) {
  DFB_TRY(const int before, settle_first(till));
  if (before != kDone) return before;
  DFB_TRY_VOID(till.counter.scan(code));
  if (till.counter.sale().phase != Phase::ready) return till.finish();
  if (!person_agrees(till, words)) {
    DFB_TRY_VOID(till.counter.drop());
    return kRefused;
  }
  DFB_TRY_VOID(till.wait_for(till.counter.amount(book::Points{words.points}, words.cash_fen)));
  return till.finish();
}

Result<int> give_back(Till& till, const RefundWords& words) {
  DFB_TRY(const int before, settle_first(till));
  if (before != kDone) return before;
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

}  // namespace

int run_enrol(const Common& common, const EnrolWords& words) {
  EnrolOptions options{words.server, words.ca, Folder{common.dir}, words.code};
  if (options.code == "-" && !std::getline(std::cin, options.code)) options.code.clear();
  while (options.code.ends_with('\r')) options.code.pop_back();
  SystemClock clock;
  SystemRandom random;
  const auto setup = enrol(options, clock, random);
  if (!setup) return cannot_work(setup.error());
  Screen screen(std::cout, common.lang, colours());
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

int run_console(const Common& common) {
  return with_till(common, [](Till& till) -> Result<int> {
    till.greet();
    Console console({till.counter, *till.history, till.screen, till.shop_name(), till.setup.origin,
                     STDIN_FILENO, [&till] { till.cosign_seen(); }});
    DFB_TRY(const bool nothing_open, console.run(till.history->unfinished()));
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
    till.greet();
    return sell(till, words, code);
  });
}

int run_refund(const Common& common, const RefundWords& words) {
  return with_till(common, [&](Till& till) -> Result<int> {
    till.greet();
    return give_back(till, words);
  });
}

int run_settle(const Common& common) {
  return with_till(common, [](Till& till) -> Result<int> {
    till.greet();
    DFB_TRY(const bool settled, till.settle());
    if (!settled) return kUnknown;
    till.screen.say("没有未了结的交易", "Nothing is unsettled", Screen::Tone::good);
    return kDone;
  });
}

int run_status(const Common& common) {
  return with_till(common, [](Till& till) -> Result<int> {
    const bool line = till.greet();
    const Seen& seen = till.history->seen();
    till.screen.line(till.shop_name() + "  " + to_string(till.setup.shop) + "  " + till.setup.origin);
    till.screen.say("收款机钥 " + hash_text(till.setup.till), "Till key " + hash_text(till.setup.till));
    till.screen.say(line ? "线路正常" : "线路不通", line ? "The line is up" : "The line is down");
    till.screen.say("已核验账本 " + std::to_string(seen.size) + " 条，根 " + base64_encode(seen.root.view()),
                    "Log verified up to " + std::to_string(seen.size) + " entries, root " +
                        base64_encode(seen.root.view()));
    for (const Sale& sale : till.history->unfinished())
      if (is_open(sale)) till.screen.show(Do::show_unknown, sale);
    if (till.history->has_open()) return kUnknown;
    till.screen.say("没有未了结的交易", "Nothing is unsettled");
    return kDone;
  });
}

}  // namespace dfb::terminal
