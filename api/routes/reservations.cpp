// Reservations: points and goods set aside on the phone, and handed out at the shop's till. What ends one carries its
// goods along.
#include "api/programme/reservations.h"

#include <algorithm>

#include "api/programme/goods.h"
#include "api/programme/labels.h"
#include "api/routes/counter_types.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/book/state.h"

namespace dfb::routes {
namespace {

using namespace book;

template <class Body>
Result<void> must_be(const Payload& payload) {
  if (std::holds_alternative<Body>(payload.body)) return ok();
  return fail(Code::malformed, "this route does not take that kind of command");
}

// The goods leave the stock with the hold's entry, or it is refused. Goods that nobody lists could not be handed out.
Result<Step> reserving(const Payload& payload, const HoldBody& body) {
  const auto* hold = std::get_if<Hold>(&payload.body);
  if (!hold || hold->purpose != HoldPurpose::reserve) return Step{};
  std::vector<book::GoodsLine> lines;
  if (body.goods) {
    for (const auto& line : *body.goods) lines.push_back({line.good, line.count});
    DFB_TRY_VOID(programme::check_reserved(lines));
  }
  if (goods_digest(lines) != hold->goods)
    return fail(Code::malformed, "the goods are not those that the reservation names");
  if (lines.empty()) return Step{};
  return Step([shop = hold->shop, id = payload.id, points = hold->points, lines](sql::Connection& sql, std::int64_t,
                                                                                TimeUs) {
    return programme::reserve_goods(sql, shop, id, lines, points);
  });
}

// Reservations and offline allowances of one's own points.
Result<CommandAnswer> hold(const Call& call, const HoldBody& body) {
  DFB_TRY(const Payload sent, parse_payload(body.payload));
  DFB_TRY(Step step, reserving(sent, body));
  return execute(call.services, {body.payload, body.signatures}, must_be<Hold>, std::move(step));
}

// A resident gives a reservation back; a reviewer says yes or no.
Result<CommandAnswer> resolve(const Call& call, const SignedCommand& body) {
  return execute_and_move_goods(call.services, body, must_be<Resolve>);
}

Result<CommandAnswer> cancel_own(const Call& call, const SignedCommand& body) {
  return execute_and_move_goods(call.services, body, must_be<Cancel>);
}

std::vector<ReservedGoodView> reserved_goods(sql::Connection& sql, const HoldRow& hold) {
  std::vector<ReservedGoodView> out;
  const auto listed = programme::goods_of(sql, hold.to);
  for (const auto& line : programme::goods_of_hold(sql, hold.id)) {
    const auto good =
        std::find_if(listed.begin(), listed.end(), [&](const auto& one) { return one.id == line.good; });
    const bool known = good != listed.end();
    out.push_back({line.good, line.count, line.points, known ? good->name_zh : "", known ? good->name_en : ""});
  }
  return out;
}

Result<ReservationsView> own_reservations(const Call& call) {
  const auto view = call.services.store.snapshot();
  ReservationsView out;
  for (const HoldRow& hold :
       programme::waiting_reservations(*view, call.caller.account.id, call.services.clock.now_us())) {
    const std::string shop = to_string(hold.to);
    const auto label = programme::find_label(view->sql(), "shop", shop);
    out.reservations.push_back({to_string(hold.id), shop, label ? label->zh : "", label ? label->en : "",
                                hold.points.value, hold.cash_fen, hold.until_us,
                                reserved_goods(view->sql(), hold)});
  }
  return out;
}

// What a till has to know to hand out. Nothing is begun by it, so a suspended shop is told too: the ledger takes the
// capture of what was reserved before.
Result<PickUpView> pick_up(const Call& call) {
  DFB_TRY(const Uuid id, parse_uuid(call.path.at("id")));
  const auto view = call.services.store.snapshot();
  const auto hold = view->get<HoldRow>({id});
  if (!hold || hold->purpose != HoldPurpose::reserve)
    return fail(Code::hold_unknown, "this town has no such reservation");
  if (hold->to != call.caller.account.id) return fail(Code::sale_of_other_shop, "the reservation is at another shop");
  DFB_TRY_VOID(programme::still_waits(*view, *hold, call.services.clock.now_us()));
  DFB_TRY(auto made, answer_of(call.services, hold->seq));
  return PickUpView{std::move(made.entry), std::move(made.receipt), masked_name(*view, hold->account),
                    reserved_goods(view->sql(), *hold)};
}

Result<CommandAnswer> hand_out(const Call& call, const SignedCommand& body) {
  return execute_and_move_goods(call.services, body, [&call](const Payload& payload) -> Result<void> {
    if (!std::holds_alternative<Resolve>(payload.body) || payload.by != call.caller.key)
      return fail(Code::malformed, "a pick-up is signed by the till that sends it");
    return ok();
  });
}

}  // namespace

void add_reservations(std::vector<Route>& table) {
  table.push_back(with_body("POST", "/v1/holds", Access::session,
                            "Reserve points and goods, or set points aside for offline spending", hold));
  table.push_back(with_body("POST", "/v1/resolutions", Access::session,
                            "Release an own reservation, or decide a review", resolve));
  table.push_back(
      with_body("POST", "/v1/me/cancels", Access::session, "Undo an own command, seen or not", cancel_own));
  table.push_back(without_body("GET", "/v1/me/reservations", Access::session, "Own reservations that wait to be picked up",
                               own_reservations));
  table.push_back(without_body("GET", "/v1/pick-ups/{id}", Access::till, "A reservation that waits at this shop, with its proof",
                               pick_up));
  table.push_back(with_body("POST", "/v1/pick-ups", Access::till,
                            "Capture a reservation at this shop, or release it", hand_out));
}

}  // namespace dfb::routes
