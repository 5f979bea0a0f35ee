#include "api/routes/views.h"

#include <algorithm>

#include "api/programme/labels.h"
#include "api/programme/people.h"
#include "ledger/book/command.h"
#include "ledger/book/log_keys.h"
#include "ledger/book/state.h"
#include "ledger/log/entry_text.h"

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

std::vector<std::string> log_vkeys(const store::View& view, const std::string& before_genesis) {
  const auto ledger = view.get<book::LedgerRow>({1});
  return ledger ? book::log_keys_in_force(*ledger) : std::vector<std::string>{before_genesis};
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

std::string masked_name(const store::View& view, book::AccountId account) {
  const auto person = programme::find_person(view.sql(), account);
  return person ? programme::masked_name(person->name) : "*";
}

Result<book::Account> find_account(const store::View& view, const std::string& text) {
  DFB_TRY(const auto id, book::parse_account(text));
  auto account = view.get<book::Account>({id});
  if (!account) return fail(Code::not_found, "no such account");
  return *std::move(account);
}

bool is_responsible(const Caller& caller, const book::Account& account, std::initializer_list<book::Role> roles) {
  return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const book::Grant& grant) {
    return std::find(roles.begin(), roles.end(), grant.role) != roles.end() &&
           book::covers(grant.scope, account.scope);
  });
}

Result<book::Account> resident_in_scope(const store::View& view, const Caller& caller,
                                        const std::string& text) {
  DFB_TRY(book::Account account, find_account(view, text));
  if (account.kind != book::AccountKind::resident ||
      !is_responsible(caller, account, {book::Role::officer, book::Role::administrator}))
    return fail(Code::not_found, "no such resident in your scope");
  return account;
}

Result<book::Account> shop_in_scope(const store::View& view, const Caller& caller, const std::string& text,
                                    std::initializer_list<book::Role> roles) {
  DFB_TRY(book::Account account, find_account(view, text));
  if (account.kind != book::AccountKind::shop || !is_responsible(caller, account, roles))
    return fail(Code::not_found, "no such shop in your scope");
  return account;
}

Result<void> may_show(const store::View& view, const book::Account& viewer, const std::string& leaf) {
  DFB_TRY(const auto entry, log::parse_entry_text(leaf));
  for (const auto& signature : entry.signatures)
    if (const auto key = view.get<book::KeyRow>({signature.key}); key && key->account == viewer.id)
      return ok();
  const auto touching = view.entries_of(viewer.id, entry.seq + 1, 1);
  if (touching.empty() || touching.front() != entry.seq) return fail(Code::not_found, "no entry of yours");
  DFB_TRY(const auto payload, book::parse_payload(entry.payload));
  if (std::holds_alternative<book::Roster>(payload.body) ||
      std::holds_alternative<book::Import>(payload.body))
    return fail(Code::forbidden, "this entry names others too; officers and auditors read it");
  return ok();
}

}  // namespace dfb::routes
