#include "ledger/book/codes.h"
#include "tests/unit/audit/faults.h"

namespace dfb::audit::test {
namespace {

using namespace book;

constexpr const char* kAte10 = R"({"policy":1,"ate":[["2027-11-30",10]]})";

// The resident has 100 points of November and, a month later, 50 of December.
void earn(AuditedTown& t) {
  auto& p = t.town;
  t.send(p.award(p.resident, 100));
  p.now_us += 20 * kDayUs;
  t.send(p.award(p.resident, 50));
}
SignedLine sell(AuditedTown& t, std::int64_t points) {
  t.town.now_us += kPayStepUs;
  auto line = t.town.redeem(t.town.resident, points);
  t.send(line);
  return line;
}
// The shop owes 10 for a refund after it was paid, sells as much, and closes: the last sale's id.
Uuid sold_before_it_closed(AuditedTown& t) {
  auto& p = t.town;
  earn(t);
  const auto first = sell(t, 10);
  p.now_us += 5 * kDayUs;
  Transfer settle;
  settle.kind = TransferKind::settle, settle.from = p.shop.account, settle.to = kSettled;
  settle.points = {10}, settle.fen = 100, settle.count = 1, settle.through = t.size() - 1;
  t.send(p.sign(settle, {&p.admin_a.key, &p.admin_b.key}));
  t.send(p.refund(first.id, p.resident, 10));
  const auto last = sell(t, 10);
  t.send(p.sign(SetState{p.shop.account, AccountState::closed, ""}, {&p.admin_a.key}));
  return last.id;
}

}  // namespace

const std::vector<Fault>& faults_of_spending() {
  static const std::vector<Fault> faults{
      {"the wrong lot eaten",
       [](AuditedTown& t) {
         earn(t);
         return misderived(t, t.town.redeem(t.town.resident, 10),
                           R"({"policy":1,"ate":[["2027-12-31",10]]})");
       }},
      {"fewer points eaten than paid",
       [](AuditedTown& t) {
         earn(t);
         return misderived(t, t.town.redeem(t.town.resident, 10), R"({"policy":1,"ate":[["2027-11-30",9]]})");
       }},
      {"a lot spent after its day",
       [](AuditedTown& t) {
         earn(t);
         t.town.now_us = day_start_us(parse_day("2027-12-01").value());
         return misderived(t, t.town.redeem(t.town.resident, 60),
                           R"({"policy":1,"ate":[["2027-11-30",10],["2027-12-31",50]]})");
       }},
      {"more than the balance",
       [](AuditedTown& t) {
         earn(t);
         return misderived(t, t.town.redeem_confirmed(t.town.resident, 151, t.town.now_us + kMinuteUs),
                           R"({"policy":1,"ate":[["2027-11-30",100],["2027-12-31",51]]})");
       }},
      {"a refusal where a sale was due",
       [](AuditedTown& t) {
         earn(t);
         return misderived(t, t.town.redeem(t.town.resident, 10), R"({"refused":"insufficient_points"})");
       }},
      {"another refusal than the first that applies",
       [](AuditedTown& t) {
         return misderived(t, t.town.redeem(t.town.resident, 250), R"({"refused":"insufficient_points"})");
       }},
      {"a pay code used twice",
       [](AuditedTown& t) {
         earn(t);
         const auto code = t.town.pay_code(t.town.resident, 10);
         t.send(t.town.redeem(t.town.resident, 10, t.town.shop, code));
         return refused(t, t.town.redeem(t.town.resident, 10, t.town.other_shop, code), "code_used", kAte10);
       }},
      {"a pay code older than the last one",
       [](AuditedTown& t) {
         earn(t);
         const auto code = t.town.pay_code(t.town.resident, 10);
         sell(t, 10);
         return refused(t, t.town.redeem(t.town.resident, 10, t.town.shop, code), "code_used", kAte10);
       }},
      {"a pay code that is over",
       [](AuditedTown& t) {
         earn(t);
         const auto code = t.town.pay_code(t.town.resident, 10);
         t.town.now_us += kRedeemWindowUs;
         return misderived(t, t.town.redeem(t.town.resident, 10, t.town.shop, code), kAte10);
       }},
      {"more than the pay code allows",
       [](AuditedTown& t) {
         earn(t);
         const auto code = t.town.pay_code(t.town.resident, 9);
         return refused(t, t.town.redeem(t.town.resident, 10, t.town.shop, code), "code_limit_exceeded",
                        kAte10);
       }},
      {"a pay code of another key",
       [](AuditedTown& t) {
         earn(t);
         auto code = t.town.pay_code(t.town.resident, 10);
         code.signature = t.town.pay_code({t.town.resident.account, t.town.server}, 10).signature;
         return Planted{t.forge(t.town.redeem(t.town.resident, 10, t.town.shop, code), kAte10),
                        What::signature};
       }},
      {"a confirmation for other points",
       [](AuditedTown& t) {
         earn(t);
         Payload payload =
             parse_payload(t.town.redeem_confirmed(t.town.resident, 10, t.town.now_us + kMinuteUs).payload)
                 .value();
         std::get<Transfer>(payload.body).points = {100};
         return Planted{t.forge(t.town.sign(payload, {&t.town.shop.key}), kAte10), What::signature};
       }},
      {"over the limit of the day",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.limits.code_points_day = 15; });
         earn(t);
         sell(t, 10);
         t.town.now_us += kPayStepUs;
         return misderived(t, t.town.redeem(t.town.resident, 10),
                           R"({"policy":2,"ate":[["2027-11-30",10]]})");
       }},
      {"over the number of sales of the day",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.limits.code_count_day = 1; });
         earn(t);
         sell(t, 10);
         t.town.now_us += kPayStepUs;
         return misderived(t, t.town.redeem(t.town.resident, 10),
                           R"({"policy":2,"ate":[["2027-11-30",10]]})");
       }},
      {"spending from a frozen account",
       [](AuditedTown& t) {
         earn(t);
         t.send(
             t.town.sign(SetState{t.town.resident.account, AccountState::frozen, ""}, {&t.town.officer.key}));
         return misderived(t, t.town.redeem(t.town.resident, 10), kAte10);
       }},
      {"a till of another shop",
       [](AuditedTown& t) {
         earn(t);
         Payload payload = parse_payload(t.town.redeem(t.town.resident, 10).payload).value();
         return refused(t, t.town.sign(payload, {&t.town.other_shop.key}), "signer_not_allowed");
       }},
      {"the wrong lot restored",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 120);
         return exchange(t, t.send(t.town.refund(sale.id, t.town.resident, 10)), "2027-12-31", "2027-11-30");
       }},
      {"a grace that lasts too long",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.limits.refund_days = 400; });
         earn(t);
         const auto sale = sell(t, 10);
         t.town.now_us = day_start_us(parse_day("2027-12-01").value());
         return exchange(t, t.send(t.town.refund(sale.id, t.town.resident, 10)), "2027-12-31", "2028-12-31");
       }},
      {"a refund beyond the sale",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         t.send(t.town.refund(sale.id, t.town.resident, 20));
         return refused(t, t.town.refund(sale.id, t.town.resident, 11), "refund_exceeds_sale");
       }},
      {"a refund after the period",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         t.town.now_us += 31 * kDayUs;
         return refused(t, t.town.refund(sale.id, t.town.resident, 10), "refund_period_over");
       }},
      {"a refund by another shop",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         return refused(t, t.town.refund(sale.id, t.town.resident, 10, t.town.other_shop),
                        "sale_of_other_shop");
       }},
      {"a refund of no sale",
       [](AuditedTown& t) {
         return refused(t, t.town.refund(t.town.next_id(), t.town.resident, 10), "sale_unknown");
       }},
      {"a shop below its floor",
       [](AuditedTown& t) {
         publish(t, [](Policy& policy) { policy.limits.shop_floor = 0, policy.limits.dispute_hours = 0; });
         earn(t);
         const auto sale = sell(t, 30);
         Transfer settle;
         settle.kind = TransferKind::settle, settle.from = t.town.shop.account, settle.to = kSettled;
         settle.points = {30}, settle.fen = 300, settle.through = t.size() - 1, settle.count = 1;
         t.town.now_us += kDayUs;
         t.send(t.town.sign(settle, {&t.town.admin_a.key, &t.town.admin_b.key}));
         return refused(t, t.town.refund(sale.id, t.town.resident, 10), "shop_below_floor");
       }},
      {"a refund by a shop that has closed",
       [](AuditedTown& t) {
         const auto sale = sold_before_it_closed(t);
         return refused(t, t.town.refund(sale, t.town.resident, 5), "account_closed");
       }},
      {"a sale undone by a shop that has closed",
       [](AuditedTown& t) {
         const auto sale = sold_before_it_closed(t);
         return refused(t, t.town.cancel(sale), "account_closed");
       }},
      {"a sale undone twice",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         t.send(t.town.cancel(sale.id));
         return refused(t, t.town.cancel(sale.id), "target_already_undone");
       }},
      {"a sale undone too late",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         t.town.now_us += kDayUs;
         return refused(t, t.town.cancel(sale.id), "refund_period_over");
       }},
      {"a refund of an undone sale",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         t.send(t.town.cancel(sale.id));
         return refused(t, t.town.refund(sale.id, t.town.resident, 5), "sale_undone");
       }},
      {"an undone sale that gives back too much",
       [](AuditedTown& t) {
         earn(t);
         const auto sale = sell(t, 30);
         t.send(t.town.refund(sale.id, t.town.resident, 10));
         return exchange(t, t.send(t.town.cancel(sale.id)), "\"points\":20", "\"points\":30");
       }},
  };
  return faults;
}

}  // namespace dfb::audit::test
