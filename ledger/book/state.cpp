#include "ledger/book/state.h"

#include <stdexcept>

#include "ledger/book/command.h"

namespace dfb::book {
namespace {

std::shared_ptr<const Policy> policy_of(const PolicyRow& row) {
  auto payload = parse_payload(row.payload);
  const auto* publish = payload ? std::get_if<PublishPolicy>(&payload->body) : nullptr;
  if (!publish || publish->policy.version != row.version)
    throw std::runtime_error("the stored row of policy " + std::to_string(row.version) +
                             " holds no such policy");
  return std::make_shared<const Policy>(publish->policy);
}

}  // namespace

const Policy* State::policy_at(TimeUs now_us) {
  const auto* ledger = find<LedgerRow>({1});
  for (std::int64_t version = ledger ? ledger->policy_version : 0; version > 0; --version) {
    const auto* row = find<PolicyRow>({version});
    if (!row) throw std::runtime_error("the row of policy " + std::to_string(version) + " is missing");
    if (row->from_us > now_us) continue;
    auto& parsed = parsed_[version];
    if (!parsed) parsed = policy_of(*row);
    return parsed.get();
  }
  return nullptr;
}

void State::accept() {
  auto take = [](auto& table) {
    for (auto& [key, row] : table.current) {
      const auto it = table.rows.try_emplace(key).first;
      it->second.row = std::move(row);
      if (!it->second.changed) table.changed.push_back(&*it);
      it->second.changed = true;
    }
    table.current.clear();
  };
  std::apply([&](auto&... table) { (take(table), ...); }, tables_);
}

void State::drop() {
  // Another command of the batch may publish the same version with other rules.
  for (const auto& [key, row] : std::get<Table<PolicyRow>>(tables_).current) parsed_.erase(key.version);
  std::apply([](auto&... table) { (table.current.clear(), ...); }, tables_);
}

void State::keep() {
  auto settle = [this](auto& table) {
    DFB_CHECK(table.current.empty());
    for (auto* slot : table.changed) slot->second.changed = false;
    table.changed.clear();
    if (!table.kIsKept || table.rows.size() > kept_rows_) table.rows.clear();
  };
  std::apply([&](auto&... table) { (settle(table), ...); }, tables_);
}

void State::forget() {
  tables_ = {};
  parsed_.clear();
}

}  // namespace dfb::book
