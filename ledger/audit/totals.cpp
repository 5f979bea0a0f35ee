#include "ledger/audit/totals.h"

#include "ledger/audit/archive.h"
#include "ledger/base/clock.h"
#include "ledger/book/shift_report.h"

namespace dfb::audit {
namespace {

using namespace book;

// Gathers the numbers that differ, as a finding shows them: "count 4, total 90".
class Compared {
 public:
  void same(const char* name, std::int64_t expected, std::int64_t found) {
    if (expected != found) differs(name, std::to_string(expected), std::to_string(found));
  }
  void differs(const char* name, const std::string& expected, const std::string& found) {
    const std::string begin = expected_.empty() ? "" : ", ";
    expected_ += begin + name + " " + expected;
    found_ += begin + name + " " + found;
  }
  std::optional<Finding> finding(std::int64_t seq, std::string rule, AccountId account) const {
    if (expected_.empty()) return std::nullopt;
    return Finding{.entry = seq,
                   .what = What::totals,
                   .expected = expected_,
                   .found = found_,
                   .rule = std::move(rule),
                   .account = to_string(account)};
  }

 private:
  std::string expected_, found_;
};

bool is_settling(const Payload& payload) {
  const auto* transfer = std::get_if<Transfer>(&payload.body);
  return transfer && transfer->kind == TransferKind::settle;
}

}  // namespace

void Totals::Lines::push_back(std::int64_t seq, std::int64_t points) {
  put_varint(packed, static_cast<std::uint64_t>(seq - last));
  put_varint(packed, zigzag(points));
  last = seq;
}

std::pair<std::int64_t, std::int64_t> Totals::Lines::take(std::int64_t through) {
  std::int64_t count = 0, points = 0;
  std::size_t taken = 0;
  while (taken < packed.size()) {
    const char* at = packed.data() + taken;
    const std::int64_t seq = before + static_cast<std::int64_t>(take_varint(at));
    const std::int64_t moved = unzigzag(take_varint(at));
    if (seq > through) break;
    ++count, points += moved;
    before = seq;
    taken = static_cast<std::size_t>(at - packed.data());
  }
  packed.erase(0, taken);
  return {count, points};
}

std::optional<Finding> Totals::add(std::int64_t seq, const Payload& payload, const Outcome& outcome,
                                   const std::vector<Leg>& legs, State& state) {
  if (outcome.refused) return std::nullopt;
  if (!is_settling(payload))
    for (const Leg& leg : legs)
      if (const auto* account = state.find<Account>({leg.account}); account->kind == AccountKind::shop)
        lines_[leg.account].push_back(seq, leg.points);
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
    if (transfer->kind == TransferKind::redeem) count_sale(payload, state);
    if (transfer->kind == TransferKind::settle) return close_statement(seq, *transfer);
    if (transfer->kind == TransferKind::refund) {
      Shift& shift = shifts_[payload.by];
      ++shift.refunds, shift.refunded += transfer->points.value;
    }
  } else if (std::holds_alternative<Resolve>(payload.body)) {
    count_sale(payload, state);
  } else if (const auto* cancel = std::get_if<Cancel>(&payload.body)) {
    count_cancel(payload, *cancel, outcome, state);
  } else if (const auto* record = std::get_if<Record>(&payload.body)) {
    if (is_shift_report(record->kind)) return compare_report(seq, payload.by, *record, state);
  }
  return std::nullopt;
}

// Of what is resolved, the capture of a reservation alone is a sale.
void Totals::count_sale(const Payload& payload, State& state) {
  const auto* sale = state.find<SaleRow>({payload.id});
  if (!sale) return;
  Shift& shift = shifts_[payload.by];
  ++shift.count, shift.total += sale->points.value;
}

void Totals::count_cancel(const Payload& payload, const Cancel& cancel, const Outcome& outcome,
                          State& state) {
  const auto* sale = outcome.undone ? state.find<SaleRow>({cancel.target}) : nullptr;
  if (!sale || sale->till != payload.by) return;
  Shift& shift = shifts_[payload.by];
  if (sale->seq < shift.begins) return;
  --shift.count, shift.total -= points_or_zero(outcome.points);
}

// A reading leaves the shift as it is; its day and its journal are those that the next report goes on from.
std::optional<Finding> Totals::compare_report(std::int64_t seq, const KeyId& till, const Record& report,
                                              State& state) {
  Shift& shift = shifts_[till];
  Compared compared;
  compared.same("count", shift.count, report.count);
  compared.same("total", shift.total, report.total);
  compared.same("refunds", shift.refunds, report.refunds);
  compared.same("refunded", shift.refunded, report.refunded);
  const auto* key = state.find<KeyRow>({till});
  const std::int64_t first = shift.lines == 0 && key ? civil_day(key->from_us) : shift.day;
  const auto day = parse_day(report.period);
  if (day && *day < first) compared.differs("period", format_day(static_cast<Day>(first)) + " or later", report.period);
  if (report.lines <= shift.lines)
    compared.differs("lines", "more than " + std::to_string(shift.lines), std::to_string(report.lines));
  if (report.kind == kZReport) shift = {.begins = seq};
  shift.day = day ? *day : first, shift.lines = report.lines;
  return compared.finding(seq, report.kind, report.account);
}

std::optional<Finding> Totals::close_statement(std::int64_t seq, const Transfer& settle) {
  const auto [count, points] = lines_[settle.from].take(settle.through);
  Compared compared;
  compared.same("count", count, settle.count);
  compared.same("points", points, settle.points.value);
  return compared.finding(seq, "settle", settle.from);
}

}  // namespace dfb::audit
