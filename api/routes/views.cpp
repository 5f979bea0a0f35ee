#include "api/routes/views.h"

#include "api/programme/labels.h"
#include "api/programme/people.h"
#include "ledger/book/state.h"

namespace dfb::routes {

boost::json::object limits_in_force(const store::View& view, TimeUs now_us) {
  boost::json::object limits;
  book::State state(view);
  if (const auto* policy = state.policy_at(now_us)) {
#define DFB_X(name) limits[#name] = policy->limits.name;
    DFB_LIMITS(DFB_X)
#undef DFB_X
  }
  return limits;
}

std::vector<RoleView> roles_view(const std::vector<book::Grant>& grants) {
  std::vector<RoleView> roles;
  for (const auto& grant : grants) roles.push_back({std::string(name(grant.role)), grant.scope});
  return roles;
}

std::string display_name(const store::View& view, const book::Account& account) {
  if (account.kind == book::AccountKind::shop) {
    const auto label = programme::find_label(view.sql(), "shop", to_string(account.id));
    return label ? label->zh : "";
  }
  const auto person = programme::find_person(view.sql(), account.id);
  return person ? person->name : "";
}

Result<book::Account> find_account(const store::View& view, const std::string& text) {
  DFB_TRY(const auto id, book::parse_account(text));
  auto account = view.get<book::Account>({id});
  if (!account) return fail(Code::not_found, "no such account");
  return *std::move(account);
}

}  // namespace dfb::routes
