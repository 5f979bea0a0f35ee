#include "ledger/book/authority.h"
#include "ledger/book/decide.h"
#include "ledger/book/redeem.h"
#include "ledger/book/transfer_table.h"

namespace dfb::book {
namespace {

void judge_signers(Ruling& r, const Transfer& t, const TransferRow& row, const Account* from,
                   const Account* to) {
  switch (row.signed_by) {
    case SignedBy::two_administrators: {
      const Account* local = row.from == AccountKind::issuance ? to : from;  // the budget or the shop
      needs_two_administrators(r, local ? local->scope : "");
      return;
    }
    case SignedBy::administrator:
      needs_power(r, r.by(), Power::administer, from ? from->scope : "");
      return;
    case SignedBy::officer:
      needs_power(r, r.by(), Power::award, to ? to->scope : "");
      if (to) acts_for(r, *to);
      if (to && r.policy && t.points.value >= r.policy->limits.large_award_points)
        needs_second(r, Power::award, to->scope, &*to);
      return;
    case SignedBy::till:
      needs_till(r, t.kind == TransferKind::redeem ? t.to : t.from);
      if (t.kind == TransferKind::redeem) judge_prover(r, t);
      return;
    case SignedBy::server:
      r.verdict.refuse_if(r.by().use != KeyUse::server, Code::key_wrong_use, "only the server does this");
      return;
    case SignedBy::roots:
      needs_roots(r);
      return;
  }
}

}  // namespace

Result<void> decide(Ruling& r, const Transfer& t) {
  const TransferRow& row = transfer_row(t.kind);
  auto from = r.account(t.from, row.from);
  auto to = r.account(t.to, row.to);
  judge_signers(r, t, row, from ? &*from : nullptr, to ? &*to : nullptr);
  if (!from || !to) return r.verdict.result();
  return row.decide(r, t, *std::move(from), *std::move(to));
}

Result<void> decide_mint(Ruling& r, const Transfer& t, Account from, Account to) {
  r.needs_open(to);
  DFB_TRY_VOID(r.verdict.result());
  DFB_TRY_VOID(move(from, to, t.points));
  r.state.put(std::move(from));
  r.state.put(std::move(to));
  return ok();
}

// Also from a frozen or closed budget: points on their way home are not spent.
Result<void> decide_return(Ruling& r, const Transfer& t, Account from, Account to) {
  r.verdict.refuse_if(t.points.value > from.balance.value - from.held.value, Code::budget_exhausted,
                      "the budget holds less than that");
  DFB_TRY_VOID(r.verdict.result());
  DFB_TRY_VOID(move(from, to, t.points));
  r.state.put(std::move(from));
  r.state.put(std::move(to));
  return ok();
}

}  // namespace dfb::book
