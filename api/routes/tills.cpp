// The shop counter: who the till is, presenting a code, sales, refunds, cancels, enquiries; and a till's
// enrolment.
#include <algorithm>

#include "api/programme/allowances.h"
#include "api/programme/cards.h"
#include "api/programme/goods.h"
#include "api/programme/labels.h"
#include "api/programme/people.h"
#include "api/routes/counter_types.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "certs/request.h"
#include "ledger/base/digits.h"
#include "ledger/base/encoding.h"
#include "ledger/book/card_number.h"
#include "ledger/book/codes.h"
#include "ledger/book/state.h"

namespace dfb::routes {
namespace {

using namespace book;

Result<TillView> till(const Call& call) {
  Services& services = call.services;
  const auto view = services.store.snapshot();
  const TimeUs now = services.clock.now_us();
  TillView out{
      to_string(call.caller.account.id),          "",  "", hash_text(call.caller.key), services.origin,
      log_vkeys(*view, services.log_vkey).back(), now, 0,  limits_in_force(*view, now)};
  if (const auto label = programme::find_label(view->sql(), "shop", out.shop))
    out.name_zh = label->zh, out.name_en = label->en;
  if (const auto last = programme::last_of_till(*view, call.caller.account.id, call.caller.key))
    out.last = to_string(*last);
  if (const auto* fen = out.limits.if_contains("fen_per_point")) out.fen_per_point = fen->as_int64();
  return out;
}

// The account's device whose signature fits the code; a code does not name it.
Result<KeyRow> signing_device(Services& services, const store::View& view, const Account& account,
                              const PayCode& code) {
  for (const KeyId& id : account.devices) {
    const auto key = services.keys.key(id);
    if (key && verify(code, *key, services.origin)) return *view.get<KeyRow>({id});
  }
  return fail(Code::bad_signature, "this code is forged, or its phone was revoked");
}

// The most that this code may pay. Nothing of the customer's balance or day is in it, which are no shop's
// business: whether they have enough is answered when the sale comes.
std::int64_t spend_max(const store::View& view, const PayCode& code, TimeUs now) {
  State state(view);
  const Policy* policy = state.policy_at(now);
  return policy ? std::min(code.limit.value, policy->limits.code_points) : 0;
}

Result<void> may_spend(const Account& account) {
  if (account.state == AccountState::frozen)
    return fail(Code::account_frozen, "the customer's account is frozen");
  if (account.state == AccountState::closed)
    return fail(Code::account_closed, "the customer's account is closed");
  if (account.level != Level::verified)
    return fail(Code::level_too_low, "the customer has to be verified by a grid officer first");
  return ok();
}

Result<void> usable(const Account& account, const KeyRow& device, const PayCode& code, TimeUs now) {
  const std::int64_t age_us = now - static_cast<std::int64_t>(code.step) * kPayStepUs;
  if (age_us < -kPayStepUs || age_us > kPresentWindowUs)
    return fail(Code::code_stale, "the code has run out; ask for the one on the screen now");
  if (code.step <= device.last_step)
    return fail(Code::code_used, "this code was used already; ask for a new one");
  return may_spend(account);
}

// A card is not reserved: without the PIN it pays nothing.
Result<PresentationView> present_card(const Call& call, AccountId card) {
  const auto view = call.services.store.snapshot();
  const auto row = view->get<CardRow>({card});
  if (!row) return fail(Code::key_not_enrolled, "this town has no such card");
  if (row->open == 0) return fail(Code::key_revoked, "the card was ended");
  const TimeUs now = call.services.clock.now_us();
  if (now < row->proves_from_us)
    return fail(Code::key_outside_dates, "the card was issued lately and does not pay yet");
  const auto account = view->get<Account>({row->account});
  DFB_TRY_VOID(may_spend(*account));
  State state(*view);
  const Policy* policy = state.policy_at(now);
  const std::int64_t most = policy ? policy->limits.card_points : 0;
  PresentationView out{"",
                       to_string(row->account),
                       masked_name(*view, row->account),
                       most,
                       most,
                       now + programme::kPresentationLifeUs};
  out.card = to_string(card);
  return out;
}

Result<PresentationView> present(const Call& call, const PresentationBody& body) {
  Services& services = call.services;
  std::string text = body.code;
  const bool typed = text.size() == programme::kHandleDigits && is_digits(text);
  if (typed) {
    DFB_TRY(text, services.handles->code(body.code, call.caller.key, services.clock.now_us()));
    if (parse_uuid(text)) {
      PresentationView out;
      out.pick_up = text;
      return out;
    }
  }
  // Nothing new begins; what was begun is still asked about, handed out, cancelled and refunded, as the ledger allows.
  if (call.caller.account.state == AccountState::frozen)
    return fail(Code::account_frozen, "this shop is suspended; ask the town's office");
  if (const auto card = parse_card(body.code)) return present_card(call, *card);
  DFB_TRY(const PayCode code, parse_pay_code(text));
  const auto view = services.store.snapshot();
  const auto account = view->get<Account>({code.account});
  if (!account || account->kind != AccountKind::resident)
    return fail(Code::account_unknown, "no such customer in this town");
  DFB_TRY(const KeyRow device, signing_device(services, *view, *account, code));
  const TimeUs now = services.clock.now_us();
  DFB_TRY_VOID(usable(*account, device, code, now));
  DFB_TRY(const TimeUs expires, services.presentations.present(device.id, code.step, call.caller.key, now));
  PresentationView out{hash_text(device.id), to_string(account->id),      masked_name(*view, account->id),
                       code.limit.value,     spend_max(*view, code, now), expires};
  if (typed) out.code = text;
  return out;
}

// A retry of a sale that was answered needs no presentation any more: the ledger gives its first answer.
Result<void> presented(Services& services, const Payload& payload, const Transfer& sale, const KeyId& till) {
  const auto* proof = std::get_if<CodeProof>(&sale.proof);
  if (!proof || seen(services, payload.id)) return ok();
  DFB_TRY(const PayCode code, parse_pay_code(proof->code));
  return services.presentations.check(proof->device, code.step, till, services.clock.now_us());
}

// The server's word that the PIN was right stands beside the till's signature. A retry of an answered sale
// needs none.
Result<void> attest(Services& services, const Payload& payload, const RedemptionBody& body, const KeyId& till,
                    SignedCommand& command) {
  const auto* sale = std::get_if<Transfer>(&payload.body);
  const auto* proof = sale ? std::get_if<CardProof>(&sale->proof) : nullptr;
  if (!proof || seen(services, payload.id)) return ok();
  DFB_TRY_VOID(services.pin_tokens->check(
      body.pin_token.value_or(""), {proof->card, till, payload.id, sale->points}, services.clock.now_us()));
  DFB_TRY(const PrivateKey server,
          services.server_keys.newest(*services.store.snapshot(), services.clock.now_us()));
  const std::string signature = sign(server, SignedKind::payload, services.origin, body.payload);
  command.signatures.push_back({hash_text(server.public_key().id()), base64url_encode(signature)});
  return ok();
}

// The goods that the sale names leave the stock with its entry, or the sale is refused.
Result<Step> stock_step(const Payload& payload, const RedemptionBody& body) {
  const auto* sale = std::get_if<Transfer>(&payload.body);
  if (!body.goods || !sale) return Step{};
  std::vector<book::GoodsLine> lines;
  for (const auto& line : *body.goods) lines.push_back({line.good, line.count});
  DFB_TRY_VOID(check_goods(lines));
  if (goods_digest(lines) != sale->goods)
    return fail(Code::malformed, "the goods are not those that the sale names");
  return Step([shop = sale->to, id = payload.id, lines](sql::Connection& sql, std::int64_t, TimeUs) {
    return programme::take_goods(sql, shop, id, lines);
  });
}

Result<CommandAnswer> redeem(const Call& call, const RedemptionBody& body) {
  DFB_TRY(const Payload sent, parse_payload(body.payload));
  SignedCommand command{body.payload, body.signatures};
  DFB_TRY_VOID(attest(call.services, sent, body, call.caller.key, command));
  DFB_TRY(Step step, stock_step(sent, body));
  return execute(
      call.services, command,
      [&call](const Payload& payload) -> Result<void> {
        const auto* transfer = std::get_if<Transfer>(&payload.body);
        if (!transfer || transfer->kind != TransferKind::redeem || payload.by != call.caller.key)
          return fail(Code::malformed, "a redemption is signed by the till that sends it");
        return presented(call.services, payload, *transfer, call.caller.key);
      },
      std::move(step));
}

Result<CommandAnswer> refund(const Call& call, const SignedCommand& body) {
  return execute(call.services, body, [&call](const Payload& payload) -> Result<void> {
    const auto* transfer = std::get_if<Transfer>(&payload.body);
    if (!transfer || transfer->kind != TransferKind::refund || payload.by != call.caller.key)
      return fail(Code::malformed, "a refund is signed by the till that sends it");
    return ok();
  });
}

Result<CommandAnswer> cancel(const Call& call, const SignedCommand& body) {
  return execute_and_move_goods(call.services, body, [&call](const Payload& payload) -> Result<void> {
    if (!std::holds_alternative<Cancel>(payload.body) || payload.by != call.caller.key)
      return fail(Code::malformed, "a cancel is signed by the till that sends it");
    return ok();
  });
}

// Only for one's own; what is another's is as if it had never been.
Result<CommandAnswer> enquire(const Call& call) {
  DFB_TRY(const Uuid id, parse_uuid(call.path.at("id")));
  const Error unseen = fail(Code::not_found, "no command with this id has reached the ledger");
  const auto row = seen(call.services, id);
  if (!row) return unseen;
  DFB_TRY(CommandAnswer answer, answer_of(call.services, row->seq));
  const auto shown = may_show(*call.services.store.snapshot(), call.caller.account, answer.entry);
  if (!shown) return shown.error().code == Code::not_found ? unseen : shown.error();
  if (row->burnt_unseen != 0) answer.refused = std::string(name(Code::id_burnt));
  return answer;
}

// For the enquiry alone a refusal is an answer, not a failure of the question.
Result<http::Response> enquiry(const Call& call) {
  DFB_TRY(const CommandAnswer answer, enquire(call));
  return http::Response{200, "application/json", http::to_json(answer), {}};
}

Result<TicketView> ticket(const Call& call) {
  DFB_TRY_VOID(call.services.sign_ins.take(call.request.remote, call.services.clock.now_us()));
  DFB_TRY(const KeyId id, parse_hash_text(call.path.at("key")));
  const auto view = call.services.store.snapshot();
  const auto key = view->get<KeyRow>({id});
  const bool good = key && key->use == KeyUse::ticket && key->spent == 0 && key->revoked_us == 0 &&
                    (key->until_us == 0 || key->until_us > call.services.clock.now_us());
  const auto account = good ? view->get<Account>({key->account}) : std::nullopt;
  if (!account) return fail(Code::not_found, "this one-time code is wrong, used or has run out");
  // A ticket's key id stands in the log, so whoever reads that could ask for all of them: they learn no
  // person's name here.
  return TicketView{to_string(account->id), std::string(name(account->kind)),
                    account->kind == AccountKind::shop ? display_name(*view, *account) : ""};
}

Result<CertificateView> certificate(const Call& call, const CertificateBody& body) {
  Services& services = call.services;
  DFB_TRY_VOID(services.sign_ins.take(call.request.remote, services.clock.now_us()));
  if (!services.issue_certificate) return fail(Code::forbidden, "this server issues no certificates");
  DFB_TRY(const PublicKey asking, certs::key_of_request(body.csr));
  const TimeUs now = services.clock.now_us();
  const auto key = services.store.snapshot()->get<KeyRow>({asking.id()});
  if (!key || key->use != KeyUse::till || key->revoked_us != 0 ||
      (key->until_us != 0 && key->until_us <= now))
    return fail(Code::key_not_enrolled, "enrol this till's key first");
  // Each is a line for ever in the authority's index: no till may fill it, from however many addresses.
  DFB_TRY_VOID(services.enrolments.take(hash_text(asking.id()), now));
  DFB_TRY(std::string chain, services.issue_certificate(body.csr, key->account));
  return CertificateView{std::move(chain)};
}

}  // namespace

void add_tills(std::vector<Route>& table) {
  table.push_back(
      without_body("GET", "/v1/tickets/{key}", Access::anyone, "Whose one-time code this is", ticket));
  table.push_back(with_body("POST", "/v1/terminals/certificate", Access::anyone,
                            "A certificate for an enrolled till's key", certificate));
  table.push_back(without_body("GET", "/v1/till", Access::till, "The till, its shop and the limits", till));
  table.push_back(
      with_body("POST", "/v1/presentations", Access::till, "Present a scanned pay code", present));
  table.push_back(with_body("POST", "/v1/redemptions", Access::till, "Redeem points", redeem));
  table.push_back(with_body("POST", "/v1/refunds", Access::till, "Refund a sale or part of it", refund));
  table.push_back(with_body("POST", "/v1/cancels", Access::till, "Undo a command, seen or not", cancel));
  const auto answer = http::schema_of<CommandAnswer>();
  table.push_back(
      {"GET", "/v1/commands/{id}", Access::till, "What became of a command", {}, answer, enquiry});
  table.push_back(
      {"GET", "/v1/me/commands/{id}", Access::session, "What became of an own command", {}, answer, enquiry});
}

}  // namespace dfb::routes
