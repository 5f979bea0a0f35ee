// Sales that the customer confirms on the phone, and the eight digits that stand for a pay code.
#include "api/programme/quotes.h"

#include <algorithm>

#include "api/programme/goods.h"
#include "api/programme/labels.h"
#include "api/routes/counter_types.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/base/encoding.h"
#include "ledger/book/codes.h"
#include "ledger/book/command.h"

namespace dfb::routes {
namespace {

using namespace book;
using programme::Quote;

// The line that the phone will sign, from the very payload that the till is going to send.
Result<Payload> quoted(const QuoteBody& body, const Caller& till) {
  Payload payload;
  DFB_TRY(payload.id, parse_uuid(body.id));
  payload.by = till.key;
  Transfer sale;
  sale.kind = TransferKind::redeem;
  sale.to = till.account.id;
  DFB_TRY(sale.from, parse_account(body.account));
  DFB_TRY(sale.goods, parse_hash_text(body.goods));
  if (body.points < 1 || body.points > kPointsMax.value || body.cash < 0 || body.cash > kPointsMax.value)
    return fail(Code::malformed, "points from 1, cash from 0, at most 1,000,000,000");
  sale.points = Points{body.points}, sale.cash_fen = body.cash;
  QuoteProof proof;
  DFB_TRY(proof.device, parse_hash_text(body.device));
  proof.expires_us = body.expires_us;
  sale.proof = proof;
  payload.body = sale;
  return payload;
}

// Those that the phone will show: the list that the line names by its digest.
Result<std::vector<book::GoodsLine>> shown_goods(const QuoteBody& body, const Transfer& sale) {
  std::vector<book::GoodsLine> lines;
  if (!body.lines) return lines;
  for (const auto& line : *body.lines) lines.push_back({line.good, line.count});
  DFB_TRY_VOID(check_goods(lines));
  if (goods_digest(lines) != sale.goods)
    return fail(Code::malformed, "the goods are not those that the sale names");
  return lines;
}

Result<QuoteState> offer(const Call& call, const QuoteBody& body) {
  Services& services = call.services;
  if (call.caller.account.state == AccountState::frozen)
    return fail(Code::account_frozen, "this shop is suspended; ask the town's office");
  DFB_TRY(const Payload payload, quoted(body, call.caller));
  const auto& sale = std::get<Transfer>(payload.body);
  const auto& proof = std::get<QuoteProof>(sale.proof);
  DFB_TRY(auto goods, shown_goods(body, sale));
  const TimeUs now = services.clock.now_us();
  if (body.expires_us <= now || body.expires_us > now + kRedeemWindowUs)
    return fail(Code::code_not_valid_now, "a confirmation is good for 6 minutes at most");
  // Only who was shown a code of this phone may ask it something.
  DFB_TRY_VOID(services.presentations.check(proof.device, call.caller.key, now));
  const auto device = services.store.snapshot()->get<KeyRow>({proof.device});
  if (!device || device->account != sale.from)
    return fail(Code::signer_not_allowed, "the phone is another account's");
  DFB_TRY_VOID(services.quotes->offer({.id = payload.id,
                                       .till = call.caller.key,
                                       .device = proof.device,
                                       .shop = sale.to,
                                       .account = sale.from,
                                       .line = quote_line(payload),
                                       .goods = std::move(goods),
                                       .expires_us = proof.expires_us,
                                       .signature = {}},
                                      now));
  return QuoteState{"waiting", {}, {}};
}

const char* name_of(Quote::State state) {
  return state == Quote::State::declined    ? "declined"
         : state == Quote::State::confirmed ? "confirmed"
                                            : "waiting";
}

Result<QuoteState> state(const Call& call) {
  DFB_TRY(const Uuid id, parse_uuid(call.path.at("id")));
  DFB_TRY(const Quote quote, call.services.quotes->of_till(id, call.caller.key));
  if (quote.state != Quote::State::confirmed) return QuoteState{name_of(quote.state), {}, {}};
  return QuoteState{name_of(quote.state), hash_text(quote.device), base64url_encode(quote.signature)};
}

std::vector<QuoteGood> named_goods(sql::Connection& sql, const Quote& quote) {
  std::vector<QuoteGood> out;
  if (quote.goods.empty()) return out;
  const auto listed = programme::goods_of(sql, quote.shop);
  for (const auto& line : quote.goods) {
    const auto good =
        std::find_if(listed.begin(), listed.end(), [&](const auto& one) { return one.id == line.good; });
    const bool known = good != listed.end();
    out.push_back({line.good, line.count, known ? good->name_zh : "", known ? good->name_en : ""});
  }
  return out;
}

Result<QuotesView> own_quotes(const Call& call) {
  const auto view = call.services.store.snapshot();
  QuotesView out;
  out.time_us = call.services.clock.now_us();
  for (const Quote& quote : call.services.quotes->waiting(call.caller.account.id, out.time_us)) {
    const auto label = programme::find_label(view->sql(), "shop", to_string(quote.shop));
    out.quotes.push_back({quote.line, label ? label->zh : "", label ? label->en : "", named_goods(view->sql(), quote)});
  }
  return out;
}

// Any phone of the account may say no; yes is the word of the one whose code was shown, which the redemption
// names.
Result<QuoteState> answer(const Call& call, const QuoteAnswer& body) {
  Services& services = call.services;
  DFB_TRY(const Uuid id, parse_uuid(call.path.at("id")));
  DFB_TRY(const Quote quote, services.quotes->find(id, call.caller.account.id, services.clock.now_us()));
  if (!body.signature)
    return QuoteState{name_of(services.quotes->answer(id, Quote::State::declined, "")), {}, {}};
  DFB_TRY(const std::string signature, base64url_decode(*body.signature));
  if (quote.device != call.caller.key)
    return fail(Code::forbidden, "confirm on the phone that showed the code");
  const auto key = services.keys.key(quote.device);
  if (!key || !verify(*key, SignedKind::quote, services.origin, quote.line, signature))
    return fail(Code::bad_signature, "the confirmation's signature is wrong");
  return QuoteState{name_of(services.quotes->answer(id, Quote::State::confirmed, signature)), {}, {}};
}

// Whose pay code or reservation it is.
Result<AccountId> owner_of(const Call& call, const std::string& code) {
  if (const auto id = parse_uuid(code)) {
    const auto hold = call.services.store.snapshot()->get<HoldRow>({*id});
    if (!hold || hold->purpose != HoldPurpose::reserve) return fail(Code::hold_unknown, "no such reservation");
    return hold->account;
  }
  DFB_TRY(const PayCode pay, parse_pay_code(code));
  return pay.account;
}

Result<HandleView> handle(const Call& call, const HandleBody& body) {
  DFB_TRY(const AccountId owner, owner_of(call, body.code));
  if (owner != call.caller.account.id) return fail(Code::forbidden, "the code is another account's");
  const auto given = call.services.handles->give(owner, body.code, *call.services.random,
                                                 call.services.clock.now_us());
  return HandleView{given.digits, given.expires_us};
}

}  // namespace

void add_quotes(std::vector<Route>& table) {
  table.push_back(
      with_body("POST", "/v1/quotes", Access::till, "Ask the customer's phone to confirm a sale", offer));
  table.push_back(without_body("GET", "/v1/quotes/{id}", Access::till, "What the customer said", state));
  table.push_back(
      without_body("GET", "/v1/me/quotes", Access::session, "Sales that wait for the own word", own_quotes));
  table.push_back(with_body("POST", "/v1/me/quotes/{id}", Access::session,
                            "Confirm a sale by its signature, or decline it", answer));
  table.push_back(with_body("POST", "/v1/me/handles", Access::session,
                            "Eight digits that stand for a pay code or a reservation for a minute", handle));
}

}  // namespace dfb::routes
