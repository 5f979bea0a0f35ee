// Every kind of transfer in one table: a new kind is a row. Source: docs/formats.md#transfer. Internal to the
// book.
#pragma once
#include <array>
#include <optional>

#include "ledger/book/ruling.h"

namespace dfb::book {

enum class LotMove : std::uint8_t { none, adds, eats, restores };
enum class SignedBy : std::uint8_t { two_administrators, administrator, officer, till, server, roots };

// What a kind does beyond its row; `from` and `to` exist and are of the right kinds. Empty: specified, not
// taken yet.
using DecideTransfer = Result<void> (*)(Ruling& ruling, const Transfer& transfer, Account from, Account to);
Result<void> decide_mint(Ruling& ruling, const Transfer& transfer, Account from, Account to);  // transfer.cpp
Result<void> decide_return(Ruling& ruling, const Transfer& transfer, Account from,
                           Account to);  // transfer.cpp
Result<void> decide_award(Ruling& ruling, const Transfer& transfer, Account from, Account to);   // award.cpp
Result<void> decide_redeem(Ruling& ruling, const Transfer& transfer, Account from, Account to);  // redeem.cpp
Result<void> decide_refund(Ruling& ruling, const Transfer& transfer, Account from, Account to);  // refund.cpp

struct TransferRow {
  TransferKind kind;
  AccountKind from;
  std::optional<AccountKind> to;  // empty: any
  LotMove lots;
  SignedBy signed_by;
  DecideTransfer decide;
};

inline constexpr std::array kTransfers{
    TransferRow{TransferKind::mint, AccountKind::issuance, AccountKind::budget, LotMove::none,
                SignedBy::two_administrators, decide_mint},
    TransferRow{TransferKind::return_, AccountKind::budget, AccountKind::issuance, LotMove::none,
                SignedBy::two_administrators, decide_return},
    TransferRow{TransferKind::award, AccountKind::budget, AccountKind::resident, LotMove::adds,
                SignedBy::officer, decide_award},
    TransferRow{TransferKind::redeem, AccountKind::resident, AccountKind::shop, LotMove::eats, SignedBy::till,
                decide_redeem},
    TransferRow{TransferKind::refund, AccountKind::shop, AccountKind::resident, LotMove::restores,
                SignedBy::till, decide_refund},
    TransferRow{TransferKind::expire, AccountKind::resident, AccountKind::expired, LotMove::eats,
                SignedBy::server, nullptr},
    TransferRow{TransferKind::settle, AccountKind::shop, AccountKind::settled, LotMove::none,
                SignedBy::two_administrators, nullptr},
    TransferRow{TransferKind::fund, AccountKind::budget, AccountKind::offline_loss, LotMove::none,
                SignedBy::two_administrators, nullptr},
    TransferRow{TransferKind::cover, AccountKind::offline_loss, AccountKind::shop, LotMove::none,
                SignedBy::administrator, nullptr},
    TransferRow{TransferKind::opening, AccountKind::issuance, std::nullopt, LotMove::adds, SignedBy::roots,
                nullptr},
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
