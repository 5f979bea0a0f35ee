#include "ledger/book/counters.h"

#include "ledger/base/encoding.h"

namespace dfb::book {
namespace {

std::string hour_text(TimeUs now_us) {
  Day day = civil_day(now_us);
  return format_day(day) + "T" + std::to_string((now_us - day_start_us(day)) / kHourUs);
}

std::string per_text(CapPer per, TimeUs now_us) {
  switch (per) {
    case CapPer::hour:
      return hour_text(now_us);
    case CapPer::day:
      return format_day(civil_day(now_us));
    case CapPer::month:
      return format_month(civil_day(now_us));
    case CapPer::life:
      break;
  }
  return "-";
}

}  // namespace

std::int64_t counter(State& state, const std::string& name) {
  const auto* row = state.find<CounterRow>({name});
  return row ? row->value : 0;
}

void count(State& state, const std::string& name, std::int64_t by) {
  state.put(CounterRow{name, counter(state, name) + by});
}

std::string day_points_counter(std::string_view proof, AccountId account, Day day) {
  return std::string(proof) + "-points " + to_string(account) + " " + format_day(day);
}

std::string day_sales_counter(std::string_view proof, AccountId account, Day day) {
  return std::string(proof) + "-sales " + to_string(account) + " " + format_day(day);
}

std::string phone_life_counter(AccountId account) { return "phone-life " + to_string(account); }

std::string phone_opens_counter(TimeUs now_us) { return "phone-opens " + hour_text(now_us); }

std::string own_keys_counter(AccountId account, Day day) {
  return "own-keys " + to_string(account) + " " + format_day(day);
}

std::string allowance_counter(AccountId account) { return "allowance " + to_string(account); }

std::string offline_lost_counter(AccountId account) { return "offline-lost " + to_string(account); }

std::string offline_use_counter(const Uuid& allowance, std::int64_t n) {
  return "offline " + to_string(allowance) + " " + std::to_string(n);
}

std::string offline_code_counter(const Hash& code) { return "offline-code " + hash_text(code); }

std::string offline_till_counter(const Uuid& allowance, const KeyId& till) {
  return "offline-till " + to_string(allowance) + " " + hash_text(till);
}

std::string loss_counter(const Uuid& sale, AccountId shop) {
  return "loss " + to_string(sale) + " " + to_string(shop);
}

std::string sold_counter(AccountId shop, Day day) {
  return "sold " + to_string(shop) + " " + format_day(day);
}

std::string settled_counter(AccountId shop) { return "settled " + to_string(shop); }

std::string witness_counter(const std::string& name) { return "witness " + name; }

std::string burns_counter(const KeyId& key, TimeUs now_us) {
  return "burns " + hash_text(key) + " " + hour_text(now_us);
}

std::string approval_counter(AccountId approver, AccountId person) {
  return "approved " + to_string(approver) + " " + to_string(person);
}

std::string left_counter(AccountId account, const std::string& household) {
  return "left " + to_string(account) + " " + household;
}

std::string staff_ticket_counter(const KeyId& ticket) { return "staff-ticket " + hash_text(ticket); }

std::string grid_of(const std::string& scope) {
  auto second = scope.find('/', 1);
  auto third = second == scope.npos ? scope.npos : scope.find('/', second + 1);
  return scope.substr(0, third);
}

std::string cap_counter(const Rule& rule, const Cap& cap, const Account& resident, AccountId budget,
                        TimeUs now_us) {
  std::string of;
  switch (cap.of) {
    case CapOf::account:
      of = "account " + to_string(resident.id);
      break;
    case CapOf::household:
      of = resident.household.empty() ? "household-of " + to_string(resident.id)
                                      : "household " + resident.household;
      break;
    case CapOf::grid:
      of = "grid " + grid_of(resident.scope);
      break;
    case CapOf::budget:
      of = "budget " + to_string(budget);
      break;
  }
  return "rule " + rule.id + " " + of + " " + per_text(cap.per, now_us);
}

}  // namespace dfb::book
