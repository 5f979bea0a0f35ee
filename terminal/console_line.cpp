#include "terminal/console_line.h"

#include <array>

#include "ledger/base/digits.h"
#include "ledger/base/encoding.h"
#include "terminal/printing/receipts.h"
#include "terminal/scan/code_kind.h"

namespace dfb::terminal {
namespace {

constexpr std::int64_t kCashFenMost = 1'000'000'000;

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
  if (!is_digits(cents)) return std::nullopt;
  if (point != text.npos && cents.size() == 1) cents += '0';
  const std::int64_t fen = yuan_part.value() * 100 + std::stol(cents);
  if (fen > kCashFenMost) return std::nullopt;
  return fen;
}

bool is_cash(std::string_view text) { return text == "cash" || text == "现金"; }

std::optional<AmountLine> amount_from(const std::vector<std::string_view>& parts) {
  if (parts.size() != 1 && parts.size() != 3) return std::nullopt;
  const auto points = points_from(parts[0]);
  if (!points) return std::nullopt;
  if (parts.size() == 1) return AmountLine{*points, 0};
  const auto fen = fen_from(parts[2]);
  if (!fen || !is_cash(parts[1])) return std::nullopt;
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

// refund 1204 10 · refund 1204 10 2 · refund 1204 10 cash 12.50 · refund 1204 10 cash 12.50 2
std::optional<RefundLine> refund_from(const std::vector<std::string_view>& parts) {
  RefundLine refund{std::string(parts[1]), {}};
  const auto points = points_from(parts[2]);
  std::size_t read = 3;
  if (parts.size() > read && is_cash(parts[read])) {
    const auto fen = parts.size() > read + 1 ? fen_from(parts[read + 1]) : std::nullopt;
    if (!fen) return std::nullopt;
    refund.cash_fen = *fen;
    read += 2;
  }
  const auto memo = parts.size() > read ? memo_from(parts[read++]) : std::string();
  if (!points || !memo || parts.size() > read) return std::nullopt;
  refund.points = *points;
  refund.memo = *memo;
  return refund;
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

bool is_pin(std::string_view text) {
  constexpr std::size_t kPinDigits = 6;
  return text.size() == kPinDigits && is_digits(text);
}

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
  if (parts.size() >= 3 && (parts[0] == "refund" || parts[0] == "退还" || parts[0] == "退")) {
    if (auto refund = refund_from(parts)) return *std::move(refund);
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

}  // namespace dfb::terminal
