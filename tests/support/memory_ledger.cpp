#include "tests/support/memory_ledger.h"

#include "ledger/base/encoding.h"
#include "ledger/book/columns.h"

namespace dfb::test {

using namespace book;

namespace {

std::string text_of(const Column& column) {
  if (const auto* number = std::get_if<std::int64_t>(&column)) return std::to_string(*number);
  return hex_encode(std::get<std::string>(column));
}

std::string lots_problem(const Account& account) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < account.lots.size(); ++i) {
    const Lot& lot = account.lots[i];
    if (lot.points.value <= 0) return "an empty lot";
    if (i > 0 &&
        std::pair(account.lots[i - 1].day, account.lots[i - 1].grace) >= std::pair(lot.day, lot.grace))
      return "lots out of order";
    sum += lot.points.value;
  }
  bool resident = account.kind == AccountKind::resident;
  if (resident && sum + account.held.value != account.balance.value) return "the lots are not the balance";
  if (!resident && !account.lots.empty()) return "lots outside a resident's account";
  return {};
}

}  // namespace

Result<Applied> MemoryLedger::apply(const Command& command, TimeUs now_us) {
  State state(rows_);
  DFB_TRY(auto applied, book::apply(state, command, now_us));
  state.accept();
  state.for_each_change([&](const auto& row) { rows_.put(row); });
  return applied;
}

Result<Applied> MemoryLedger::apply(const SignedLine& line, TimeUs now_us) {
  DFB_TRY(auto applied, apply(command_of(line), now_us));
  if (applied.outcome) entered_.push_back({line, format_outcome(*applied.outcome), now_us});
  return applied;
}

std::int64_t MemoryLedger::size() const {
  auto row = rows_.get<LedgerRow>({1});
  return row ? row->size : 0;
}

std::string MemoryLedger::problem() const {
  std::int64_t sum = 0;
  for (const auto& [key, account] : rows_.all<Account>()) {
    sum += account.balance.value;
    if (auto wrong = lots_problem(account); !wrong.empty()) return to_string(account.id) + ": " + wrong;
    bool may_owe = account.kind == AccountKind::issuance || account.kind == AccountKind::shop;
    if (account.balance.value < 0 && !may_owe) return to_string(account.id) + ": below zero";
  }
  return sum == 0 ? "" : "the balances sum to " + std::to_string(sum);
}

std::string MemoryLedger::dump() const {
  std::string out;
  for_each_row_type([&]<class Row>() {
    for (const auto& [key, row] : rows_.all<Row>()) {
      out += Row::kTable;
      for (const auto& column : columns_of(row)) out += " " + text_of(column);
      out += "\n";
    }
  });
  return out;
}

}  // namespace dfb::test
