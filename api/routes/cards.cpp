// Printed cards: issued by an officer with a PIN, listed for officers and holders; the PIN attested at a
// till.
#include "api/programme/cards.h"

#include "api/routes/counter_types.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/book/card_number.h"
#include "ledger/crypto/pin.h"

namespace dfb::routes {
namespace {

using namespace book;

// The PIN becomes the card's in the entry's own transaction: there is no card without one.
Result<CommandAnswer> issue(const Call& call, const CardBody& body) {
  DFB_TRY(const Payload payload, parse_payload(body.payload));
  const auto* set = std::get_if<SetCard>(&payload.body);
  if (!set || !set->open) return fail(Code::malformed, "this route issues cards");
  DFB_TRY_VOID(programme::check_pin(body.pin));
  const auto pin = programme::hash_pin(body.pin, *call.services.random);
  return execute(
      call.services, {body.payload, body.signatures}, [](const Payload&) { return ok(); },
      [card = set->card, account = set->account, pin](sql::Connection& sql, std::int64_t,
                                                      TimeUs time_us) -> Result<void> {
        programme::put_card_pin(sql, card, account, pin, time_us);
        return ok();
      });
}

CardsView cards_view(const store::View& view, AccountId account) {
  CardsView out;
  for (const auto& card : programme::cards_of(view.sql(), account)) {
    const auto row = view.get<CardRow>({card.card});
    if (!row) continue;
    const char* state = row->open == 0 ? "closed" : card.locked ? "locked" : "open";
    out.cards.push_back({to_string(card.card), card_digits(card.card), state});
  }
  return out;
}

Result<CardsView> own_cards(const Call& call) {
  return cards_view(*call.services.store.snapshot(), call.caller.account.id);
}

Result<CardsView> cards_of_resident(const Call& call) {
  const auto view = call.services.store.snapshot();
  DFB_TRY(const Account account, resident_in_scope(*view, call.caller, call.path.at("account")));
  return cards_view(*view, account.id);
}

// Each try is a write that is waited for: whoever guesses at many tills at once gets five guesses all the
// same.
Result<PinView> attest(const Call& call, const PinBody& body) {
  Services& services = call.services;
  if (call.caller.account.state == AccountState::frozen)
    return fail(Code::account_frozen, "this shop is suspended; ask the town's office");
  DFB_TRY(const AccountId card, parse_card(body.card));
  DFB_TRY(const Uuid id, parse_uuid(body.id));
  if (body.points < 1 || body.points > kPointsMax.value) return fail(Code::malformed, "points: a sale's");
  const auto row = services.store.snapshot()->get<CardRow>({card});
  if (!row) return fail(Code::key_not_enrolled, "this town has no such card");
  if (row->open == 0) return fail(Code::key_revoked, "the card was ended");
  programme::HashedPin kept;
  DFB_TRY_VOID(services.writer.run([&](sql::Connection& sql) -> Result<void> {
    DFB_TRY(kept, programme::take_pin_try(sql, card));
    return ok();
  }));
  if (pin_hash(body.pin, kept.salt) != kept.hash) return fail(Code::pin_wrong, "not this card's PIN");
  DFB_TRY_VOID(services.writer.run([&](sql::Connection& sql) -> Result<void> {
    programme::forgive_pin_tries(sql, card);
    return ok();
  }));
  const TimeUs now = services.clock.now_us();
  const programme::PinTokens::Sale sale{card, call.caller.key, id, Points{body.points}};
  return PinView{services.pin_tokens->issue(sale, *services.random, now), now + programme::kPinTokenLifeUs};
}

}  // namespace

void add_cards(std::vector<Route>& table) {
  table.push_back(with_body("POST", "/v1/cards", Access::officer, "Issue a printed card with a PIN", issue));
  table.push_back(without_body("GET", "/v1/me/cards", Access::session, "The own cards", own_cards));
  table.push_back(without_body("GET", "/v1/residents/{account}/cards", Access::officer, "A resident's cards",
                               cards_of_resident));
  table.push_back(
      with_body("POST", "/v1/pin", Access::till, "A right PIN's token, for one sale at this till", attest));
}

}  // namespace dfb::routes
