#include "terminal/report/owners_report.h"

#include <algorithm>
#include <map>

#include "ledger/base/check.h"

namespace dfb::terminal {
namespace {

using namespace book;

std::int64_t value(const std::optional<Points>& points) { return points ? points->value : 0; }

class Reckoning {
 public:
  Reckoning(AccountId shop, std::int64_t settled_through, OwnersReport& report)
      : shop_(shop), settled_through_(settled_through), report_(report) {}

  void read(const Leaf& leaf) {
    if (const auto* hold = std::get_if<Hold>(&leaf.payload.body)) reserved_[leaf.payload.id] = hold->cash_fen;
    if (!leaf.outcome.refused && is_sale(leaf.payload.body)) sales_[leaf.seq] = cash_of(leaf.payload.body);
    const Day day = civil_day(leaf.time_us);
    if (day < report_.from || day > report_.to) return;
    DayFigures one;
    if (leaf.outcome.refused)
      ++one.refused;
    else
      std::visit([&](const auto& body) { on(body, leaf, one); }, leaf.payload.body);
    if (one == DayFigures{}) return;
    days_[day].add(one);
    report_.all.add(one);
    if (leaf.seq > settled_through_) report_.unsettled += one.net() + one.covered.points;
  }
  void finish() { report_.days.assign(days_.begin(), days_.end()); }

 private:
  static bool is_sale(const Body& body) {
    if (const auto* transfer = std::get_if<Transfer>(&body)) return transfer->kind == TransferKind::redeem;
    const auto* resolve = std::get_if<Resolve>(&body);
    return resolve != nullptr && resolve->capture;
  }
  // Of a pick-up, what its reservation says.
  std::int64_t cash_of(const Body& body) const {
    if (const auto* transfer = std::get_if<Transfer>(&body)) return transfer->cash_fen;
    const auto* resolve = std::get_if<Resolve>(&body);
    const auto hold = resolve != nullptr ? reserved_.find(resolve->hold) : reserved_.end();
    return hold != reserved_.end() ? hold->second : 0;
  }
  void on(const Transfer& transfer, const Leaf&, DayFigures& day) {
    const std::int64_t points = transfer.points.value;
    if (transfer.kind == TransferKind::redeem && transfer.to == shop_) {
      day.sales.add(points);
      day.cash_fen += transfer.cash_fen;
      if (std::holds_alternative<OfflineProof>(transfer.proof)) day.offline.add(points);
    } else if (transfer.kind == TransferKind::refund && transfer.from == shop_) {
      day.refunds.add(points);
    } else if (transfer.kind == TransferKind::cover && transfer.to == shop_) {
      day.covered.add(points);
    } else if (transfer.kind == TransferKind::settle && transfer.from == shop_) {
      day.settled.add(points);
      day.settled_fen += transfer.fen;
    }
  }
  void on(const Resolve& resolve, const Leaf&, DayFigures& day) {
    if (!resolve.capture || resolve.to != shop_) return;
    day.picked_up.add(resolve.points.value);
    day.cash_fen += cash_of(resolve);
  }
  // A cancel names its target by id alone; the outcome names the entry that it undid.
  void on(const Cancel&, const Leaf& leaf, DayFigures& day) {
    const auto sale = leaf.outcome.undone ? sales_.find(*leaf.outcome.undone) : sales_.end();
    if (sale == sales_.end()) return;
    day.cancelled.add(value(leaf.outcome.points));
    day.cash_fen -= sale->second;
  }
  void on(const book::Record& record, const Leaf& leaf, DayFigures&) {
    if (record.kind != "zreport") return;
    report_.z.push_back(
        {leaf.seq, record.subject, record.period, {record.count, record.total}, {record.refunds, record.refunded}});
  }
  template <class Other>
  void on(const Other&, const Leaf&, DayFigures&) {}

  AccountId shop_;
  std::int64_t settled_through_;
  OwnersReport& report_;
  std::map<Day, DayFigures> days_;
  std::map<Uuid, std::int64_t> reserved_;  // by the hold's id, with its cash part
  std::map<std::int64_t, std::int64_t> sales_;  // by entry, with their cash part
};

Points points_of(const Leaf& leaf) {
  if (const auto* transfer = std::get_if<Transfer>(&leaf.payload.body)) return transfer->points;
  if (const auto* resolve = std::get_if<Resolve>(&leaf.payload.body)) return resolve->points;
  return leaf.outcome.points.value_or(Points{});  // a void's; a Z report has none
}

// What this till did, and the town must have.
bool is_there(const Past& past, const std::map<std::int64_t, const Leaf*>& by_seq) {
  const auto found = by_seq.find(past.seq);
  return found != by_seq.end() && found->second->payload.id == past.id && points_of(*found->second) == past.points &&
         !found->second->outcome.refused;
}

}  // namespace

void DayFigures::add(const DayFigures& other) {
  for (const auto tally : {&DayFigures::sales, &DayFigures::offline, &DayFigures::picked_up,
                           &DayFigures::refunds, &DayFigures::cancelled, &DayFigures::covered,
                           &DayFigures::settled}) {
    (this->*tally).count += (other.*tally).count;
    (this->*tally).points += (other.*tally).points;
  }
  cash_fen += other.cash_fen;
  settled_fen += other.settled_fen;
  refused += other.refused;
}

OwnersReport owners_report(const Leaves& leaves, const History& history, AccountId shop, Day from, Day to) {
  OwnersReport report{from, to, {}, {}, {}, {}, 0, leaves.under};
  Reckoning reckoning(shop, leaves.settled_through, report);
  std::map<std::int64_t, const Leaf*> by_seq;
  for (const Leaf& leaf : leaves.leaves) {
    reckoning.read(leaf);
    by_seq.emplace(leaf.seq, &leaf);
  }
  reckoning.finish();
  for (const Old& old : history.old()) {
    const Day day = civil_day(old.entry_us);
    const auto found = by_seq.find(old.seq);
    if (old.seq < 0 || day < from || day > to) continue;
    if (found != by_seq.end() && found->second->payload.id == old.id && !found->second->outcome.refused) continue;
    Past missing;
    missing.id = old.id, missing.kind = old.kind, missing.phase = Phase::done;
    missing.seq = old.seq, missing.entry_us = old.entry_us;
    report.missing.push_back(std::move(missing));
  }
  for (const Past& past : history.past()) {
    const Day day = civil_day(past.entry_us);
    if (past.phase == Phase::done && day >= from && day <= to && !is_there(past, by_seq))
      report.missing.push_back(past);
  }
  return report;
}

}  // namespace dfb::terminal
