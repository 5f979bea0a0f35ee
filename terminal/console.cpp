#include "terminal/console.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "ledger/base/encoding.h"
#include "terminal/code_words.h"
#include "terminal/offline_words.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/decode_image.h"
#include "terminal/scan/receipt_code.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kListMost = 50;
constexpr int kLookEveryMs = 5000, kBatchEveryMs = 250;
constexpr std::int64_t kCashFenMost = 1'000'000'000;
using SteadyClock = std::chrono::steady_clock;

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> parts;
  while (!line.empty()) {
    const std::size_t space = line.find_first_of(" \t");
    if (space != 0) parts.push_back(line.substr(0, space));
    line.remove_prefix(space == line.npos ? line.size() : space + 1);
  }
  return parts;
}

std::optional<book::Points> points_from(std::string_view text) {
  const auto value = parse_decimal(text);
  if (!value || value.value() < 1 || value.value() > book::kPointsMax.value) return std::nullopt;
  return book::Points{value.value()};
}

// 12, 12.5 and 12.50 yuan.
std::optional<std::int64_t> fen_from(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto yuan_part = parse_decimal(text.substr(0, point));
  std::string cents = point == text.npos ? "0" : std::string(text.substr(point + 1));
  if (!yuan_part || yuan_part.value() > kCashFenMost / 100 || cents.empty() || cents.size() > 2)
    return std::nullopt;
  if (!std::all_of(cents.begin(), cents.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  if (point != text.npos && cents.size() == 1) cents += '0';
  const std::int64_t fen = yuan_part.value() * 100 + std::stol(cents);
  if (fen > kCashFenMost) return std::nullopt;
  return fen;
}

std::optional<AmountLine> amount_from(const std::vector<std::string_view>& parts) {
  if (parts.size() != 1 && parts.size() != 3) return std::nullopt;
  const auto points = points_from(parts[0]);
  if (!points) return std::nullopt;
  if (parts.size() == 1) return AmountLine{*points, 0};
  const auto fen = fen_from(parts[2]);
  if (!fen || (parts[1] != "cash" && parts[1] != "现金")) return std::nullopt;
  return AmountLine{*points, *fen};
}

// g rice 2 soap: two of one, one of the other. What is a number counts the good before it.
std::optional<GoodsNamed> goods_from(const std::vector<std::string_view>& parts) {
  if (parts.size() < 2 || (parts[0] != "g" && parts[0] != "商品")) return std::nullopt;
  GoodsNamed named;
  bool counted = true;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto count = parse_decimal(parts[i]);
    if (count && !counted)
      named.lines.back().count = count.value();
    else
      named.lines.push_back({std::string(parts[i]), 1});
    counted = count && !counted;
  }
  if (!book::check_goods(named.lines)) return std::nullopt;
  return named;
}

// The number of a reason, as help lists them.
std::optional<std::string> memo_from(std::string_view text) {
  const auto number = parse_decimal(text);
  const auto& reasons = refund_reasons();
  if (!number || number.value() < 1 || number.value() > static_cast<std::int64_t>(reasons.size()))
    return std::nullopt;
  return std::string(reasons[static_cast<std::size_t>(number.value() - 1)].memo);
}

std::size_t person_from(std::string_view text) {
  const auto number = parse_decimal(text);
  return number && number.value() <= 1000 ? static_cast<std::size_t>(number.value()) : 0;
}

// in 2 · open 2 1 · void 1204 1
std::optional<ConsoleLine> shift_line(const std::vector<std::string_view>& parts) {
  if (parts.size() == 2 && (parts[0] == "in" || parts[0] == "登录"))
    return SignInLine{person_from(parts[1])};
  if (parts.size() != 3) return std::nullopt;
  if (parts[0] == "open" || parts[0] == "解锁")
    return UnlockLine{person_from(parts[1]), person_from(parts[2])};
  if (parts[0] == "void" || parts[0] == "作废") return VoidLine{std::string(parts[1]), person_from(parts[2])};
  return std::nullopt;
}

bool is_pin(std::string_view text) {
  constexpr std::size_t kPinDigits = 6;
  return text.size() == kPinDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct Spelling {
  std::string_view text;
  Word word;
};
constexpr std::array<Spelling, 34> kSpellings{{{"n", Word::no},
                                               {"no", Word::no},
                                               {"否", Word::no},
                                               {"取消", Word::no},
                                               {"last", Word::last},
                                               {"记录", Word::last},
                                               {"receipt", Word::receipt},
                                               {"小票", Word::receipt},
                                               {"status", Word::status},
                                               {"状态", Word::status},
                                               {"offline", Word::offline},
                                               {"离线", Word::offline},
                                               {"ack", Word::acknowledge},
                                               {"已阅", Word::acknowledge},
                                               {"help", Word::help},
                                               {"帮助", Word::help},
                                               {"?", Word::help},
                                               {"staff", Word::staff},
                                               {"人员", Word::staff},
                                               {"lock", Word::lock},
                                               {"锁定", Word::lock},
                                               {"out", Word::out},
                                               {"交班", Word::out},
                                               {"resume", Word::resume},
                                               {"续班", Word::resume},
                                               {"x", Word::x},
                                               {"z", Word::z},
                                               {"结班", Word::z},
                                               {"goods", Word::goods},
                                               {"g", Word::goods},
                                               {"商品", Word::goods},
                                               {"quit", Word::quit},
                                               {"exit", Word::quit},
                                               {"退出", Word::quit}}};

}  // namespace

ConsoleLine parse_console_line(std::string_view line) {
  // A code may begin or end with a space: nothing is trimmed from a line of its length.
  if (const CodeKind kind = kind_of(line); kind == CodeKind::pay_code || kind == CodeKind::card || kind == CodeKind::offline_code ||
                                         kind == CodeKind::pickup)
    return CodeLine{std::string(line)};
  const auto parts = split(line);
  if (parts.empty()) return Word::enter;
  if (parts.size() == 1) {
    for (const Spelling& spelling : kSpellings)
      if (spelling.text == parts[0]) return spelling.word;
  }
  if ((parts.size() == 3 || parts.size() == 4) &&
      (parts[0] == "refund" || parts[0] == "退还" || parts[0] == "退")) {
    const auto points = points_from(parts[2]);
    const auto memo = parts.size() == 4 ? memo_from(parts[3]) : std::string();
    if (points && memo) return RefundLine{std::string(parts[1]), *points, *memo};
    return NotUnderstood{};
  }
  if (parts.size() <= 2 && (parts[0] == "reprint" || parts[0] == "补打"))
    return ReprintLine{parts.size() == 2 ? std::string(parts[1]) : std::string()};
  if (const auto shift = shift_line(parts)) return *shift;
  if (parts.size() == 3 && (parts[0] == "bill" || parts[0] == "账单")) {
    const auto fen = fen_from(parts[1]);
    const auto points = points_from(parts[2]);
    if (fen && points) return BillLine{*fen, *points};
  }
  // The file's name is the rest of the line, which may hold spaces.
  if (parts.size() >= 2 && (parts[0] == "image" || parts[0] == "i" || parts[0] == "图片")) {
    const auto from = static_cast<std::size_t>(parts[1].data() - line.data());
    const std::size_t end = line.find_last_not_of(" \t") + 1;
    return ImageLine{std::string(line.substr(from, end - from))};
  }
  if (auto goods = goods_from(parts)) return *std::move(goods);
  if (const auto amount = amount_from(parts)) return *amount;
  return NotUnderstood{};
}

namespace {

// While it lives, what is typed on that terminal is not shown; -1, or no terminal: nothing happens.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd >= 0 && ::tcgetattr(fd, &before_) == 0 ? fd : -1) {
    if (fd_ < 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd_, TCSANOW, &silent);
  }
  ~EchoOff() {
    if (fd_ >= 0) ::tcsetattr(fd_, TCSANOW, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  termios before_{};
  int fd_;
};

}  // namespace

Result<bool> Console::run(std::vector<Sale> unfinished) {
  DFB_TRY_VOID(tell(flow_.begin(std::move(unfinished))));
  if (!flow_.is_busy())
    parts_.screen.say("就绪。请扫付款码；帮助请输入 help", "Ready. Scan a pay code, or type help");
  if (parts_.attendance.is_shut()) tell_shut();
  typed_at_ = SteadyClock::now();
  if (!parts_.first_scan.empty()) DFB_TRY_VOID(take_scan(parts_.first_scan));
  while (!quit_) {
    idle();
    const bool hides = parts_.counter.sale().phase == Phase::pin || pin_for_.index() != 0;
    const EchoOff hidden(hides ? parts_.in_fd : -1);
    DFB_TRY(const bool more, read_some());
    for (LineScanner* lines : {&scanned_, &typed_})
      while (auto line = lines->next()) DFB_TRY_VOID(take(*line));
    if (!more) break;
  }
  return !flow_.is_busy();
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

Result<void> Console::take(const LineScanner::Line& text) {
  if (quit_) return ok();
  typed_at_ = SteadyClock::now();
  if (text.too_long) {
    parts_.screen.say("这一行太长，没有理会", "That line is too long and was ignored", Screen::Tone::care);
    return ok();
  }
  const ConsoleLine line = parse_console_line(text.text);
  // PINs and the digits that stand for a code look like points: what is awaited tells them apart.
  const Phase phase = parts_.counter.sale().phase;
  if (pin_for_.index() != 0 && is_pin(text.text)) return take_pin(text.text);
  pin_for_ = {};
  if (phase == Phase::pin && is_pin(text.text)) return tell(flow_.pin(text.text));
  if (const auto* image = std::get_if<ImageLine>(&line)) return take_image(image->path);
  if (!flow_.is_busy() && may_only_sign_in(line)) {
    tell_shut();
    return ok();
  }
  if (!flow_.is_busy() && parts_.attendance.is_resumed() && !goes_without_pin(text.text, line)) {
    parts_.screen.say("未核对密码时只收离线码；网络恢复后先登录", "Without a PIN offline codes alone are taken; sign in when the line is back",
                      Screen::Tone::care);
    return ok();
  }
  if (phase != Phase::ready && !flow_.is_busy() && kind_of(text.text) == CodeKind::handle)
    return tell(flow_.scan(text.text));
  if (flow_.is_busy()) {
    DFB_TRY_VOID(tell(Flow::Said::not_known_yet));
    if (const auto* word = std::get_if<Word>(&line); word != nullptr && *word == Word::quit)
      parts_.screen.say("有一笔结果未知，还不能退出", "Something is not known yet; quitting has to wait",
                        Screen::Tone::care);
    return ok();
  }
  if (const auto code = parse_receipt_url(text.text)) {
    show_scanned(*code);
    return ok();
  }
  return take_words(text.text, line);
}

Result<void> Console::take_image(const std::string& path) {
  const auto text = decode_image(path);
  if (text) return take_scan(*text);
  const std::string why = text.error().detail + " (" + std::string(name(text.error().code)) + ")";
  parts_.screen.say("图片里没有读到码：" + why, "No code was read: " + why, Screen::Tone::care);
  return ok();
}

Result<void> Console::take_scan(const std::string& text) {
  if (std::holds_alternative<CodeLine>(parse_console_line(text)) || parse_receipt_url(text)) return take({text, false});
  return not_understood(text);
}

Result<void> Console::not_understood(const std::string& text) {
  if (const CodeKind kind = kind_of(text); !pays(kind) && kind != CodeKind::number && kind != CodeKind::unknown)
    parts_.screen.line(std::string(wrong_code(parts_.screen.lang(), kind)), Screen::Tone::care);
  else
    parts_.screen.say("没看懂；帮助请输入 help", "Not understood; type help");
  return ok();
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

Result<void> Console::tell(Flow::Outcome outcome) {
  if (!outcome) return outcome.error();
  const Sale& sale = parts_.counter.sale();
  switch (outcome.value()) {
    case Flow::Said::nothing:
      break;
    case Flow::Said::not_known_yet:
      parts_.screen.show(Do::show_unknown, sale);
      break;
    case Flow::Said::asked:
      ask_to_confirm();
      break;
    case Flow::Said::scan_first:
      parts_.screen.say("请先扫顾客的付款码", "Scan the customer's code first");
      break;
    case Flow::Said::more_than_allowed: {
      const std::string most = std::to_string(sale.customer.spend_max.value);
      parts_.screen.say("这个码最多可用 " + most + " 分", "This code allows up to " + most + " points",
                        Screen::Tone::care);
      break;
    }
    case Flow::Said::not_given_back:
      parts_.screen.say("没有做", "Nothing was done");
      break;
    case Flow::Said::no_pin_wanted:
      break;
    case Flow::Said::exactly_these: {
      if (sale.hold) {
        parts_.screen.say("积分、现金和商品以预留为准：回车交货，n 取消",
                          "The reservation says points, cash and goods: Enter hands them out, n = drop",
                          Screen::Tone::care);
        break;
      }
      const std::string these = std::to_string(sale.customer.spend_max.value);
      parts_.screen.say("这个离线码只能付 " + these + " 分：回车收下", "This offline code pays " + these + " points, no others: Enter takes it",
                        Screen::Tone::care);
      break;
    }
    case Flow::Said::no_goods_offline:
      parts_.screen.say("离线码不能按商品卖：回车收下码上的积分",
                        "An offline code buys no goods by name: Enter takes its points", Screen::Tone::care);
      break;
    case Flow::Said::unsynced_first:
      parts_.screen.say("还有离线交易没有上报：网络恢复、自动上报后再退还、作废、结班或交班",
                        "Offline sales wait for the town: try this again when the line is back and they are "
                        "counted, which happens by itself",
                        Screen::Tone::care);
      break;
    case Flow::Said::customer_waits:
      parts_.screen.show(Do::show_customer, sale);
      break;
  }
  return ok();
}

void Console::ask_to_confirm() {
  if (const auto* refund = std::get_if<Flow::Refund>(&flow_.question())) {
    const std::string points = std::to_string(refund->points.value),
                      receipt = std::to_string(refund->sale.seq);
    parts_.screen.say("小票 " + receipt + " 退还 " + points + " 分？回车确认，n 取消",
                      "Give back " + points + " points of receipt " + receipt + "? Enter = yes, n = no");
    return;
  }
  if (std::holds_alternative<Flow::CloseShift>(flow_.question())) {
    const ShiftTotals totals = parts_.history.shift_totals();
    const std::string sum = std::to_string(totals.count) + " / " + std::to_string(totals.total),
                      back = std::to_string(totals.refunds) + " / " + std::to_string(totals.refunded);
    parts_.screen.say("结班？消费 " + sum + "，退还 " + back + "。回车确认，n 取消",
                      "Close the shift? Sales, points " + sum + "; refunds, points " + back +
                          ". Enter = yes, n = no");
    return;
  }
  if (std::holds_alternative<Flow::Void>(flow_.question())) return;  // the manager's PIN was the yes
  const auto& amount = std::get<Flow::Amount>(flow_.question());
  const std::string points = std::to_string(amount.points.value), cash = yuan(amount.cash_fen),
                    name = parts_.counter.sale().customer.name;
  if (!amount.goods.empty())
    parts_.screen.line(parts_.shelf.text(amount.goods, parts_.screen.lang()));
  parts_.screen.say(name + " 支付 " + points + " 分" + (amount.cash_fen > 0 ? "，现金 " + cash + " 元" : "") +
                        "？回车确认，n 取消",
                    points + " points from " + name +
                        (amount.cash_fen > 0 ? " and " + cash + " yuan in cash" : "") +
                        "? Enter = yes, n = no");
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

void Console::show_goods() {
  const Lang lang = parts_.screen.lang();
  for (const ShopGood& good : parts_.shelf.goods())
    parts_.screen.line(good.id + "  " + std::string(pick(lang, good.name_zh, good.name_en)) + "  " +
                       std::to_string(good.points) + std::string(pick(lang, " 分  剩 ", " points  left: ")) +
                       std::to_string(good.stock));
  if (parts_.shelf.goods().empty())
    parts_.screen.say("本店没有商品表：直接输入积分", "This shop has no list of goods: type the points");
}

Result<void> Console::start_refund(const RefundLine& line) {
  auto sale = find_sale(parts_.history, line.sale);
  if (sale) return tell(flow_.ask(Flow::Refund{std::move(sale).value(), line.points, line.memo}));
  parts_.screen.line(words(parts_.screen.lang(), sale.error()), Screen::Tone::care);
  return ok();
}

void Console::show_scanned(const ReceiptCode& code) {
  const auto sale = find_scanned(parts_.history, code);
  if (!sale) return parts_.screen.line(words(parts_.screen.lang(), sale.error()), Screen::Tone::care);
  const std::string receipt = std::to_string(sale->seq), points = std::to_string(sale->points.value),
                    left = std::to_string(left_of(parts_.history, *sale).value);
  parts_.screen.say("小票 " + receipt + " 收了 " + points + " 分，还可退 " + left +
                        " 分。退还请输入 refund " + receipt + " 积分 事由",
                    "Receipt " + receipt + ": " + points + " points, of which " + left +
                        " can be given back. Type: refund " + receipt + " POINTS REASON");
}

void Console::reprint(const ReprintLine& line) {
  const auto past = find_receipt(parts_.history, line.sale);
  if (!past) return parts_.screen.line(words(parts_.screen.lang(), past.error()), Screen::Tone::care);
  const Lang lang = parts_.screen.lang();
  parts_.screen.line(plain_text(parts_.receipts.preview(parts_.receipts.receipt(*past, lang))));
  if (parts_.receipts.status().state == PrinterState::none)
    return parts_.screen.say("本机没有打印机", "This till has no printer");
  (void)parts_.receipts.print(*past);
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
      parts_.screen.say(
          "扫取货码 → 回车\n扫码 → 积分（30，或 30 cash 12.50，或 bill 38.50 200：账单 38.50 元，付 200 分，或 g rice 2 soap：商品和件数）→ 回车\ngoods 商品表 · refund 小票号 "
          "积分 事由（1 退货 2 商品有问题 3 收错积分 4 其他）\n"
          "last 最近50笔 · receipt 小票 · reprint [小票号] 补打 · status 状态 · offline 离线额度与未入账 · "
          "ack 已阅 · quit 退出\n"
          "staff 人员 · in 序号 登录 · out 交班 · lock 锁定 · resume 断网续班 · open 序号 店长序号 解锁 · void 小票号 店长序号 "
          "作废 · x 当班报表 · z 结班报表\n"
          "image 文件：扫一张 PNG 图片里的码",
          "scan a pick-up code → Enter\nscan → points (30, or 30 cash 12.50, or bill 38.50 200: of 38.50 yuan 200 points, or g rice 2 soap: goods and how many) → Enter\n"
          "refund RECEIPT POINTS REASON (1 goods returned, 2 damaged, 3 wrong amount, 4 other)\n"
          "goods (list) · last (50 sales) · receipt (of the last sale) · reprint [RECEIPT] · "
          "status · offline (budget, and what was not paid) · ack (that was read) · quit\n"
          "staff (list) · in NUMBER · out · lock · resume (without a line) · open NUMBER MANAGER (a locked person) · "
          "void RECEIPT MANAGER · x (report) · z (close the shift)\n"
          "image FILE: scan the code in a PNG picture");
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
                          std::to_string(waiting) + " offline sales wait for the town: they stay here; keep the "
                          "folder, and start again when there is a line",
                          Screen::Tone::care);
      quit_ = true;
      break;
  }
  return ok();
}

void Console::show_last() {
  const auto& past = parts_.history.past();
  const std::size_t skip = past.size() > kListMost ? past.size() - kListMost : 0;
  for (std::size_t i = skip; i < past.size(); ++i)
    parts_.screen.line(past_line(parts_.screen.lang(), past[i]));
  if (past.empty()) parts_.screen.say("还没有交易", "No sales yet");
}

void Console::show_receipt() {
  if (!flow_.last_done()) return parts_.screen.say("还没有小票", "No receipt yet");
  const Printout receipt = parts_.receipts.receipt(*flow_.last_done(), parts_.screen.lang());
  parts_.screen.line(plain_text(parts_.receipts.preview(receipt)));
}

void Console::show_offline() {
  parts_.screen.line(offline_banner(parts_.screen.lang(), parts_.counter), Screen::Tone::care);
  listed_.clear();
  for (const Past& past : parts_.history.conflicts()) {
    const std::string name = parts_.counter.pins().name_of(past.account);
    parts_.screen.line(conflict_line(parts_.screen.lang(), past, name), Screen::Tone::bad);
    listed_.push_back(past.id);
  }
  if (!listed_.empty())
    parts_.screen.say("看过并记下后输入 ack", "When they were read and noted, type ack");
}

Result<void> Console::acknowledge() {
  for (const Uuid& id : std::exchange(listed_, {})) {
    const auto done = parts_.counter.acknowledge(id);
    if (!done && done.error().code != Code::not_found) return done;
  }
  show_offline();
  return ok();
}

void Console::show_status() {
  const Seen& seen = parts_.counter.seen();
  parts_.screen.say("账本共 " + std::to_string(seen.size) + " 条，已核验；没有未了结的交易",
                    "The log has " + std::to_string(seen.size) + " entries, verified; nothing is unsettled");
  const std::string printer = trouble(parts_.receipts.status(), parts_.screen.lang());
  if (!printer.empty()) parts_.screen.line(printer, Screen::Tone::care);
}

}  // namespace dfb::terminal
