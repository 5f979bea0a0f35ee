// One command on its way to an entry: what the deciding functions share. Internal to the book.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/book/state.h"
#include "ledger/book/verdict.h"

namespace dfb::book {

struct Ruling {
  State& state;
  const Command& command;
  TimeUs now_us;
  LedgerRow ledger;                // before this entry; its `size` is this entry's seq
  const Policy* policy = nullptr;  // in force now, or none yet
  std::vector<KeyRow> signers;  // enrolled signers, `by` first; keys that the payload brings in are not here
  Verdict verdict;
  Outcome outcome;
  std::optional<Code> conviction = {};  // an offline sale's refusal that is entered: the phone is at fault

  const KeyRow& by() const { return signers.front(); }
  Day today() const { return civil_day(now_us); }
  bool signed_by(const KeyId& key) const;

  // The account, or nothing and account_unknown; account_wrong_kind where `kind` is another, and nothing.
  std::optional<Account> account(AccountId id, std::optional<AccountKind> kind = {});
  // Notes account_closed or account_frozen.
  void needs_open(const Account& account);
  // Notes key_revoked or key_outside_dates; `whose` begins the detail.
  void needs_live(const KeyRow& key, const char* whose);
  // Notes policy_missing.
  bool needs_policy();
};

// True when the role, key or grant with these dates is in force.
bool within(TimeUs from_us, TimeUs until_us, TimeUs now_us);

// Moves points between two rows in hand; the sum over both stays. amount_too_large. Lots are the caller's.
Result<void> move(Account& from, Account& to, Points points);

// `lapsed` points of a refund or cancel, and all that would reach a closed account, go to `expired`; the rest
// joins the resident's lots. Puts resident, giver and `expired` into the state and the outcome.
Result<void> give_back(Ruling& ruling, Account giver, Account resident, Lots& ate, Points points);

// Brings the entry's new account into the state. REQUIRES: not there yet.
void open_account(Ruling& ruling, Account account);

}  // namespace dfb::book
