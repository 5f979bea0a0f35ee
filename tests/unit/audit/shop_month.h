// A shop's month that adds up: every way to sell, to give back and to be paid, with X and Z reports and statements
// that say so.
#pragma once
#include "ledger/book/shift_report.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit::test {

struct ShopMonth {
  AuditedTown t = founded();
  Town& p = t.town;
  std::int64_t reports = 0;

  void later(TimeUs by_us = 10 * kSecondUs) { p.now_us += by_us; }
  Uuid send(const SignedLine& line) {
    t.send(line);
    later();
    return line.id;
  }
  std::int64_t report(const dfb::test::Member& shop, std::int64_t count, std::int64_t total,
                      std::int64_t refunds, std::int64_t refunded, const std::string& day = "",
                      std::string_view kind = book::kZReport) {
    book::Record record;
    record.kind = kind, record.subject = "z-" + std::to_string(++reports), record.account = shop.account;
    record.period = day.empty() ? format_day(civil_day(p.now_us)) : day;
    record.count = count, record.total = total, record.refunds = refunds, record.refunded = refunded;
    record.lines = 10 * reports, record.head = std::string(22, 'A');
    send(p.sign(record, {&shop.key}));
    return t.size() - 1;
  }
  std::int64_t reading(const dfb::test::Member& shop, std::int64_t count, std::int64_t total, std::int64_t refunds,
                       std::int64_t refunded, const std::string& day = "") {
    return report(shop, count, total, refunds, refunded, day, book::kXReport);
  }
  std::int64_t settle(const dfb::test::Member& shop, std::int64_t points, std::int64_t count,
                      std::int64_t through) {
    book::Transfer transfer;
    transfer.kind = book::TransferKind::settle, transfer.from = shop.account, transfer.to = book::kSettled;
    transfer.points = {points}, transfer.fen = points * 10;
    transfer.count = count, transfer.through = through;
    send(p.sign(transfer, {&p.admin_a.key, &p.admin_b.key}));
    return t.size() - 1;
  }

  std::int64_t first_reading, second_report, first_statement, last_statement;

  ShopMonth(const ShopMonth&) = delete;
  ShopMonth& operator=(const ShopMonth&) = delete;
  ShopMonth() {
    send(p.sign(move(book::TransferKind::fund, p.budget, book::kOfflineLoss, 200),
                {&p.admin_a.key, &p.admin_b.key}));
    for (int i = 0; i < 4; ++i) send(p.award(p.resident, 100));
    sell();
    give_back();
    after_midnight();
    be_paid();
  }

 private:
  static book::Transfer move(book::TransferKind kind, book::AccountId from, book::AccountId to,
                             std::int64_t points) {
    book::Transfer transfer;
    transfer.kind = kind, transfer.from = from, transfer.to = to, transfer.points = {points};
    return transfer;
  }
  // Six sales of 165 points in all, one of them refused: it counts nowhere.
  void sell() {
    by_code = send(p.redeem(p.resident, 40));
    confirmed = send(p.redeem_confirmed(p.resident, 25, p.now_us + kMinuteUs));
    send(p.issue(p.resident, kCard));
    later(kDayUs);
    send(p.redeem_by_card(p.resident, 30, kCard));
    const Uuid hold = send(p.reserve(p.resident, 30, p.now_us + kHourUs));
    send(p.sign(book::Resolve{hold, true, p.shop.account, {20}, ""}, {&p.shop.key}));
    const Uuid allowance = send(p.allowance(p.resident, 61, p.now_us + kDayUs));
    send(p.redeem_offline(p.resident, allowance, 1, 50));
    lost = send(p.redeem_offline(p.resident, allowance, 1, 11));  // the phone signs a counter twice
    send(p.redeem(p.resident, 7, p.other_shop));
  }
  void give_back() {
    reading(p.shop, 5, 165, 0, 0);
    send(p.refund(by_code, p.resident, 10));
    reading(p.shop, 5, 165, 1, 10);
    send(p.refund(by_code, p.resident, 5));
    const Uuid undone = send(p.redeem_confirmed(p.resident, 33, p.now_us + kMinuteUs));
    send(p.refund(undone, p.resident, 3));
    send(p.cancel(undone));
    send(p.cancel(p.next_id()));
    report(p.shop, 5, 165 + 3, 3, 18);
    report(p.other_shop, 1, 7, 0, 0);
  }
  // The next shift: nothing sold, a sale of the shift before refunded, another one undone.
  void after_midnight() {
    later(20 * kHourUs);
    const std::string day = format_day(civil_day(p.now_us) - 1);
    send(p.refund(confirmed, p.resident, 25));
    const Uuid late = send(p.redeem_confirmed(p.resident, 12, p.now_us + kMinuteUs));
    first_reading = reading(p.shop, 1, 12, 1, 25, day);
    report(p.shop, 1, 12, 1, 25, day);
    send(p.cancel(late));
    second_report = report(p.shop, 0, 0, 0, 0, day);
  }
  void be_paid() {
    const std::int64_t through = t.size() - 1;
    later(6 * kDayUs);
    book::Transfer cover = move(book::TransferKind::cover, book::kOfflineLoss, p.shop.account, 11);
    cover.sale = lost;
    send(p.sign(cover, {&p.admin_a.key}));
    // 165 sold, 40 refunded; 33 and 12 came and went.
    first_statement = settle(p.shop, 125, 5 + 4 + 2 + 2, through);
    settle(p.other_shop, 7, 1, through);
    last_statement = settle(p.shop, 11, 1, t.size() - 1);
  }

  static constexpr book::AccountId kCard{123'456'789'012};
  Uuid by_code, confirmed, lost;
};

}  // namespace dfb::audit::test
