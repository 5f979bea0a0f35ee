// Every kind of transfer in one table: a new kind is a row. Source: docs/formats.md#transfer. Internal to the
// book.
#pragma once
#include <array>
#include <optional>

#include "ledger/book/ruling.h"

namespace dfb::book {

enum class SignedBy : std::uint8_t { two_administrators, administrator, officer, till, server, roots };

// What a kind does beyond its row; `from` and `to` exist and are of the right kinds.
using DecideTransfer = Result<void> (*)(Ruling& ruling, const Transfer& transfer, Account from, Account to);
Result<void> decide_mint(Ruling& ruling, const Transfer& transfer, Account from, Account to);  // transfer.cpp
Result<void> decide_return(Ruling& ruling, const Transfer& transfer, Account from,
                           Account to);  // transfer.cpp
Result<void> decide_award(Ruling& ruling, const Transfer& transfer, Account from, Account to);   // award.cpp
Result<void> decide_redeem(Ruling& ruling, const Transfer& transfer, Account from, Account to);  // redeem.cpp
Result<void> decide_refund(Ruling& ruling, const Transfer& transfer, Account from, Account to);  // refund.cpp
Result<void> decide_expire(Ruling& ruling, const Transfer& transfer, Account from,
                           Account to);  // treasury.cpp
Result<void> decide_settle(Ruling& ruling, const Transfer& transfer, Account from, Account to);
Result<void> decide_fund(Ruling& ruling, const Transfer& transfer, Account from, Account to);
Result<void> decide_cover(Ruling& ruling, const Transfer& transfer, Account from, Account to);
Result<void> decide_opening(Ruling& ruling, const Transfer& transfer, Account from, Account to);

struct TransferRow {
  TransferKind kind;
  AccountKind from;
  std::optional<AccountKind> to;  // empty: any
  SignedBy signed_by;
  DecideTransfer decide;
};

inline constexpr std::array kTransfers{
    TransferRow{TransferKind::mint, AccountKind::issuance, AccountKind::budget, SignedBy::two_administrators,
                decide_mint},
    TransferRow{TransferKind::return_, AccountKind::budget, AccountKind::issuance,
                SignedBy::two_administrators, decide_return},
    TransferRow{TransferKind::award, AccountKind::budget, AccountKind::resident, SignedBy::officer,
                decide_award},
    TransferRow{TransferKind::redeem, AccountKind::resident, AccountKind::shop, SignedBy::till,
                decide_redeem},
    TransferRow{TransferKind::refund, AccountKind::shop, AccountKind::resident, SignedBy::till,
                decide_refund},
    TransferRow{TransferKind::expire, AccountKind::resident, AccountKind::expired, SignedBy::server,
                decide_expire},
    TransferRow{TransferKind::settle, AccountKind::shop, AccountKind::settled, SignedBy::two_administrators,
                decide_settle},
    TransferRow{TransferKind::fund, AccountKind::budget, AccountKind::offline_loss,
                SignedBy::two_administrators, decide_fund},
    TransferRow{TransferKind::cover, AccountKind::offline_loss, AccountKind::shop, SignedBy::administrator,
                decide_cover},
    TransferRow{TransferKind::opening, AccountKind::issuance, std::nullopt, SignedBy::roots, decide_opening},
};

constexpr const TransferRow& transfer_row(TransferKind kind) {
  return kTransfers[static_cast<std::size_t>(kind)];
}
static_assert([] {
  for (std::size_t i = 0; i < kTransfers.size(); ++i)
    if (kTransfers[i].kind != static_cast<TransferKind>(i)) return false;
  return true;
}());

}  // namespace dfb::book
