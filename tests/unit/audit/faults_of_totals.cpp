// X and Z reports and statements that the book takes, since it does not add up what they sum: the audit does.
#include "ledger/book/shift_report.h"
#include "tests/unit/audit/faults.h"

namespace dfb::audit::test {
namespace {

using namespace book;

// Earned, 40 sold by code, 10 of that refunded, 25 by confirmation; a third sale of 15 undone.
struct Shift {
  Uuid first, second, undone;
};
Shift shift(AuditedTown& t) {
  auto& p = t.town;
  t.send(p.award(p.resident, 100));
  const auto next = [&](SignedLine line) {
    p.now_us += kPayStepUs;
    t.send(line);
    return line.id;
  };
  const Uuid first = next(p.redeem(p.resident, 40));
  p.now_us += kPayStepUs;
  next(p.refund(first, p.resident, 10));
  const Uuid second = next(p.redeem_confirmed(p.resident, 25, p.now_us + kMinuteUs));
  p.now_us += kPayStepUs;
  const Uuid undone = next(p.redeem(p.resident, 15));
  next(p.cancel(undone));
  return {first, second, undone};
}

constexpr std::int64_t kCount = 2, kTotal = 65, kRefunds = 1, kRefunded = 10;

SignedLine report(AuditedTown& t, std::int64_t number, std::int64_t count, std::int64_t total,
                  std::int64_t refunds, std::int64_t refunded, std::int64_t lines = 0,
                  const std::string& day = "", std::string_view kind = kZReport) {
  Record record;
  record.kind = kind, record.subject = "till-1-" + std::to_string(number);
  record.account = t.town.shop.account;
  record.period = day.empty() ? format_day(civil_day(t.town.now_us)) : day;
  record.count = count, record.total = total, record.refunds = refunds, record.refunded = refunded;
  record.lines = lines == 0 ? 30 * number : lines, record.head = std::string(22, 'A');
  return t.town.sign(record, {&t.town.shop.key});
}
SignedLine reading(AuditedTown& t, std::int64_t number, std::int64_t count, std::int64_t total, std::int64_t refunds,
                   std::int64_t refunded, std::int64_t lines = 0, const std::string& day = "") {
  return report(t, number, count, total, refunds, refunded, lines, day, kXReport);
}
Planted of_report(AuditedTown& t, const SignedLine& line) { return {t.send(line), What::totals, "zreport"}; }
Planted of_reading(AuditedTown& t, const SignedLine& line) { return {t.send(line), What::totals, "xreport"}; }

SignedLine settle(AuditedTown& t, std::int64_t points, std::int64_t count, std::int64_t through) {
  Transfer transfer;
  transfer.kind = TransferKind::settle, transfer.from = t.town.shop.account, transfer.to = kSettled;
  transfer.points = {points}, transfer.fen = points * 10, transfer.count = count, transfer.through = through;
  return t.town.sign(transfer, {&t.town.admin_a.key, &t.town.admin_b.key});
}
Planted of_statement(AuditedTown& t, const SignedLine& line) {
  return {t.send(line), What::totals, "settle"};
}
// The shift's five lines, 55 points, that nobody can dispute any more.
constexpr std::int64_t kLines = 5, kNet = 55;
std::int64_t to_settle(AuditedTown& t) {
  shift(t);
  const std::int64_t last = t.size() - 1;
  t.town.now_us += 5 * kDayUs;
  return last;
}

}  // namespace

const std::vector<Fault>& faults_of_totals() {
  static const std::vector<Fault> faults{
      {"a report of one sale more",
       [](AuditedTown& t) {
         shift(t);
         return of_report(t, report(t, 1, kCount + 1, kTotal, kRefunds, kRefunded));
       }},
      {"a report of another sum",
       [](AuditedTown& t) {
         shift(t);
         return of_report(t, report(t, 1, kCount, kTotal + 15, kRefunds, kRefunded));
       }},
      {"a report that leaves a refund out",
       [](AuditedTown& t) {
         shift(t);
         return of_report(t, report(t, 1, kCount, kTotal, 0, 0));
       }},
      {"a report of another sum of refunds",
       [](AuditedTown& t) {
         shift(t);
         return of_report(t, report(t, 1, kCount, kTotal, kRefunds, kRefunded + 1));
       }},
      {"a report with the sales of the shift before",
       [](AuditedTown& t) {
         shift(t);
         t.send(report(t, 1, kCount, kTotal, kRefunds, kRefunded));
         return of_report(t, report(t, 2, kCount, kTotal, kRefunds, kRefunded));
       }},
      {"a report that takes off a sale of the shift before",
       [](AuditedTown& t) {
         const Shift day = shift(t);
         t.send(report(t, 1, kCount, kTotal, kRefunds, kRefunded));
         t.send(t.town.redeem_confirmed(t.town.resident, 5, t.town.now_us + kMinuteUs));
         t.send(t.town.cancel(day.second));
         return of_report(t, report(t, 2, 0, 0, 0, 0));
       }},
      {"a report of another day than its shift's",
       [](AuditedTown& t) {
         shift(t);
         t.send(report(t, 1, kCount, kTotal, kRefunds, kRefunded));
         t.town.now_us += kDayUs;
         return of_report(t, report(t, 2, 0, 0, 0, 0, 0, "2026-11-23"));
       }},
      {"a first report from before there was the till",
       [](AuditedTown& t) { return of_report(t, report(t, 1, 0, 0, 0, 0, 0, "2026-11-23")); }},
      {"a report of a journal that lost lines",
       [](AuditedTown& t) {
         t.send(report(t, 1, 0, 0, 0, 0, 30));
         return of_report(t, report(t, 2, 0, 0, 0, 0, 30));
       }},
      {"a reading of one sale more",
       [](AuditedTown& t) {
         shift(t);
         return of_reading(t, reading(t, 1, kCount + 1, kTotal, kRefunds, kRefunded));
       }},
      {"a reading of another sum of refunds",
       [](AuditedTown& t) {
         shift(t);
         return of_reading(t, reading(t, 1, kCount, kTotal, kRefunds, kRefunded - 1));
       }},
      {"a reading that takes the one before for the shift's beginning",
       [](AuditedTown& t) {
         shift(t);
         t.send(reading(t, 1, kCount, kTotal, kRefunds, kRefunded));
         return of_reading(t, reading(t, 2, 0, 0, 0, 0));
       }},
      {"a report that takes a reading for the shift's beginning",
       [](AuditedTown& t) {
         shift(t);
         t.send(reading(t, 1, kCount, kTotal, kRefunds, kRefunded));
         return of_report(t, report(t, 2, 0, 0, 0, 0));
       }},
      {"a reading with the sales of the shift before",
       [](AuditedTown& t) {
         shift(t);
         t.send(report(t, 1, kCount, kTotal, kRefunds, kRefunded));
         return of_reading(t, reading(t, 2, kCount, kTotal, kRefunds, kRefunded));
       }},
      {"a reading of a journal that lost lines",
       [](AuditedTown& t) {
         t.send(report(t, 1, 0, 0, 0, 0, 30));
         return of_reading(t, reading(t, 2, 0, 0, 0, 0, 29));
       }},
      {"a report of a journal that lost lines since a reading",
       [](AuditedTown& t) {
         t.send(reading(t, 1, 0, 0, 0, 0, 30));
         return of_report(t, report(t, 2, 0, 0, 0, 0, 30));
       }},
      {"a report of a day before its reading's",
       [](AuditedTown& t) {
         t.town.now_us += kDayUs;
         t.send(reading(t, 1, 0, 0, 0, 0));
         return of_report(t, report(t, 2, 0, 0, 0, 0, 0, "2026-11-24"));
       }},
      {"a first reading from before there was the till",
       [](AuditedTown& t) { return of_reading(t, reading(t, 1, 0, 0, 0, 0, 0, "2026-11-23")); }},
      {"a statement of one line less",
       [](AuditedTown& t) {
         const auto last = to_settle(t);
         return of_statement(t, settle(t, kNet, kLines - 1, last));
       }},
      {"a statement of a smaller sum",
       [](AuditedTown& t) {
         const auto last = to_settle(t);
         return of_statement(t, settle(t, kNet - 5, kLines, last));
       }},
      {"a statement without the refunds",
       [](AuditedTown& t) {
         auto& p = t.town;
         t.send(p.award(p.resident, 100));
         const auto sale = p.redeem(p.resident, 40);
         const auto last = t.send(sale);
         p.now_us += kDayUs;
         t.send(p.refund(sale.id, p.resident, 10));
         p.now_us += kPayStepUs;
         t.send(p.redeem(p.resident, 20));
         p.now_us += 5 * kDayUs;
         return of_statement(t, settle(t, 40, 1, last + 1));
       }},
      {"a statement of a period in which less was sold",
       [](AuditedTown& t) {
         const auto last = to_settle(t);
         return of_statement(t, settle(t, kNet, kLines, last - 4));
       }},
      {"a statement with lines of the one before",
       [](AuditedTown& t) {
         auto last = to_settle(t);
         t.send(settle(t, kNet, kLines, last));
         t.send(t.town.redeem_confirmed(t.town.resident, 20, t.town.now_us + kMinuteUs));
         last = t.size() - 1;
         t.town.now_us += 5 * kDayUs;
         return of_statement(t, settle(t, 20, kLines + 1, last));
       }},
  };
  return faults;
}

}  // namespace dfb::audit::test
