#include "terminal/practice/practice_line.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/book/card_number.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/shift_report.h"
#include "ledger/book/codes.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"
#include "ledger/log/note.h"
#include "ledger/log/receipt.h"
#include "terminal/scan/code_kind.h"

namespace dfb::terminal {
namespace {

using namespace book;

constexpr std::int64_t kCodeMost = 50, kFenPerPoint = 10;
constexpr std::string_view kPin = "123456";
constexpr int kAskedBeforeYes = 3;
constexpr AccountId kCustomer{kFirstFreeAccount + 1}, kShop{kFirstFreeAccount + 2};

Setup setup_for(Setup shop, const PublicKey& till, const std::string& vkey) {
  shop.origin = kPracticeOrigin;
  shop.log_vkey = vkey;
  shop.shop = kShop;
  shop.till = till.id();
  return shop;
}

struct Sent {
  std::string payload;
  std::vector<KeySignature> signatures;
  std::vector<GoodsLine> goods;
};
Result<Sent> parse_sent(const std::string& body) {
  boost::system::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error) return fail(Code::malformed, "not a signed command");
  Sent sent;
  sent.payload = std::string(value.at("payload").as_string());
  for (const auto& one : value.at("signatures").as_array()) {
    DFB_TRY(const auto key, parse_hash_text(std::string(one.at("key").as_string())));
    DFB_TRY(auto bytes, base64url_decode(std::string(one.at("signature").as_string())));
    sent.signatures.push_back({key, std::move(bytes)});
  }
  if (const auto* goods = value.as_object().if_contains("goods"))
    for (const auto& one : goods->as_array())
      sent.goods.push_back({std::string(one.at("good").as_string()), one.at("count").as_int64()});
  return sent;
}

Outcome refusal(Code code) {
  Outcome outcome;
  outcome.refused = code;
  return outcome;
}

}  // namespace

PracticeLine::PracticeLine(Setup shop, const PublicKey& till, const Clock& clock)
    : clock_(clock),
      log_key_(PrivateKey::generate(Algorithm::ed25519)),
      phone_(PrivateKey::generate(Algorithm::p256)),
      signer_(kPracticeOrigin, {log_key_}),
      setup_(setup_for(std::move(shop), till, signer_.vkeys().front())),
      goods_{{"rice", "大米 5 公斤", "Rice, 5 kg", 30, 20},
             {"oil", "食用油 1 升", "Cooking oil, 1 l", 25, 12},
             {"eggs", "鸡蛋 10 个", "Eggs, 10", 12, 40},
             {"soap", "肥皂", "Soap", 5, 1},
             {"towel", "毛巾", "Towel", 8, 0}} {}

log::Checkpoint PracticeLine::checkpoint() const {
  return {kPracticeOrigin, static_cast<std::int64_t>(leaves_.size()), edge_.root()};
}
std::string PracticeLine::note() const { return signer_.sign(checkpoint(), signer_.vkeys()); }

Result<TillInfo> PracticeLine::info() {
  return TillInfo{setup_.shop,    setup_.till,   setup_.name_zh,   setup_.name_en,
                  setup_.origin, setup_.log_vkey, clock_.now_us(),   {},
                  kFenPerPoint};
}

Result<Customer> PracticeLine::present(std::string_view text) {
  const std::string name = "练习 Practice";
  if (const auto card = parse_card(text)) return Customer{{}, *card, kCustomer, name, {kCodeMost}, {kCodeMost}, {}};
  if (kind_of(text) == CodeKind::handle) {
    const std::string code =
        make_pay_code(phone_, kPracticeOrigin, kCustomer, Points{kCodeMost}, clock_.now_us()).text();
    return Customer{phone_.public_key().id(), {}, kCustomer, name, {kCodeMost}, {kCodeMost}, code};
  }
  DFB_TRY(const auto code, parse_pay_code(text));
  const std::int64_t most = std::min(code.limit.value, kCodeMost);
  return Customer{phone_.public_key().id(), {}, code.account, name, code.limit, {most}, {}};
}

// The code's id is made a reservation of a bag of rice, as if the customer had asked for it before.
Result<Reservation> PracticeLine::reservation(const Uuid& id) {
  const std::vector<GoodsLine> goods{{goods_.front().id, 1}};
  if (!holds_.contains(id)) {
    Hold hold;
    hold.account = kCustomer, hold.shop = kShop, hold.points = Points{goods_.front().points};
    hold.until_us = clock_.now_us() + kDayUs, hold.goods = goods_digest(goods);
    const std::string payload = format_payload(Payload{id, phone_.public_key().id(), clock_.now_us() + kMinuteUs, hold});
    Outcome outcome;
    outcome.policy = 1;
    outcome.held = hold.points;
    DFB_TRY_VOID(append(payload, {{phone_.public_key().id(), sign(phone_, SignedKind::payload, kPracticeOrigin, payload)}},
                        outcome));
    holds_[id] = static_cast<std::int64_t>(leaves_.size()) - 1;
  }
  if (holds_.at(id) < 0) return fail(Code::hold_resolved);
  CommandAnswer made = answer(holds_.at(id));
  return Reservation{{std::move(made.entry), std::move(made.receipt)}, "练习 Practice", {{goods.front().good, 1, goods_.front().points}}};
}

Result<std::string> PracticeLine::attest(AccountId, std::string_view pin, const Uuid&, Points) {
  if (pin != kPin) return fail(Code::pin_wrong);
  return std::string("practice");
}

Result<void> PracticeLine::offer(const std::string&) {
  asked_ = 0;
  return ok();
}

Result<CustomersWord> PracticeLine::word(const Uuid& sale) {
  if (++asked_ < kAskedBeforeYes) return CustomersWord{};
  return CustomersWord{CustomersWord::Said::yes,
                       sign(phone_, SignedKind::quote, kPracticeOrigin, to_string(sale))};
}

Outcome PracticeLine::undo(const Cancel& cancel) {
  Outcome outcome;
  const auto found = sales_.find(cancel.target);
  if (found == sales_.end()) {
    outcome.burnt = cancel.target;
    return outcome;
  }
  Sold& sold = found->second;
  outcome.undone = sold.seq;
  outcome.points = Points{sold.points - sold.back};
  balance_ += sold.points - sold.back;
  sold.back = sold.points;
  move_goods(std::exchange(sold.goods, {}), 1);
  return outcome;
}

bool PracticeLine::is_in_stock(const std::vector<GoodsLine>& lines) const {
  return std::all_of(lines.begin(), lines.end(), [this](const GoodsLine& line) {
    return std::any_of(goods_.begin(), goods_.end(),
                       [&](const ShopGood& good) { return good.id == line.good && good.stock >= line.count; });
  });
}

void PracticeLine::move_goods(const std::vector<GoodsLine>& lines, std::int64_t sign) {
  for (const GoodsLine& line : lines)
    for (ShopGood& good : goods_)
      if (good.id == line.good) good.stock += sign * line.count;
}

// The few rules that a cashier meets.
Outcome PracticeLine::judge(const Payload& payload, const std::vector<GoodsLine>& goods) {
  if (const auto* cancel = std::get_if<Cancel>(&payload.body)) return undo(*cancel);
  if (const auto* record = std::get_if<book::Record>(&payload.body); record && is_shift_report(record->kind)) return {};
  if (const auto* resolve = std::get_if<Resolve>(&payload.body)) {
    std::int64_t& hold = holds_[resolve->hold];
    if (std::exchange(hold, -1) < 0) return refusal(Code::hold_resolved);
    sales_[payload.id] = {static_cast<std::int64_t>(leaves_.size()), resolve->points.value, 0, {}};
    return {};
  }
  const auto* transfer = std::get_if<Transfer>(&payload.body);
  if (transfer == nullptr) return refusal(Code::forbidden);
  const std::int64_t points = transfer->points.value;
  Outcome outcome;
  outcome.policy = 1;
  if (transfer->kind == TransferKind::redeem) {
    if (points > balance_) return refusal(Code::insufficient_points);
    balance_ -= points;
    move_goods(goods, -1);
    sales_[payload.id] = {static_cast<std::int64_t>(leaves_.size()), points, 0, goods};
    return outcome;
  }
  const auto sold = sales_.find(transfer->sale);
  if (sold == sales_.end()) return refusal(Code::sale_unknown);
  if (points > sold->second.points - sold->second.back) return refusal(Code::refund_exceeds_sale);
  sold->second.back += points;
  balance_ += points;
  return outcome;
}

Result<void> PracticeLine::append(const std::string& payload, const std::vector<KeySignature>& signatures,
                                  const Outcome& outcome) {
  const auto seq = static_cast<std::int64_t>(leaves_.size());
  DFB_TRY(std::string leaf, log::format_entry_text({kPracticeOrigin, seq, clock_.now_us(), payload,
                                                    format_outcome(outcome), signatures}));
  for (log::FullTile& tile : edge_.append(log::leaf_hash(leaf)))
    full_tiles_[{tile.level, tile.index}] = std::move(tile.bytes);
  leaves_.push_back(std::move(leaf));
  return ok();
}

CommandAnswer PracticeLine::answer(std::int64_t seq) {
  const std::string& leaf = leaves_[static_cast<std::size_t>(seq)];
  const auto path = log::inclusion_path(seq, static_cast<std::int64_t>(leaves_.size()), *this);
  const auto checkpoint_note = log::parse_note(note());
  const auto entry = log::parse_entry_text(leaf);
  DFB_CHECK(path && checkpoint_note && entry);
  const auto outcome = parse_outcome(entry->outcome);
  DFB_CHECK(outcome.has_value());
  return {seq, leaf, log::format_receipt({seq, *path, *checkpoint_note, {}}),
          outcome->refused ? std::string(name(*outcome->refused)) : std::string()};
}

Result<Reply> PracticeLine::post(Route, const std::string& signed_command) {
  DFB_TRY(const Sent sent, parse_sent(signed_command));
  DFB_TRY(const Payload payload, parse_payload(sent.payload));
  if (!answered_.contains(payload.id)) {
    if (!is_in_stock(sent.goods)) return Reply{{}, fail(Code::out_of_stock)};
    DFB_TRY_VOID(append(sent.payload, sent.signatures, judge(payload, sent.goods)));
    answered_[payload.id] = static_cast<std::int64_t>(leaves_.size()) - 1;
  }
  Reply reply{answer(answered_.at(payload.id)), {}};
  if (!reply.answer->refused.empty()) reply.problem = Error{*code_from_name(reply.answer->refused), ""};
  return reply;
}

Result<Reply> PracticeLine::enquire(const Uuid& id) {
  const auto found = answered_.find(id);
  if (found == answered_.end()) return Reply{{}, fail(Code::not_found)};
  return Reply{answer(found->second), {}};
}

Result<LeafPage> PracticeLine::leaves(std::optional<std::int64_t> before) {
  LeafPage page{note(), {}, {}};
  const auto size = static_cast<std::int64_t>(leaves_.size());
  for (std::int64_t seq = std::min(before.value_or(size), size) - 1; seq >= 0; --seq)
    page.leaves.emplace_back(seq, leaves_[static_cast<std::size_t>(seq)]);
  return page;
}

Result<std::string> PracticeLine::tile(int level, std::int64_t index, int width) {
  const auto full = full_tiles_.find({level, index});
  std::string bytes = full != full_tiles_.end() ? full->second : std::string(edge_.partial(level));
  bytes.resize(std::min(bytes.size(), static_cast<std::size_t>(width) * log::kHashBytes));
  return bytes;
}

}  // namespace dfb::terminal
