// Roles: granting and ending.
#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

// The roots grant any role; two administrators every one but their own.
void judge_granters(Ruling& r, Role role, const std::string& scope, const Account* person) {
  if (r.by().use == KeyUse::root) {
    needs_roots(r);
    return;
  }
  needs_two_administrators(r, scope, person);
  r.verdict.refuse_if(role == Role::administrator, Code::signer_not_allowed,
                      "only the roots make administrators");
}

RoleRow role_row(Ruling& r, AccountId account) {
  if (const auto* row = r.state.find<RoleRow>({account})) return *row;
  RoleRow row;
  row.account = account;
  return row;
}

}  // namespace

Result<void> decide(Ruling& r, const GrantRole& grant) {
  auto account = r.account(grant.account, AccountKind::resident);
  judge_granters(r, grant.role, grant.scope, account ? &*account : nullptr);
  if (account) {
    r.needs_open(*account);
    r.verdict.refuse_if(account->level != Level::verified, Code::level_too_low,
                        "a role needs a verified person");
  }
  r.verdict.refuse_if(grant.until_us != 0 && (grant.until_us <= r.now_us || grant.until_us <= grant.from_us),
                      Code::key_outside_dates, "the role would end before it begins");
  RoleRow row = role_row(r, grant.account);
  Grant fresh{grant.role, grant.scope, grant.from_us, grant.until_us};
  r.verdict.refuse_if(std::find(row.grants.begin(), row.grants.end(), fresh) != row.grants.end(),
                      Code::state_unchanged, "the role is held already");
  DFB_TRY_VOID(r.verdict.result());
  // A new grant of a role in a scope replaces the former one, and what has ended goes with it.
  std::erase_if(row.grants, [&](const Grant& old) {
    return (old.role == fresh.role && old.scope == fresh.scope) ||
           (old.until_us != 0 && old.until_us <= r.now_us);
  });
  row.grants.push_back(std::move(fresh));
  r.state.put(std::move(row));
  return ok();
}

Result<void> decide(Ruling& r, const EndRole& end) {
  auto account = r.account(end.account, AccountKind::resident);
  judge_granters(r, end.role, end.scope, nullptr);
  if (!account) return r.verdict.result();
  RoleRow row = role_row(r, end.account);
  auto ended = std::erase_if(
      row.grants, [&](const Grant& grant) { return grant.role == end.role && grant.scope == end.scope; });
  r.verdict.refuse_if(ended == 0, Code::state_unchanged, "the role is not held");
  DFB_TRY_VOID(r.verdict.result());
  r.state.put(std::move(row));
  return ok();
}

}  // namespace dfb::book
