#include "terminal/console.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "terminal/echo_off.h"
#include "terminal/offline_words.h"
#include "terminal/refundable.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/picture_scanner.h"
#include "terminal/scan/receipt_code.h"

namespace dfb::terminal {
namespace {

using namespace std::chrono_literals;

// Faster than this nobody ends a line; a scanner needs a few milliseconds for a key.
constexpr std::chrono::milliseconds kHand = 300ms, kHandPerKey = 25ms;
constexpr int kLookEveryMs = 5000, kBatchEveryMs = 250;
using SteadyClock = std::chrono::steady_clock;

}  // namespace

Result<bool> Console::run(std::vector<Sale> unfinished) {
  DFB_TRY_VOID(tell(flow_.begin(std::move(unfinished))));
  if (!flow_.is_busy())
    parts_.screen.say("就绪。请扫付款码；帮助请输入 help", "Ready. Scan a pay code, or type help");
  if (parts_.attendance.is_shut()) tell_shut();
  typed_at_ = SteadyClock::now();
  if (parts_.first_scan) DFB_TRY_VOID(take_scan(*parts_.first_scan));
  while (!quit_) {
    idle();
    if (flow_.has_aside() && parts_.is_line_up() && !flow_.is_busy() && !flow_.is_with_customer())
      DFB_TRY_VOID(tell(flow_.take_up()));
    const bool hides = parts_.counter.sale().phase == Phase::pin || pin_for_.index() != 0;
    const EchoOff hidden(hides ? parts_.in_fd : -1);
    DFB_TRY(const bool more, read_some());
    while (auto line = scanned_.next()) DFB_TRY_VOID(take_scan(*line));
    while (auto line = typed_.next()) DFB_TRY_VOID(take_typed(*line));
    if (!more) break;
  }
  return !flow_.is_busy() && !flow_.has_aside();
}

void Console::idle() {
  if (!parts_.idle || flow_.is_busy() || flow_.is_with_customer()) return;
  parts_.idle();
  const bool up = parts_.is_line_up();
  if (!up && line_was_up_) parts_.screen.line(offline_banner(parts_.screen.lang(), parts_.counter), Screen::Tone::care);
  if (up && !line_was_up_) parts_.screen.say("网络已恢复", "The line is back", Screen::Tone::good);
  line_was_up_ = up;
  if (!up || !parts_.attendance.is_resumed()) return;
  (void)parts_.attendance.look();  // the town answers: it checks the PIN
  if (parts_.attendance.is_shut()) tell_shut();
}

Result<bool> Console::read_some() {
  pollfd waiting[] = {{parts_.in_fd, POLLIN, 0}, {parts_.scans_fd, POLLIN, 0}};  // -1 is passed over
  // While something waits for the town, the line is tried now and then, also when nobody types.
  const bool looks = parts_.counter.unsynced().sales > 0 || !line_was_up_;
  int timeout_ms = flow_.wait_us()    ? static_cast<int>(*flow_.wait_us() / 1000)
                   : parts_.idle && parts_.counter.has_more_to_tell() ? kBatchEveryMs
                   : parts_.idle && looks ? kLookEveryMs
                                          : -1;
  const auto lock_at = typed_at_ + std::chrono::microseconds(parts_.lock_after_us);
  if (may_lock()) {
    const int left_ms = static_cast<int>(std::clamp<std::int64_t>(
        std::chrono::ceil<std::chrono::milliseconds>(lock_at - SteadyClock::now()).count(), 0, 60'000));
    timeout_ms = timeout_ms < 0 ? left_ms : std::min(timeout_ms, left_ms);
  }
  const int ready = ::poll(waiting, 2, timeout_ms);
  if (ready < 0 && errno != EINTR) return fail(Code::io_error, std::string("input: ") + std::strerror(errno));
  if (ready == 0 && flow_.wait_us()) {
    DFB_TRY_VOID(tell(flow_.tick()));
  } else if (ready == 0 && may_lock() && SteadyClock::now() >= lock_at) {
    if (flow_.is_with_customer()) DFB_TRY_VOID(tell(flow_.answer(false)));  // long gone
    lock();
  }
  if (ready <= 0) return true;
  if (waiting[1].revents != 0) read_from(parts_.scans_fd, scanned_);
  return waiting[0].revents == 0 || read_from(parts_.in_fd, typed_);
}

bool Console::read_from(int fd, LineScanner& lines) {
  char bytes[4096];
  const ssize_t got = ::read(fd, bytes, sizeof bytes);
  if (got > 0) {
    lines.feed({bytes, static_cast<std::size_t>(got)});
    return true;
  }
  if (got < 0 && errno == EINTR) return true;
  lines.end();  // also for EIO, which is how a pty says that the other side is gone
  return false;
}

Result<void> Console::take_typed(const LineScanner::Line& line) {
  const auto needed = kHand + kHandPerKey * line.text.size();
  const bool by_hand = !parts_.by_hand || SteadyClock::now() - typed_at_ >= needed;
  auto done = by_hand ? take(line) : take_scan(line);
  typed_at_ = SteadyClock::now();  // what was typed ahead, while the town was asked, comes at once now
  return done;
}

Result<void> Console::take(const LineScanner::Line& read) {
  if (quit_) return ok();
  typed_at_ = SteadyClock::now();
  if (read.too_long) {
    parts_.screen.say("这一行太长，没有理会", "That line is too long and was ignored", Screen::Tone::care);
    return ok();
  }
  const std::string text = without_caps_lock(read.text);
  const ConsoleLine line = parse_console_line(text);
  // PINs and the digits that stand for a code look like points: what is awaited tells them apart.
  const Phase phase = parts_.counter.sale().phase;
  if (pin_for_.index() != 0 && is_pin(text)) return take_pin(text);
  pin_for_ = {};
  if (phase == Phase::pin && is_pin(text)) return tell(flow_.pin(text));
  if (const auto* image = std::get_if<ImageLine>(&line)) return take_image(image->path);
  if (!flow_.is_busy() && may_only_sign_in(line)) {
    tell_shut();
    return ok();
  }
  if (!flow_.is_busy() && parts_.attendance.is_resumed() && !goes_without_pin(text, line)) {
    parts_.screen.say("未核对密码时只收离线码；网络恢复后先登录", "Without a PIN offline codes alone are taken; sign in when the line is back",
                      Screen::Tone::care);
    return ok();
  }
  if (phase != Phase::ready && !flow_.is_busy() && kind_of(text) == CodeKind::handle)
    return tell(flow_.scan(text));
  if (flow_.may_put_aside() && kind_of(text) == CodeKind::offline_code) {
    const auto outcome = flow_.scan(text);
    parts_.screen.line(aside_words(parts_.screen.lang(), parts_.history), Screen::Tone::care);
    return tell(outcome);
  }
  if (flow_.is_busy()) {
    DFB_TRY_VOID(tell(Flow::Said::not_known_yet));
    if (const auto* word = std::get_if<Word>(&line); word != nullptr && *word == Word::quit)
      parts_.screen.say("有一笔结果未知，还不能退出", "Something is not known yet; quitting has to wait",
                        Screen::Tone::care);
    return ok();
  }
  if (const auto code = parse_receipt_url(text)) {
    return show_scanned(*code);
  }
  return take_words(text, line);
}

Result<void> Console::take_image(const std::string& path) {
  const auto scanned = scan_picture(path);
  if (scanned) return take_scan(*scanned);
  const std::string why = scanned.error().detail + " (" + std::string(name(scanned.error().code)) + ")";
  parts_.screen.say("图片里没有读到码：" + why, "No code was read: " + why, Screen::Tone::care);
  return ok();
}

Result<void> Console::take_scan(const LineScanner::Line& line) {
  const std::string text = without_caps_lock(line.text);
  if (line.too_long || std::holds_alternative<CodeLine>(parse_console_line(text)) || parse_receipt_url(text)) return take(line);
  return text.empty() ? ok() : not_understood(text);
}

Result<void> Console::take_words(const std::string& text, const ConsoleLine& line) {
  if (const auto* code = std::get_if<CodeLine>(&line)) return tell(flow_.scan(code->code));
  if (const auto* word = std::get_if<Word>(&line)) return take_word(*word);
  if (const auto* refund = std::get_if<RefundLine>(&line)) return start_refund(*refund);
  if (const auto* again = std::get_if<ReprintLine>(&line)) {
    reprint(*again);
    return ok();
  }
  if (std::holds_alternative<SignInLine>(line) || std::holds_alternative<VoidLine>(line) ||
      std::holds_alternative<UnlockLine>(line))
    return ask_pin_for(line);
  if (const auto* amount = std::get_if<AmountLine>(&line)) return tell(flow_.ask(*amount));
  if (const auto* bill = std::get_if<BillLine>(&line)) return take_bill(*bill);
  if (const auto* goods = std::get_if<GoodsNamed>(&line)) return take_goods(*goods);
  return not_understood(text);
}

Result<void> Console::take_bill(const BillLine& bill) {
  const std::int64_t rate = parts_.counter.fen_per_point();
  if (const auto cash = cash_beside(bill.fen, bill.points, rate))
    return tell(flow_.ask(AmountLine{bill.points, cash.value()}));
  if (rate <= 0)
    parts_.screen.say("还不知道一分值多少钱，请直接输入，例如 200 cash 18.50",
                      "What a point is worth is not known yet; type it yourself, such as 200 cash 18.50",
                      Screen::Tone::care);
  else
    parts_.screen.say("积分抵的钱超过账单，请减少积分：一分值 " + yuan(rate) + " 元",
                      "So many points are worth more than the bill; take fewer: one is worth " + yuan(rate) +
                          " yuan",
                      Screen::Tone::care);
  return ok();
}

Result<void> Console::take_goods(const GoodsNamed& named) {
  auto basket = parts_.shelf.priced(named.lines);
  if (!basket) {
    parts_.screen.say("本店没有商品 " + basket.error().detail + "；商品表请输入 goods",
                      "This shop does not sell " + basket.error().detail + "; type goods for the list",
                      Screen::Tone::care);
    return ok();
  }
  const std::int64_t sum = sum_of(*basket);
  if (sum > book::kPointsMax.value) {
    parts_.screen.say("积分太多", "That is too much", Screen::Tone::care);
    return ok();
  }
  return tell(flow_.ask(AmountLine{book::Points{sum}, 0, std::move(basket).value()}));
}

Result<void> Console::start_refund(const RefundLine& line) {
  auto sale = find_refundable(parts_.counter, parts_.history, line.sale);
  if (sale) {
    const std::int64_t left = cash_left_of(parts_.history, *sale);
    if (line.cash_fen <= left)
      return tell(flow_.ask(Flow::Refund{std::move(sale).value(), line.points, line.memo, line.cash_fen}));
    parts_.screen.say("这笔另收的现金最多还可退 " + yuan(left) + " 元",
                      "Of that sale's cash " + yuan(left) + " yuan can be given back at most", Screen::Tone::care);
    return ok();
  }
  return tell_not_refundable(sale.error());
}

Result<void> Console::take_word(Word word) {
  switch (word) {
    case Word::enter:
      return tell(flow_.answer(true));
    case Word::no:
      return tell(flow_.answer(false));
    case Word::last:
      show_last();
      break;
    case Word::receipt:
      show_receipt();
      break;
    case Word::status:
      show_status();
      break;
    case Word::offline:
      show_offline();
      break;
    case Word::acknowledge:
      return acknowledge();
    case Word::help:
      show_help();
      break;
    case Word::goods:
      show_goods();
      break;
    case Word::staff:
    case Word::lock:
    case Word::out:
    case Word::x:
    case Word::z:
    case Word::resume:
      return take_shift_word(word);
    case Word::quit:
      DFB_TRY_VOID(tell(flow_.answer(false)));
      if (const auto waiting = parts_.counter.unsynced().sales; waiting > 0)
        parts_.screen.say("还有 " + std::to_string(waiting) + " 笔离线交易待上报：本机留着，不要清除文件夹",
                          "Not told to the town yet: " + counted(waiting, "offline sale") +
                              ". Keep the folder, and start again when there is a line",
                          Screen::Tone::care);
      quit_ = true;
      break;
  }
  return ok();
}

Result<void> Console::acknowledge() {
  for (const Uuid& id : std::exchange(listed_, {})) {
    const auto done = parts_.counter.acknowledge(id);
    if (!done && done.error().code != Code::not_found) return done;
  }
  show_offline();
  return ok();
}

}  // namespace dfb::terminal
