#include "terminal/opened_till.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <thread>

#include "terminal/till/receipt_text.h"

namespace dfb::terminal {

void complain(const Error& error) {
  std::cerr << "defenbao-terminal: " << (error.detail.empty() ? std::string(name(error.code)) : error.detail)
            << "\n";
}

bool screen_has_colours() { return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

Till::Till(const Common& the_common, const Folder& folder, Setup the_setup, PrivateKey the_key,
           log::Vkey the_vkey, std::unique_ptr<History> the_history, Journal the_journal)
    : common(the_common),
      setup(std::move(the_setup)),
      key(std::move(the_key)),
      vkey(std::move(the_vkey)),
      history(std::move(the_history)),
      journal(std::move(the_journal)),
      screen(std::cout, common.lang, screen_has_colours()),
      show([this](Do what, const Sale& sale) { screen.show(what, sale); }),
      link(setup.terminal_url, folder, common.timing.ask_after_us / 1000),
      attendance({journal, *history, line, clock}),
      counter({journal, *history, line, key, setup, vkey, clock, random, common.timing,
               [this](Do what, const Sale& sale) { show(what, sale); },
               [this](const log::Vkey& next) { return keep_log_key(next); }}) {
  if (journal.cut_torn_line())
    screen.say("注意：日志最后一行不完整，已截去；它之前没有动作",
               "CARE: the journal's last line was torn and was cut off; nothing had been done after it",
               Screen::Tone::care);
}

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
  DFB_TRY(Journal journal,
          Journal::open(folder.journal(), [&](const Record& record) { return history->add(record); }));
  if (!history->identity() || *history->identity() != Identity{setup.origin, setup.shop, setup.till})
    return fail(Code::bad_config,
                folder.journal() + " is another terminal's, or empty; restore the right one");
  return std::unique_ptr<Till>(new Till(common, folder, std::move(setup), std::move(key).value(),
                                        std::move(vkey).value(), std::move(history), std::move(journal)));
}

bool Till::greet() {
  const auto info = counter.greet();
  if (!info) {
    screen.line(std::string(pick(screen.lang(), "注意：", "CARE: ")) + info.error().detail + " (" +
                    std::string(name(info.error().code)) + ")",
                Screen::Tone::care);
    return false;
  }
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
  if (seen.size == cosigned_size) return;
  cosigned_size = seen.size;
  const auto witness = witness_key();
  if (!witness) {
    complain(witness.error());
    return;
  }
  const std::int64_t unix_s = (clock.now_us() + counter.clock_off_us()) / kSecondUs;
  const auto told = link.cosign(seen, setup.origin, key, *witness, unix_s);
  if (!told && told.error().code == Code::inconsistent)
    screen.say("注意：镇里的账本与本机核验过的不是同一份历史，请告诉审计员",
               "CARE: the town's log is not the history that this terminal has verified; tell an auditor",
               Screen::Tone::care);
}

int Till::finish() {
  const Sale& sale = counter.sale();
  if (is_open(sale)) return kUnknown;
  if (sale.phase != Phase::done) return kRefused;
  std::cout << receipt_text(sale, {shop_name(), setup.origin}, common.lang) << std::flush;
  return kDone;
}

Result<void> Till::keep_log_key(const log::Vkey& next) {
  Setup changed = setup;
  changed.log_vkey = format_vkey(next);
  DFB_TRY_VOID(write_file(Folder{common.dir}.setup(), format_setup(changed)));
  screen.say("账本换了签名钥：" + changed.log_vkey,
             "The ledger signs with its next key: " + changed.log_vkey);
  return ok();
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
