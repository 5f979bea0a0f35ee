// A shop's people: kept by the town's officers, listed and asked for their PINs by the shop's tills.
#include "api/programme/staff.h"

#include "api/routes/staff_types.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/crypto/pin.h"

namespace dfb::routes {
namespace {

using namespace book;

StaffView staff_view(sql::Connection& sql, AccountId shop) {
  StaffView out;
  for (const auto& one : programme::staff_of(sql, shop))
    out.staff.push_back({one.id, one.name, std::string(name(one.role)), one.tries_left});
  return out;
}

Result<StaffView> own_staff(const Call& call) {
  return staff_view(call.services.store.snapshot()->sql(), call.caller.account.id);
}

Result<Account> shop_of_officer(const Call& call) {
  return shop_in_scope(*call.services.store.snapshot(), call.caller, call.path.at("account"),
                       {Role::officer, Role::administrator});
}

Result<StaffView> staff_of_shop(const Call& call) {
  DFB_TRY(const Account shop, shop_of_officer(call));
  return staff_view(call.services.store.snapshot()->sql(), shop.id);
}

Result<StaffView> put_member(const Call& call, const StaffBody& body) {
  Services& services = call.services;
  DFB_TRY(const Account shop, shop_of_officer(call));
  DFB_TRY_VOID(programme::check_staff_name(body.name));
  const auto role = programme::staff_role(body.role);
  if (!role) return fail(Code::malformed, "role: cashier or manager");
  if (!body.staff && !body.pin) return fail(Code::malformed, "pin: somebody new needs one");
  std::optional<programme::HashedPin> pin;
  if (body.pin) {
    DFB_TRY_VOID(programme::check_pin(*body.pin));
    pin = programme::hash_pin(*body.pin, *services.random);
  }
  const programme::StaffMember member{body.staff.value_or(programme::new_staff_id(*services.random)),
                                      body.name, *role, 0};
  const TimeUs now = services.clock.now_us();
  DFB_TRY_VOID(services.writer.run([&](sql::Connection& sql) -> Result<void> {
    if (body.staff && !programme::find_staff(sql, shop.id, member.id))
      return fail(Code::not_found, "this shop has nobody by that id");
    if (!body.staff && programme::staff_of(sql, shop.id).size() >= programme::kStaffMax)
      return fail(Code::too_large, "a shop has 50 people at most");
    if (pin)
      programme::put_staff(sql, shop.id, member, *pin, now);
    else
      programme::correct_staff(sql, shop.id, member);
    return ok();
  }));
  return staff_view(services.store.snapshot()->sql(), shop.id);
}

Result<http::Response> drop_member(const Call& call) {
  DFB_TRY(const Account shop, shop_of_officer(call));
  DFB_TRY_VOID(call.services.writer.run([&](sql::Connection& sql) -> Result<void> {
    programme::drop_staff(sql, shop.id, call.path.at("staff"));
    return ok();
  }));
  return http::Response{204, "", "", {}};
}

// A wrong PIN is an answer, not a failure of the question. Each try is a write that is waited for, as with
// cards: guesses at many tills at once share the same five, and a restart forgets none.
Result<StaffPinView> check_staff_pin(const Call& call, const StaffPinBody& body) {
  Services& services = call.services;
  const AccountId shop = call.caller.account.id;
  const auto member = programme::find_staff(services.store.snapshot()->sql(), shop, body.staff);
  if (!member) return fail(Code::not_found, "this shop has nobody by that id");
  const std::string role(name(member->role));
  std::optional<programme::HashedPin> kept;
  std::int64_t left = 0;
  DFB_TRY_VOID(services.writer.run([&](sql::Connection& sql) -> Result<void> {
    kept = programme::take_staff_try(sql, shop, body.staff);
    if (const auto now = programme::find_staff(sql, shop, body.staff)) left = now->tries_left;
    return ok();
  }));
  if (!kept) return StaffPinView{"locked", role, 0};
  if (pin_hash(body.pin, kept->salt) != kept->hash)
    return StaffPinView{left == 0 ? "locked" : "wrong", role, left};
  const bool opens = body.unlock && member->role == programme::StaffRole::manager;
  DFB_TRY_VOID(services.writer.run([&](sql::Connection& sql) -> Result<void> {
    programme::forgive_staff_tries(sql, shop, body.staff);
    if (opens) programme::forgive_staff_tries(sql, shop, *body.unlock);
    return ok();
  }));
  if (body.unlock && !opens) return fail(Code::forbidden, "only a manager opens another person's lock");
  return StaffPinView{"right", role, programme::kStaffPinTriesMax};
}

}  // namespace

void add_staff(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/v1/staff", Access::till, "This shop's people at the till", own_staff));
  table.push_back(with_body("POST", "/v1/staff/pin", Access::till,
                            "Is this that person's PIN? A manager's opens another's lock", check_staff_pin));
  table.push_back(without_body("GET", "/v1/shops/{account}/staff", Access::officer,
                               "A shop's people at the till", staff_of_shop));
  table.push_back(with_body("POST", "/v1/shops/{account}/staff", Access::officer,
                            "Add or correct one of a shop's people, or give them a new PIN", put_member));
  table.push_back({"DELETE",
                   "/v1/shops/{account}/staff/{staff}",
                   Access::officer,
                   "Take a person off a shop's list",
                   {},
                   {},
                   drop_member});
  table.back().status = 204;
}

}  // namespace dfb::routes
