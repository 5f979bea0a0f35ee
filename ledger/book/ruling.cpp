#include "ledger/book/ruling.h"

#include <algorithm>

#include "ledger/book/lots.h"

namespace dfb::book {

bool within(TimeUs from_us, TimeUs until_us, TimeUs now_us) {
  return from_us <= now_us && (until_us == 0 || now_us < until_us);
}

bool Ruling::signed_by(const KeyId& key) const {
  return std::find(command.signers.begin(), command.signers.end(), key) != command.signers.end();
}

std::optional<Account> Ruling::account(AccountId id, std::optional<AccountKind> kind) {
  const auto* row = state.find<Account>({id});
  if (!row) {
    verdict.refuse(Code::account_unknown, to_string(id) + " was never opened");
    return std::nullopt;
  }
  if (kind && row->kind != *kind) {
    verdict.refuse(Code::account_wrong_kind,
                   to_string(id) + " is not a " + std::string(name(*kind)) + " account");
    return std::nullopt;
  }
  return *row;
}

void Ruling::needs_open(const Account& account) {
  if (account.state == AccountState::closed) verdict.refuse(Code::account_closed, to_string(account.id));
  if (account.state == AccountState::frozen) verdict.refuse(Code::account_frozen, to_string(account.id));
}

void Ruling::needs_live(const KeyRow& key, const char* whose) {
  if (key.revoked_us != 0) verdict.refuse(Code::key_revoked, std::string(whose) + " was revoked");
  if (key.spent != 0)
    verdict.refuse(Code::key_revoked, std::string(whose) + " is a ticket that was used already");
  if (!within(key.from_us, key.until_us, now_us))
    verdict.refuse(Code::key_outside_dates, std::string(whose) + " is outside its dates");
}

bool Ruling::needs_policy() {
  verdict.refuse_if(!policy, Code::policy_missing, "no policy is in force yet");
  return policy != nullptr;
}

Result<void> move(Account& from, Account& to, Points points) {
  DFB_CHECK(from.id != to.id && points.value >= 0);
  DFB_TRY(auto less, subtract(from.balance, points));
  DFB_TRY(auto more, add(to.balance, points));
  from.balance = less;
  to.balance = more;
  return ok();
}

Result<void> give_back(Ruling& ruling, Account giver, Account resident, Lots& ate, Points points) {
  auto back = put_back(ate, points, ruling.today(), ruling.policy->limits.refund_grace_days);
  if (resident.state == AccountState::closed) back = {{}, points};
  const auto* expired_row = ruling.state.find<Account>({kExpired});
  DFB_CHECK(expired_row);
  Account expired = *expired_row;
  DFB_TRY_VOID(move(giver, resident, total(back.got)));
  DFB_TRY_VOID(move(giver, expired, back.lapsed));
  for (const auto& lot : back.got) add_lot(resident.lots, lot);
  ruling.state.put(std::move(giver));
  ruling.state.put(std::move(resident));
  if (back.lapsed.value > 0) {
    ruling.state.put(std::move(expired));
    ruling.outcome.lapsed = back.lapsed;
  }
  ruling.outcome.policy = ruling.policy->version;
  ruling.outcome.got = std::move(back.got);
  return ok();
}

void open_account(Ruling& ruling, Account account) {
  DFB_CHECK(!ruling.state.find<Account>({account.id}));
  account.opened_us = ruling.now_us;
  account.enroller = ruling.command.payload.by;
  ruling.state.put(std::move(account));
}

}  // namespace dfb::book
