// The counter's side of a customer who pays: the code, the card or the reservation that is shown, the card's PIN, the
// word on the phone.
#include <utility>

#include "ledger/book/card_number.h"
#include "ledger/book/codes.h"
#include "terminal/counter/counter.h"
#include "terminal/link/pinned.h"
#include "terminal/link/request.h"
#include "terminal/scan/code_kind.h"
#include "terminal/scan/pickup_code.h"

namespace dfb::terminal {

Event Counter::present() {
  if (kind_of(sale_.code) == CodeKind::offline_code) return judge_offline_code();
  if (finds_journal_behind()) return Refused{fail(Code::corrupt, "the journal is older than the town's ledger")};
  if (const auto hold = parse_pickup_url(sale_.code)) return present_reservation(*hold);
  const auto card = book::parse_card(sale_.code);
  const bool typed = kind_of(sale_.code) == CodeKind::handle;
  if (!card && !typed)
    if (const auto code = book::parse_pay_code(sale_.code); !code) return Refused{code.error()};
  auto customer = parts_.line.present(sale_.code);
  if (!customer) return of_nothing_sent(customer.error());
  if (typed && customer->pick_up) return present_reservation(*customer->pick_up);
  if (card.has_value() != (customer->card.value != 0) || (card && customer->card != *card))
    return Refused{fail(Code::inconsistent, "the town's answer is about something else")};
  if (card) return Presented{std::move(customer).value()};
  if (typed) sale_.code = customer->code;
  const auto code = book::parse_pay_code(sale_.code);
  if (!code) return Refused{code.error()};
  if (customer->account != code->account || customer->code_limit != code->limit)
    return Refused{fail(Code::inconsistent, "the town's answer is about another code")};
  return Presented{std::move(customer).value()};
}

Event Counter::present_reservation(const Uuid& hold) {
  sale_.hold = hold;
  auto told = parts_.line.reservation(hold);
  if (!told) return of_nothing_sent(told.error());
  auto customer = proven(hold, std::move(told).value());
  if (!customer) return of_nothing_sent(customer.error());
  return Presented{std::move(customer).value()};
}

Result<book::Hold> Counter::proven_hold(const Uuid& id, const OfflineNews::Proof& proof) {
  std::vector<log::Checkpoint> checkpoints;
  auto hold = proven_reservation(proof, id, log_, checkpoints);
  if (!hold && hold.error().code == Code::unknown_key) {
    DFB_TRY_VOID(follow_log_key());
    hold = proven_reservation(proof, id, log_, checkpoints);
  }
  if (!hold) return hold.error();
  for (const log::Checkpoint& checkpoint : checkpoints) DFB_TRY_VOID(see(checkpoint));
  if (hold->shop != parts_.setup.shop) return fail(Code::sale_of_other_shop, "the reservation is at another shop");
  return hold;
}

Result<book::Hold> Counter::reservation_behind(const Uuid& hold) {
  DFB_TRY(const Reply reply, parts_.line.enquire(hold));
  if (!reply.answer) return reply.problem.value_or(fail(Code::not_found, "the town does not know that reservation"));
  return proven_hold(hold, {reply.answer->entry, reply.answer->receipt});
}

// What is handed out for what is the ledger's word: of the town's answer the name and the goods' list alone are new, and
// the list has to be the one whose digest the phone signed.
Result<Customer> Counter::proven(const Uuid& id, Reservation told) {
  DFB_TRY(const book::Hold hold, proven_hold(id, told.proof));
  if (book::goods_digest(lines_of(told.goods)) != hold.goods)
    return fail(Code::inconsistent, "the goods are not those that the phone reserved");
  Customer customer;
  customer.account = hold.account;
  customer.name = std::move(told.name);
  customer.code_limit = customer.spend_max = hold.points;
  customer.reserved = Reserved{hold.cash_fen, std::move(told.goods), hold.until_us};
  return customer;
}

Event Counter::attest() {
  const std::string pin = std::exchange(pin_, {});
  auto token = parts_.line.attest(sale_.customer.card, pin, sale_.id, sale_.points);
  if (token) return Attested{std::move(token).value()};
  if (token.error().code == Code::pin_wrong || token.error().code == Code::malformed)
    return PinWrong{token.error()};
  return of_nothing_sent(token.error());
}

Event Counter::offer() {
  sale_.confirmation.expires_us = parts_.clock.now_us() + clock_off_us_ + parts_.timing.confirm_us;
  const book::Payload payload{sale_.id, parts_.key.public_key().id(), 0, redemption()};
  const auto offered = parts_.line.offer(quote_json(payload, lines_of(sale_.goods)));
  return offered ? Event(Offered{}) : of_nothing_sent(offered.error());
}

Event Counter::ask_word() {
  const auto word = parts_.line.word(sale_.id);
  if (!word) return of_nothing_sent(word.error());
  switch (word->said) {
    case CustomersWord::Said::yes:
      return Confirmed{word->signature};
    case CustomersWord::Said::no:
      return Refused{fail(Code::quote_declined, "the customer said no")};
    case CustomersWord::Said::nothing:
      break;
  }
  return Waiting{};
}

}  // namespace dfb::terminal
