// The files of a golden ledger, and the replay that both its maker and its test use.
//
//   log.vkey        the log's key
//   entries.bundle  every entry, as a bundle of tlog-tiles
//   checkpoint      the signed head
//   balances.txt    what replaying gives: "<account> <kind> <state> <level> <balance> <held> <lots>" a line
#pragma once
#include <fstream>
#include <sstream>
#include <string>

#include "ledger/book/columns.h"
#include "ledger/check/checked_command.h"
#include "ledger/log/entry_text.h"
#include "tests/support/memory_ledger.h"

namespace dfb::test {

inline std::string read_golden(const std::string& folder, const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(folder + "/" + name, std::ios::binary).rdbuf();
  return text.str();
}
inline void write_golden(const std::string& folder, const std::string& name, const std::string& bytes) {
  std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
}

class KeysOfLedger final : public check::KeySource {
 public:
  explicit KeysOfLedger(const MemoryLedger& ledger) : ledger_(ledger) {}
  std::optional<PublicKey> key(const KeyId& id) const override {
    auto row = ledger_.rows().get<book::KeyRow>({id});
    if (!row) return std::nullopt;
    return PublicKey::from_spki(row->spki).value();
  }

 private:
  const MemoryLedger& ledger_;
};

// Signatures, rules, and the outcome to the byte; wrong_entry when the rules derive another.
inline Result<void> replay(MemoryLedger& ledger, std::string_view text, std::string_view origin) {
  DFB_TRY(auto entry, log::parse_entry_text(text));
  if (entry.origin != origin || entry.seq != ledger.size())
    return fail(Code::wrong_entry, "origin or number");
  DFB_TRY(auto command, check::check(entry.payload, entry.signatures, KeysOfLedger(ledger), origin));
  DFB_TRY(auto applied, ledger.apply(command.command(), entry.time_us));
  if (!applied.outcome || book::format_outcome(*applied.outcome) != entry.outcome)
    return fail(Code::wrong_entry, "the rules derive another outcome");
  return ok();
}

inline std::string balances(const book::MemoryRows& rows) {
  std::string out;
  for (const auto& [key, account] : rows.all<book::Account>()) {
    out += to_string(account.id) + " " + std::string(name(account.kind)) + " " +
           std::string(name(account.state)) + " " + std::string(name(account.level)) + " " +
           std::to_string(account.balance.value) + " " + std::to_string(account.held.value);
    const auto lots = std::get<std::string>(book::to_column(account.lots));
    out += (lots.empty() ? "" : " ") + lots + "\n";
  }
  return out;
}

}  // namespace dfb::test
