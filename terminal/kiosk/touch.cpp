#include "terminal/kiosk/touch.h"

#include <algorithm>
#include <boost/describe.hpp>
#include <optional>

#include "api/http/json.h"

namespace dfb::terminal::kiosk {
namespace {

constexpr std::size_t kScanMax = 512;  // as a text terminal's lines
constexpr std::size_t kFindMax = 64, kPinMax = 16, kMemoMax = 64;
constexpr std::int64_t kCashFenMost = 1'000'000'000;

struct GoodsLineIn {
  std::string good;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(GoodsLineIn, (), (good, count))

struct Body {
  std::string touch;
  std::optional<std::string> text, sale, memo, staff, manager;
  std::optional<std::int64_t> points, cash_fen, number;
  std::optional<std::vector<GoodsLineIn>> goods;
};
BOOST_DESCRIBE_STRUCT(Body, (), (touch, text, sale, memo, staff, manager, points, cash_fen, number, goods))

Result<std::string> text_of(const Body& body, std::size_t most) {
  if (!body.text || body.text->empty() || body.text->size() > most)
    return fail(Code::malformed, "text: 1 to " + std::to_string(most) + " bytes are wanted");
  return *body.text;
}

Result<std::string> person_of(const std::optional<std::string>& id, const char* what) {
  if (!id || !book::is_name(*id)) return fail(Code::malformed, std::string(what) + ": whose?");
  return *id;
}

// Who stands at the till: touches that name no sale, but the void's.
std::optional<Result<Touch>> shift_touch(const Body& body) {
  const std::string& touch = body.touch;
  if (touch == "who") return Touch(ShowSignIn{});
  if (touch == "sign_out") return Touch(SignOut{});
  if (touch == "resume") return Touch(Resume{});
  if (touch == "lock") return Touch(Lock{});
  if (touch == "shift") return Touch(ShowShift{});
  if (touch == "x") return Touch(XReport{body.number.value_or(0)});
  if (touch == "z") return Touch(ZReport{body.number.value_or(0)});
  if (touch != "sign_in" && touch != "unlock") return std::nullopt;
  const auto staff = person_of(body.staff, "staff");
  const auto pin = text_of(body, kPinMax);
  if (!staff) return Result<Touch>(staff.error());
  if (!pin) return Result<Touch>(pin.error());
  if (touch == "sign_in") return Touch(SignIn{*staff, *pin});
  const auto manager = person_of(body.manager, "manager");
  if (!manager) return Result<Touch>(manager.error());
  return Touch(Unlock{*staff, *manager, *pin});
}

// The owner's report.
std::optional<Result<Touch>> owner_touch(const Body& body) {
  const std::string& touch = body.touch;
  if (touch == "owner") return Touch(ShowOwner{});
  if (touch == "owner_read") {
    const auto period = parse_period(body.text.value_or("?"), 0);
    if (!period || body.text->empty()) return Result<Touch>(fail(Code::malformed, "text: which period?"));
    return Touch(ReadOwner{*period});
  }
  if (touch != "owner_open") return std::nullopt;
  const auto manager = person_of(body.manager, "manager");
  const auto pin = text_of(body, kPinMax);
  if (!manager) return Result<Touch>(manager.error());
  if (!pin) return Result<Touch>(pin.error());
  return Touch(OpenOwner{*manager, *pin});
}

Result<Uuid> sale_of(const Body& body) {
  auto id = parse_uuid(body.sale.value_or(""));
  if (!id) return fail(Code::malformed, "sale: " + id.error().detail);
  return id;
}

Result<book::Points> points_of(const Body& body, std::int64_t least) {
  const std::int64_t points = body.points.value_or(0);
  if (points < least || points > book::kPointsMax.value) return fail(Code::malformed, "points: out of range");
  return book::Points{points};
}

Result<std::int64_t> cash_of(const Body& body) {
  const std::int64_t fen = body.cash_fen.value_or(0);
  if (fen < 0 || fen > kCashFenMost) return fail(Code::malformed, "cash_fen: out of range");
  return fen;
}

Result<std::vector<book::GoodsLine>> goods_of(const Body& body) {
  std::vector<book::GoodsLine> lines;
  if (!body.goods || body.goods->empty()) return lines;
  for (const GoodsLineIn& line : *body.goods) lines.push_back({line.good, line.count});
  DFB_TRY_VOID(book::check_goods(lines));
  return lines;
}

// As a payload's strings are.
Result<std::string> memo_of(const Body& body) {
  const std::string memo = body.memo.value_or("");
  const bool plain = std::all_of(memo.begin(), memo.end(),
                                 [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (!plain || memo.size() > kMemoMax) return fail(Code::malformed, "memo: up to 64 plain characters");
  return memo;
}

}  // namespace

Result<Touch> parse_touch(std::string_view json) {
  DFB_TRY(const Body body, http::from_json<Body>(json));
  const std::string& touch = body.touch;
  if (auto of_shift = shift_touch(body)) return *std::move(of_shift);
  if (auto of_owner = owner_touch(body)) return *std::move(of_owner);
  if (touch == "past") return Touch(ShowPast{});
  if (touch == "back") return Touch(Back{});
  if (touch == "scan") {
    DFB_TRY(std::string text, text_of(body, kScanMax));
    return Touch(Scan{std::move(text)});
  }
  if (touch == "find") {
    DFB_TRY(std::string text, text_of(body, kFindMax));
    return Touch(Find{std::move(text)});
  }
  DFB_TRY(const Uuid sale, sale_of(body));
  if (touch == "pin") {
    DFB_TRY(std::string pin, text_of(body, kPinMax));
    return Touch(Pin{sale, std::move(pin)});
  }
  if (touch == "void") {
    DFB_TRY(std::string manager, person_of(body.manager, "manager"));
    DFB_TRY(std::string pin, text_of(body, kPinMax));
    return Touch(Void{sale, std::move(manager), std::move(pin)});
  }
  if (touch == "ask_void") return Touch(AskVoid{sale});
  if (touch == "drop") return Touch(Drop{sale});
  if (touch == "next") return Touch(Next{sale});
  if (touch == "receipt") return Touch(ShowReceipt{sale});
  if (touch == "print") return Touch(Print{sale});
  if (touch == "acknowledge") return Touch(Acknowledge{sale});
  DFB_TRY(const book::Points points, points_of(body, touch == "draft" ? 0 : 1));
  DFB_TRY(std::string memo, memo_of(body));
  DFB_TRY(const std::int64_t cash_fen, cash_of(body));
  if (touch == "refund") return Touch(GiveBack{sale, points, std::move(memo), cash_fen});
  DFB_TRY(auto goods, goods_of(body));
  if (touch == "draft") return Touch(Draft{sale, points, cash_fen, std::move(memo), std::move(goods)});
  if (touch == "pay") return Touch(Pay{sale, points, cash_fen, std::move(goods)});
  return fail(Code::malformed, "touch: an unknown word");
}

}  // namespace dfb::terminal::kiosk
