// Accounts: opening, moving, vouching, states.
#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/counters.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

Account account_of(const Open& open) {
  Account account;
  account.id = open.account;
  account.kind = open.kind;
  account.level = open.level;
  account.scope = open.scope;
  account.household = open.household;
  return account;
}

// Kinds that can be opened, with the fields that fit them.
bool fits(const Open& open) {
  switch (open.kind) {
    case AccountKind::resident:
      return open.level != Level::none;
    case AccountKind::shop:
      return open.level == Level::none && open.household.empty();
    case AccountKind::budget:
      return open.level == Level::none && open.household.empty() && open.key.empty();
    default:
      return false;
  }
}

// Nobody vouches for these accounts, so only so many come into the ledger in an hour.
Result<void> count_phone_open(Ruling& r) {
  const auto name = phone_opens_counter(r.now_us);
  if (r.policy && counter(r.state, name) >= r.policy->limits.phone_opens_hour)
    return fail(Code::rate_limited,
                "too many accounts were opened by phone this hour; try again in the next");
  count(r.state, name, 1);
  return ok();
}

// A member of staff is not frozen, closed or moved by one colleague alone.
void needs_power_over(Ruling& r, const Account& account, Power power) {
  if (r.by().use == KeyUse::root) {
    needs_roots(r);
  } else if (is_staff(r.state, account.id, r.now_us)) {
    needs_two_administrators(r, account.scope, &account, Deed::act);
  } else {
    needs_power(r, r.by(), power, account.scope);
  }
}

void judge_opener(Ruling& r, const Open& open, const Account& account) {
  bool resident = open.kind == AccountKind::resident;
  if (r.by().use == KeyUse::root) {
    needs_roots(r);
  } else if (r.by().use == KeyUse::server) {
    r.verdict.refuse_if(
        !resident || open.level != Level::phone || !open.household.empty() || open.key.empty(),
        Code::signer_not_allowed,
        "the server opens residents of level phone, with a key and without a household");
  } else if (resident) {
    needs_power(r, r.by(), Power::vouch, open.scope);
    acts_for(r, account);
    r.verdict.refuse_if(open.level != Level::verified, Code::signer_not_allowed,
                        "an officer opens verified residents only");
  } else {
    needs_power(r, r.by(), Power::administer, open.scope);
  }
}

}  // namespace

Result<void> decide(Ruling& r, const Open& open) {
  Account account = account_of(open);
  judge_opener(r, open, account);
  r.verdict.refuse_if(!fits(open), Code::account_wrong_kind,
                      "kind, level, household or key do not fit together");
  r.verdict.refuse_if(open.account.value < kFirstFreeAccount || r.state.find<Account>({open.account}),
                      Code::account_exists, "the account number is taken");
  if (!open.key.empty()) needs_new_key(r, key_id(open.key));
  DFB_TRY_VOID(r.verdict.result());
  if (r.by().use == KeyUse::server) DFB_TRY_VOID(count_phone_open(r));
  if (!open.key.empty()) {
    auto use = open.kind == AccountKind::resident ? KeyUse::device : KeyUse::till;
    enrol(r, open.key, use, &account, 0);
  }
  open_account(r, std::move(account));
  return ok();
}

Result<void> decide(Ruling& r, const Move& move) {
  auto account = r.account(move.account, AccountKind::resident);
  bool staff = account && is_staff(r.state, account->id, r.now_us);
  if (account) {
    needs_power_over(r, *account, Power::vouch);
    acts_on(r, *account);
    r.verdict.refuse_if(account->state == AccountState::closed, Code::account_closed,
                        "the account is closed");
    r.verdict.refuse_if(account->scope == move.scope && account->household == move.household,
                        Code::state_unchanged, "the account stands there already");
  }
  if (r.by().use != KeyUse::root)
    needs_power(r, r.by(), staff ? Power::administer : Power::vouch, move.scope);
  DFB_TRY_VOID(r.verdict.result());
  if (!account->household.empty() && account->household != move.household)
    r.state.put(CounterRow{left_counter(account->id, account->household), r.now_us});
  account->scope = move.scope;
  account->household = move.household;
  r.state.put(*std::move(account));
  return ok();
}

Result<void> decide(Ruling& r, const SetLevel& set) {
  auto account = r.account(set.account, AccountKind::resident);
  if (account) {
    needs_power(r, r.by(), Power::vouch, account->scope);
    if (set.level == Level::verified) {
      acts_for(r, *account);
    } else {
      acts_on(r, *account);
    }
    r.verdict.refuse_if(account->state == AccountState::closed, Code::account_closed,
                        "the account is closed");
    r.verdict.refuse_if(set.level == Level::none, Code::account_wrong_kind, "a resident always has a level");
    r.verdict.refuse_if(account->level == set.level, Code::state_unchanged,
                        "the account has this level already");
  } else {
    needs_power(r, r.by(), Power::vouch, "");
  }
  DFB_TRY_VOID(r.verdict.result());
  account->level = set.level;
  account->enroller = r.command.payload.by;
  r.state.put(*std::move(account));
  return ok();
}

Result<void> decide(Ruling& r, const SetState& set) {
  auto account = r.account(set.account);
  if (!account) {
    needs_power(r, r.by(), Power::freeze, "");
    return r.verdict.result();
  }
  bool resident = account->kind == AccountKind::resident;
  bool office = account->kind == AccountKind::shop || account->kind == AccountKind::budget;
  r.verdict.refuse_if(!resident && !office, Code::account_wrong_kind, "this account has no state");
  needs_power_over(r, *account, resident ? Power::freeze : Power::administer);
  acts_on(r, *account);
  r.verdict.refuse_if(set.state == AccountState::closed && account->balance.value != 0,
                      Code::account_not_empty, "the account still holds points");
  r.verdict.refuse_if(account->state == AccountState::closed, Code::account_closed,
                      "a closed account stays closed");
  r.verdict.refuse_if(account->state == set.state, Code::state_unchanged,
                      "the account has this state already");
  DFB_TRY_VOID(r.verdict.result());
  account->state = set.state;
  r.state.put(*std::move(account));
  return ok();
}

Result<void> decide(Ruling& r, const Roster& roster) {
  needs_power(r, r.by(), Power::vouch, roster.scope);
  bool changes = false;
  for (const auto& id : roster.accounts) {
    auto account = r.account(id, AccountKind::resident);
    if (!account) continue;
    r.verdict.refuse_if(!covers(roster.scope, account->scope), Code::out_of_scope,
                        "a resident lives elsewhere");
    r.verdict.refuse_if(account->state == AccountState::closed, Code::account_closed, "an account is closed");
    if (account->level == Level::verified) continue;
    acts_for(r, *account);
    changes = true;
    account->level = Level::verified;
    account->enroller = r.command.payload.by;
    r.state.put(*std::move(account));
  }
  r.verdict.refuse_if(!changes, Code::state_unchanged, "all of them are verified already");
  return r.verdict.result();
}

Result<void> decide(Ruling& r, const Import& import) {
  r.verdict.refuse_if(import.rows.empty(), Code::state_unchanged, "nobody to move in");
  for (const auto& row : import.rows) {
    Account account;
    account.id = row.account;
    account.level = Level::verified;
    account.scope = row.scope;
    account.household = row.household;
    needs_two_administrators(r, row.scope, &account);
    if (row.account.value < kFirstFreeAccount || r.state.find<Account>({row.account})) {
      r.verdict.refuse(Code::account_exists, to_string(row.account) + " is taken");
      continue;
    }
    open_account(r, std::move(account));
  }
  return r.verdict.result();
}

}  // namespace dfb::book
