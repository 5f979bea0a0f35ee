// Printed cards: issued and ended. What one may pay is a redemption's matter (redeem.cpp).
#include "ledger/book/authority.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

void judge_issue(Ruling& r, const Account& account) {
  needs_power(r, r.by(), Power::vouch, account.scope);
  acts_for(r, account);
  r.needs_open(account);
  r.verdict.refuse_if(account.level != Level::verified, Code::level_too_low,
                      "only verified residents get a card");
}

// Whoever lost a card may end it themselves.
void judge_end(Ruling& r, const Account& account) {
  bool own = r.by().use == KeyUse::device && r.by().account == account.id;
  if (!own) needs_power(r, r.by(), Power::vouch, account.scope);
}

// As a phone that somebody else brings in, a card waits where the person has a phone that would show it.
CardRow issued(Ruling& r, const SetCard& set, const Account& account) {
  CardRow row;
  row.card = set.card;
  row.account = account.id;
  row.enroller = r.command.payload.by;
  row.proves_from_us = r.now_us;
  if (!account.devices.empty() && r.policy) row.proves_from_us += r.policy->limits.new_device_hours * kHourUs;
  return row;
}

}  // namespace

Result<void> decide(Ruling& r, const SetCard& set) {
  auto account = r.account(set.account, AccountKind::resident);
  std::optional<CardRow> known;
  if (const auto* row = r.state.find<CardRow>({set.card})) known = *row;
  r.verdict.refuse_if(set.open && known, Code::key_exists, "the card's number is taken");
  r.verdict.refuse_if(set.open && set.card.value < kFirstFreeAccount, Code::account_exists,
                      "a card's number is drawn from 2^32 upward");
  if (!account) {
    needs_power(r, r.by(), Power::vouch, "");
    return r.verdict.result();
  }
  if (set.open) {
    judge_issue(r, *account);
  } else {
    judge_end(r, *account);
    r.verdict.refuse_if(!known || known->account != account->id, Code::key_not_enrolled,
                        "this account has no such card");
    r.verdict.refuse_if(known && known->open == 0, Code::state_unchanged, "the card was ended already");
  }
  DFB_TRY_VOID(r.verdict.result());
  if (set.open) known = issued(r, set, *account);
  known->open = set.open ? 1 : 0;
  r.state.put(*std::move(known));
  return ok();
}

}  // namespace dfb::book
