// Accounts that are not one's own: residents for the officers of their scope, any account for administrators.
#include <algorithm>

#include "api/programme/people.h"
#include "api/routes/as_of.h"
#include "api/routes/table.h"
#include "api/routes/views.h"

namespace dfb::routes {
namespace {

using namespace book;

bool administered(const Caller& caller, std::string_view scope) {
  return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const Grant& grant) {
    return grant.role == Role::administrator && covers(grant.scope, scope);
  });
}

template <class View>
Result<View> shown(const Call& call, const store::View& view, const Account& account, View out) {
  DFB_TRY(const auto then, asked_standing(call, view, account));
  fill_points(out, then ? *then : standing_now(call.services, account), then.has_value());
  return out;
}

Result<ResidentView> resident(const Call& call) {
  const auto view = call.services.store.snapshot();
  DFB_TRY(const Account account, resident_in_scope(*view, call.caller, call.path.at("account")));
  ResidentView out;
  out.account = to_string(account.id);
  if (const auto person = programme::find_person(view->sql(), account.id)) {
    out.name = person->name;
    out.phone_end = programme::phone_end(person->phone);
  }
  return shown(call, *view, account, std::move(out));
}

Result<AccountView> account(const Call& call) {
  const auto view = call.services.store.snapshot();
  DFB_TRY(const Account account, find_account(*view, call.path.at("account")));
  if (!administered(call.caller, account.scope))
    return fail(Code::not_found, "no such account in your scope");
  AccountView out;
  out.account = to_string(account.id);
  out.name = display_name(*view, account);
  out.kind = std::string(name(account.kind));
  return shown(call, *view, account, std::move(out));
}

}  // namespace

void add_accounts(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/v1/residents/{account}", Access::officer,
                               "A resident in scope, now or as of an entry or a moment", resident));
  table.back().query = as_of_query();
  table.push_back(without_body("GET", "/v1/accounts/{account}", Access::administrator,
                               "Any account in scope, now or as of an entry or a moment", account));
  table.back().query = as_of_query();
}

}  // namespace dfb::routes
