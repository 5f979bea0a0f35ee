// A redemption. A refused one leaves no trace but its burnt id: in particular the pay code stays good, so
// that the cashier can correct the amount; only a sale that took place uses its step up.
#include "ledger/book/redeem.h"

#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/codes.h"
#include "ledger/book/counters.h"
#include "ledger/book/lots.h"
#include "ledger/book/offline.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {
namespace {

const KeyId* proof_device(const Transfer& t) {
  if (const auto* code = std::get_if<CodeProof>(&t.proof)) return &code->device;
  if (const auto* quote = std::get_if<QuoteProof>(&t.proof)) return &quote->device;
  return nullptr;
}

// A phone may be one step ahead of the server's clock.
void judge_code(Ruling& r, const Transfer& t, const PayCode& code, const KeyRow* device) {
  TimeUs start_us = code.step * kPayStepUs;
  r.verdict.refuse_if(r.now_us >= start_us + kRedeemWindowUs || start_us > r.now_us + kPayStepUs,
                      Code::code_not_valid_now, "the pay code is outside its time");
  r.verdict.refuse_if(device && code.step <= device->last_step, Code::code_used,
                      "this pay code or a later one was used already");
  r.verdict.refuse_if(t.points > code.limit, Code::code_limit_exceeded, "the pay code allows less");
}

// What the account has spent today by one kind of proof: the counters' names.
struct Today {
  std::string points, sales;
};

// Of pay codes or of cards: what the customer has not confirmed on a phone of their own.
struct Unconfirmed {
  std::int64_t points, points_day, count_day;
};
void judge_limits(Ruling& r, const Transfer& t, const Today& today, const Unconfirmed& limits) {
  auto spent = counter(r.state, today.points);
  auto sales = counter(r.state, today.sales);
  r.verdict.refuse_if(t.points.value > limits.points, Code::limit_per_sale,
                      "more than a code or card may pay in one sale");
  r.verdict.refuse_if(spent + t.points.value > limits.points_day, Code::limit_per_day,
                      "more than codes or cards may pay in one day");
  r.verdict.refuse_if(sales + 1 > limits.count_day, Code::limit_count_per_day,
                      "more sales than codes or cards may pay in one day");
}

void judge_code_limits(Ruling& r, const Transfer& t, const Today& today) {
  const Limits& limits = r.policy->limits;
  judge_limits(r, t, today, {limits.code_points, limits.code_points_day, limits.code_count_day});
}

// The card itself was judged with the signers; here, that its holder was there.
void judge_card(Ruling& r, const Transfer& t, const Today& today) {
  bool attested = std::any_of(r.signers.begin(), r.signers.end(),
                              [](const KeyRow& key) { return key.use == KeyUse::server; });
  r.verdict.refuse_if(!attested, Code::pin_not_attested, "the server did not attest the card's PIN");
  if (!r.needs_policy()) return;
  const Limits& limits = r.policy->limits;
  judge_limits(r, t, today, {limits.card_points, limits.card_points_day, limits.card_count_day});
}

void judge_quote(Ruling& r, const Transfer& t, const QuoteProof& quote) {
  r.verdict.refuse_if(r.now_us >= quote.expires_us, Code::quote_expired, "the confirmation has run out");
  r.verdict.refuse_if(quote.expires_us > r.now_us + kRedeemWindowUs, Code::code_not_valid_now,
                      "the confirmation is good for too long");
  if (r.policy) judge_quote_limits(r, t.from, t.points);
}

void judge_accounts(Ruling& r, const Transfer& t, const Account& from, const Account& to) {
  r.needs_open(from);
  r.needs_open(to);
  r.verdict.refuse_if(from.level != Level::verified, Code::level_too_low, "only verified residents redeem");
  auto available = spendable(from.lots, r.today());
  if (t.points > available) {
    r.verdict.refuse(Code::insufficient_points, "the account holds fewer points");
  } else if (r.policy) {
    r.verdict.refuse_if((available.value - t.points.value) < r.policy->limits.balance_min,
                        Code::balance_minimum, "the account has to keep a minimum");
  }
}

void judge_prover(Ruling& r, const Transfer& t, const CardProof& proof) {
  const auto* card = r.state.find<CardRow>({proof.card});
  if (!card) {
    r.verdict.refuse(Code::key_not_enrolled, "the card is not known");
    return;
  }
  r.verdict.refuse_if(card->open == 0, Code::key_revoked, "the card was ended");
  r.verdict.refuse_if(r.now_us < card->proves_from_us, Code::key_outside_dates,
                      "the card was issued lately and waits for its first payment");
  r.verdict.refuse_if(card->account != t.from, Code::signer_not_allowed, "the card is another account's");
}

const char* proof_name(const Transfer& t) {
  if (std::holds_alternative<CardProof>(t.proof)) return kByCard;
  return std::holds_alternative<CodeProof>(t.proof) ? kByCode : kByQuote;
}

}  // namespace

void judge_quote_limits(Ruling& r, AccountId account, Points points) {
  r.verdict.refuse_if(points.value > r.policy->limits.quote_points, Code::limit_per_sale,
                      "more than may be confirmed for one sale");
  auto spent = counter(r.state, day_points_counter(kByQuote, account, r.today()));
  r.verdict.refuse_if(spent + points.value > r.policy->limits.quote_points_day, Code::limit_per_day,
                      "more than may be confirmed in one day");
}

void put_sale(Ruling& r, Account from, Account to, Points points, Lots ate, const char* proof) {
  SaleRow sale;
  sale.id = r.command.payload.id;
  sale.seq = r.ledger.size;
  sale.at_us = r.now_us;
  sale.resident = from.id;
  sale.shop = to.id;
  sale.till = r.command.payload.by;
  sale.points = points;
  sale.ate = std::move(ate);
  sale.proof = proof;
  r.state.put(std::move(sale));
  count(r.state, sold_counter(to.id, r.today()), points.value);
  r.state.put(std::move(from));
  r.state.put(std::move(to));
}

void judge_prover(Ruling& r, const Transfer& t) {
  if (const auto* card = std::get_if<CardProof>(&t.proof)) return judge_prover(r, t, *card);
  const auto* id = proof_device(t);
  if (!id) return;
  const auto* device = r.state.find<KeyRow>({*id});
  if (!device) {
    r.verdict.refuse(Code::key_not_enrolled, "the phone is not enrolled");
    return;
  }
  r.needs_live(*device, "the phone");
  r.verdict.refuse_if(r.now_us < device->proves_from_us, Code::key_outside_dates,
                      "the phone was brought in by somebody else and waits for its first payment");
  r.verdict.refuse_if(device->use != KeyUse::device, Code::key_wrong_use, "only a phone proves a redemption");
  r.verdict.refuse_if(device->account != t.from, Code::signer_not_allowed, "the phone is another account's");
}

Result<void> decide_redeem(Ruling& r, const Transfer& t, Account from, Account to) {
  if (const auto* offline = std::get_if<OfflineProof>(&t.proof))
    return decide_offline(r, t, *offline, std::move(from), std::move(to));
  const auto* by_code = std::get_if<CodeProof>(&t.proof);
  std::optional<KeyRow> device;
  if (const auto* id = proof_device(t))
    if (const auto* row = r.state.find<KeyRow>({*id})) device = *row;
  const char* const proof = proof_name(t);
  const Today today{day_points_counter(proof, t.from, r.today()), day_sales_counter(proof, t.from, r.today())};
  judge_accounts(r, t, from, to);
  std::uint32_t step = 0;
  if (by_code) {
    DFB_TRY(auto code, parse_pay_code(by_code->code));
    if (code.account != t.from) return fail(Code::malformed, "the pay code is another account's");
    step = code.step;
    judge_code(r, t, code, device ? &*device : nullptr);
    if (r.needs_policy()) judge_code_limits(r, t, today);
  } else if (const auto* by_quote = std::get_if<QuoteProof>(&t.proof)) {
    r.needs_policy();
    judge_quote(r, t, *by_quote);
  } else {
    judge_card(r, t, today);
  }
  DFB_TRY_VOID(r.verdict.result());
  r.outcome.policy = r.policy->version;
  r.outcome.ate = eat(from.lots, t.points, r.today());
  DFB_TRY_VOID(move(from, to, t.points));
  count(r.state, today.points, t.points.value);
  count(r.state, today.sales, 1);
  put_sale(r, std::move(from), std::move(to), t.points, r.outcome.ate, proof);
  if (by_code) {
    device->last_step = step;
    r.state.put(*std::move(device));
  }
  return ok();
}

}  // namespace dfb::book
