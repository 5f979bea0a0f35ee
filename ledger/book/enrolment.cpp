// Keys: genesis, bringing one in, revoking one.
#include <algorithm>
#include <set>

#include "ledger/book/authority.h"
#include "ledger/book/counters.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

constexpr std::size_t kDevicesMax = 4;
constexpr std::int64_t kOwnKeysDay = 12;
constexpr TimeUs kTicketLifeMaxUs = 31 * kDayUs;

void open_reserved(Ruling& r) {
  struct Reserved {
    AccountId id;
    AccountKind kind;
  };
  for (auto [id, kind] :
       {Reserved{kIssuance, AccountKind::issuance}, Reserved{kExpired, AccountKind::expired},
        Reserved{kSettled, AccountKind::settled}, Reserved{kOfflineLoss, AccountKind::offline_loss}}) {
    Account account;
    account.id = id;
    account.kind = kind;
    account.scope = "/";
    open_account(r, std::move(account));
  }
}

// A ticket was issued as a staff account's keys must be: by two administrators. One from before the account
// held a role was not, whoever issued it. The first of the two must still be an administrator.
bool issued_by_administrators(Ruling& r, const KeyRow& ticket) {
  const auto* enroller = r.state.find<KeyRow>({ticket.enroller});
  return enroller && counter(r.state, staff_ticket_counter(ticket.id)) != 0 &&
         has_power_anywhere(r.state, enroller->account, Power::administer, r.now_us);
}

void judge_ticket_used(Ruling& r, const Account& account) {
  r.verdict.refuse_if(r.by().account != account.id, Code::signer_not_allowed,
                      "the ticket is for another account");
  r.verdict.refuse_if(is_staff(r.state, account.id, r.now_us) && !issued_by_administrators(r, r.by()),
                      Code::needs_second_person, "a staff account's ticket comes from two administrators");
}

void judge_resident_key(Ruling& r, const AddKey& add, const Account& account) {
  bool own_device = r.by().use == KeyUse::device && r.by().account == account.id;
  if (add.use == KeyUse::device && r.by().use == KeyUse::ticket) {
    judge_ticket_used(r, account);
  } else if (is_staff(r.state, account.id, r.now_us)) {
    needs_two_administrators(r, account.scope, &account, Deed::key);
  } else if (!own_device) {
    needs_power(r, r.by(), Power::vouch, account.scope);
    acts_on(r, account);
  }
}

void judge_shop_key(Ruling& r, const AddKey& add, const Account& account) {
  if (add.use == KeyUse::till && r.by().use == KeyUse::ticket) {
    judge_ticket_used(r, account);
  } else {
    needs_power(r, r.by(), Power::administer, account.scope);
  }
}

void judge_site_key(Ruling& r, const Account& account) {
  needs_power(r, r.by(), Power::show_codes, "");
  r.verdict.refuse_if(r.by().account != account.id, Code::signer_not_allowed,
                      "a site key is brought in by its owner");
}

bool kind_fits(KeyUse use, AccountKind kind) {
  switch (use) {
    case KeyUse::device:
    case KeyUse::site:
      return kind == AccountKind::resident;
    case KeyUse::till:
      return kind == AccountKind::shop;
    case KeyUse::ticket:
      return kind == AccountKind::resident || kind == AccountKind::shop;
    default:
      return false;
  }
}

// The device comes by an officer, or by a ticket that was not issued from one of the account's own devices.
bool brought_by_another(Ruling& r, const Account& account) {
  const KeyRow* by = &r.by();
  if (by->use == KeyUse::ticket) by = r.state.find<KeyRow>({by->enroller});
  return !by || by->account != account.id;
}

// Whatever still waits brings in nothing that would not, so that the wait cannot be passed on and shortened.
TimeUs pays_from(Ruling& r, const AddKey& add, const Account& account) {
  TimeUs from_us = r.now_us;
  if (add.use == KeyUse::device && brought_by_another(r, account) && !account.devices.empty() && r.policy)
    from_us += r.policy->limits.new_device_hours * kHourUs;
  return std::max(from_us, r.by().proves_from_us);
}

// A free account cannot fill the log with keys.
Result<void> count_own_key(Ruling& r, const Account& account) {
  if (r.by().account != account.id || is_staff(r.state, account.id, r.now_us)) return ok();
  const auto name = own_keys_counter(account.id, r.today());
  if (counter(r.state, name) >= kOwnKeysDay)
    return fail(Code::rate_limited, "this account has brought in enough keys today; go on tomorrow");
  count(r.state, name, 1);
  return ok();
}

void judge_dates(Ruling& r, const AddKey& add) {
  r.verdict.refuse_if(add.until_us != 0 && add.until_us <= r.now_us, Code::key_outside_dates,
                      "`until` has passed");
  r.verdict.refuse_if(
      add.use == KeyUse::ticket && (add.until_us == 0 || add.until_us > r.now_us + kTicketLifeMaxUs),
      Code::key_outside_dates, "a ticket lasts at most 31 days");
}

}  // namespace

Result<void> decide(Ruling& r, const Genesis& genesis) {
  std::set<KeyId> keys;
  for (const auto& root : genesis.roots) keys.insert(key_id(root));
  bool distinct = keys.size() == genesis.roots.size() && keys.insert(key_id(genesis.server)).second;
  bool possessed = std::all_of(keys.begin(), keys.end(), [&](const KeyId& key) { return r.signed_by(key); });
  bool strangers = std::any_of(r.command.signers.begin(), r.command.signers.end(),
                               [&](const KeyId& key) { return keys.count(key) == 0; });
  bool enough = genesis.roots.size() >= kRootsMin && genesis.threshold >= kThresholdMin &&
                genesis.threshold <= static_cast<std::int64_t>(genesis.roots.size());
  r.verdict.refuse_if(strangers, Code::key_not_enrolled, "a key signed that the genesis does not name");
  r.verdict.refuse_if(!distinct, Code::key_exists, "a key stands twice");
  r.verdict.refuse_if(!possessed, Code::possession_not_proven,
                      "every root and the server's key have to sign");
  r.verdict.refuse_if(r.ledger.size != 0, Code::signer_not_allowed, "the ledger has begun already");
  r.verdict.refuse_if(!enough, Code::too_few_roots,
                      "a town has three roots or more, and two or more of them sign");
  DFB_TRY_VOID(r.verdict.result());
  open_reserved(r);
  for (const auto& root : genesis.roots) {
    enrol(r, root, KeyUse::root, nullptr, 0);
    r.ledger.roots.push_back(key_id(root));
  }
  enrol(r, genesis.server, KeyUse::server, nullptr, 0);
  r.ledger.servers = {key_id(genesis.server)};
  r.ledger.threshold = genesis.threshold;
  r.ledger.log_vkey = genesis.log_vkey;
  r.ledger.continues = genesis.continues ? 1 : 0;
  return ok();
}

Result<void> decide(Ruling& r, const AddKey& add) {
  needs_new_key(r, key_id(add.key));
  judge_dates(r, add);
  auto account = r.account(add.account);
  if (!account) return r.verdict.result();
  r.verdict.refuse_if(!kind_fits(add.use, account->kind), Code::account_wrong_kind,
                      "the key does not fit the account");
  if (add.use == KeyUse::site) {
    judge_site_key(r, *account);
  } else if (account->kind == AccountKind::resident) {
    judge_resident_key(r, add, *account);
  } else {
    judge_shop_key(r, add, *account);
  }
  r.verdict.refuse_if(account->state == AccountState::closed, Code::account_closed, "the account is closed");
  r.verdict.refuse_if(account->state == AccountState::frozen && r.by().account == account->id,
                      Code::account_frozen, "a frozen account brings in no keys of its own");
  r.verdict.refuse_if(add.use == KeyUse::device && account->devices.size() >= kDevicesMax,
                      Code::too_many_keys, "an account has four devices at most; revoke one first");
  DFB_TRY_VOID(r.verdict.result());
  DFB_TRY_VOID(count_own_key(r, *account));
  const TimeUs from_us = pays_from(r, add, *account);
  if (r.by().use == KeyUse::ticket) {
    KeyRow ticket = r.by();
    ticket.spent = 1;
    r.state.put(std::move(ticket));
  }
  if (add.use == KeyUse::ticket && is_staff(r.state, account->id, r.now_us))
    count(r.state, staff_ticket_counter(key_id(add.key)), 1);
  enrol(r, add.key, add.use, &*account, add.until_us);
  if (add.use == KeyUse::device || add.use == KeyUse::ticket) {
    KeyRow key = *r.state.find<KeyRow>({key_id(add.key)});
    key.proves_from_us = from_us;
    r.state.put(std::move(key));
  }
  r.state.put(*std::move(account));
  return ok();
}

Result<void> decide(Ruling& r, const RevokeKey& revoke) {
  const auto* found = r.state.find<KeyRow>({revoke.key});
  if (!found) {
    r.verdict.refuse(Code::key_not_enrolled, "the key to revoke is not enrolled");
    return r.verdict.result();
  }
  KeyRow key = *found;
  bool persons = key.use != KeyUse::root && key.use != KeyUse::server;
  r.verdict.refuse_if(!persons, Code::key_wrong_use,
                      "the roots' and the server's keys are replaced by `roots` and `server_key`");
  r.verdict.refuse_if(key.revoked_us != 0, Code::state_unchanged, "the key is revoked already");
  const auto* account = r.state.find<Account>({key.account});
  bool by_owner = r.by().use == KeyUse::device || r.by().use == KeyUse::till;
  bool own_key = persons && by_owner && key.account == r.by().account;
  if (account && !own_key) {
    if (r.by().use == KeyUse::root) {
      needs_roots(r);
    } else if (key.use != KeyUse::site && is_staff(r.state, account->id, r.now_us)) {
      needs_two_administrators(r, account->scope);
    } else {
      needs_power(r, r.by(), Power::revoke_keys, account->scope);
    }
  }
  DFB_TRY_VOID(r.verdict.result());
  DFB_CHECK(account);
  key.revoked_us = r.now_us;
  Account owner = *account;
  std::erase(owner.devices, key.id);
  r.state.put(std::move(key));
  r.state.put(std::move(owner));
  return ok();
}

}  // namespace dfb::book
