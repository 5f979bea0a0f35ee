#include "tests/unit/audit/faults.h"

namespace dfb::audit::test {
namespace {

using namespace book;

// The resident has 100 points, of which some are reserved for an hour.
Uuid reserved(AuditedTown& t, std::int64_t points = 30) {
  t.send(t.town.award(t.town.resident, 100));
  auto line = t.town.reserve(t.town.resident, points, t.town.now_us + kHourUs);
  t.send(line);
  return line.id;
}
Uuid allowed(AuditedTown& t) {
  t.send(t.town.award(t.town.resident, 100));
  auto line = t.town.allowance(t.town.resident, 60, t.town.now_us + kDayUs);
  t.send(line);
  return line.id;
}
SignedLine capture(AuditedTown& t, const Uuid& hold, std::int64_t points) {
  return t.town.sign(Resolve{hold, true, t.town.shop.account, {points}, ""}, {&t.town.shop.key});
}
SignedLine release(AuditedTown& t, const Uuid& hold, const PrivateKey& by) {
  return t.town.sign(Resolve{hold, false, t.town.resident.account, {0}, ""}, {&by});
}
SignedLine move(AuditedTown& t, TransferKind kind, AccountId from, AccountId to, std::int64_t points,
                std::int64_t fen = 0) {
  Transfer transfer;
  transfer.kind = kind, transfer.from = from, transfer.to = to, transfer.points = {points};
  transfer.fen = fen, transfer.through = t.size() - 1, transfer.count = 1;
  return t.town.sign(transfer, {&t.town.admin_a.key, &t.town.admin_b.key});
}
SignedLine cover(AuditedTown& t, const Uuid& sale, std::int64_t points) {
  Transfer transfer;
  transfer.kind = TransferKind::cover, transfer.from = kOfflineLoss, transfer.to = t.town.shop.account;
  transfer.points = {points}, transfer.sale = sale;
  return t.town.sign(transfer, {&t.town.admin_a.key});
}
std::string ate(std::int64_t points) {
  return R"({"policy":1,"ate":[["2027-11-30",)" + std::to_string(points) + "]]}";
}

// The members of a chain, each signed by the officer.
std::vector<SignedLine> chain(AuditedTown& t, int members) {
  std::vector<Payload> payloads;
  std::vector<Uuid> ids;
  for (int i = 0; i < members; ++i) {
    payloads.push_back(parse_payload(t.town.award(t.town.resident, 5 + i).payload).value());
    ids.push_back(payloads.back().id);
  }
  std::vector<SignedLine> lines;
  for (Payload& payload : payloads) {
    payload.linked = ids;
    lines.push_back(t.town.sign(payload, {&t.town.officer.key}));
  }
  return lines;
}

// The end of the origin as `root` has it.
SignedLine end(AuditedTown& t, const Hash& root) {
  return t.town.sign(EndOrigin{t.size(), root}, {&t.town.admin_a.key, &t.town.admin_b.key});
}

}  // namespace

const std::vector<Fault>& faults_of_treasury() {
  static const std::vector<Fault> faults{
      {"a reservation beyond the balance",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 20));
         return misderived(t, t.town.reserve(t.town.resident, 30, t.town.now_us + kHourUs),
                           R"({"policy":1,"ate":[["2027-11-30",30]],"held":30})");
       }},
      {"points spent that are reserved",
       [](AuditedTown& t) {
         reserved(t, 95);
         return misderived(t, t.town.redeem(t.town.resident, 10), ate(10));
       }},
      {"a reservation captured twice",
       [](AuditedTown& t) {
         const auto hold = reserved(t);
         t.send(capture(t, hold, 30));
         return refused(t, capture(t, hold, 30), "hold_resolved", R"({"ate":[["2027-11-30",30]]})");
       }},
      {"a capture after the release",
       [](AuditedTown& t) {
         const auto hold = reserved(t);
         t.send(release(t, hold, t.town.shop.key));
         return refused(t, capture(t, hold, 30), "hold_resolved");
       }},
      {"a capture after the cancel",
       [](AuditedTown& t) {
         const auto hold = reserved(t);
         t.send(t.town.cancel(hold, t.town.resident));
         return refused(t, capture(t, hold, 30), "hold_resolved");
       }},
      {"a capture beyond what is held",
       [](AuditedTown& t) { return refused(t, capture(t, reserved(t), 31), "amount_too_large"); }},
      {"a capture after the time",
       [](AuditedTown& t) {
         const auto hold = reserved(t);
         t.town.now_us += kHourUs;
         return refused(t, capture(t, hold, 30), "hold_expired");
       }},
      {"a capture of no hold",
       [](AuditedTown& t) { return refused(t, capture(t, t.town.next_id(), 5), "hold_unknown"); }},
      {"a capture that keeps the rest",
       [](AuditedTown& t) {
         const auto hold = reserved(t);
         return exchange(t, t.send(capture(t, hold, 20)), R"(,"got":[["2027-11-30",10]])", "");
       }},
      {"a release by the server before the time",
       [](AuditedTown& t) { return refused(t, release(t, reserved(t), t.town.server), "not_yet_expired"); }},
      {"a second allowance beside an open one",
       [](AuditedTown& t) {
         allowed(t);
         return refused(t, t.town.allowance(t.town.resident, 5, t.town.now_us + kHourUs), "allowance_exists");
       }},
      {"an allowance overspent",
       [](AuditedTown& t) {
         return misderived(t, t.town.redeem_offline(t.town.resident, allowed(t), 1, 61), ate(61));
       }},
      {"a counter used for two sales",
       [](AuditedTown& t) {
         const auto allowance = allowed(t);
         t.send(t.town.redeem_offline(t.town.resident, allowance, 1, 5));
         return misderived(t, t.town.redeem_offline(t.town.resident, allowance, 1, 6), ate(6));
       }},
      {"an offline code entered twice",
       [](AuditedTown& t) {
         const auto allowance = allowed(t);
         t.send(t.town.redeem_offline(t.town.resident, allowance, 1, 5));
         return refused(t, t.town.redeem_offline(t.town.resident, allowance, 1, 5), "counter_used", ate(5));
       }},
      {"an allowance released while tills may still upload",
       [](AuditedTown& t) {
         const auto allowance = allowed(t);
         t.send(t.town.redeem_offline(t.town.resident, allowance, 1, 60));
         t.town.now_us += 2 * kDayUs;
         return refused(t, release(t, allowance, t.town.server), "not_yet_expired");
       }},
      {"a loss covered beyond the allowance",
       [](AuditedTown& t) {
         const auto allowance = allowed(t);
         t.send(move(t, TransferKind::fund, t.town.budget, kOfflineLoss, 200));
         const auto sale = t.town.redeem_offline(t.town.resident, allowance, 1, 90);
         t.send(sale);
         return refused(t, cover(t, sale.id, 61), "refund_exceeds_sale");
       }},
      {"a loss covered that is none",
       [](AuditedTown& t) {
         t.send(move(t, TransferKind::fund, t.town.budget, kOfflineLoss, 100));
         const auto sale = t.town.redeem_offline(t.town.resident, allowed(t), 1, 5);
         t.send(sale);
         return refused(t, cover(t, sale.id, 5), "target_unknown");
       }},
      {"a loss covered twice",
       [](AuditedTown& t) {
         t.send(move(t, TransferKind::fund, t.town.budget, kOfflineLoss, 200));
         const auto sale = t.town.redeem_offline(t.town.resident, allowed(t), 1, 61);
         t.send(sale);
         t.send(cover(t, sale.id, 60));
         return refused(t, cover(t, sale.id, 60), "target_unknown");
       }},
      {"a loss covered from an empty reserve",
       [](AuditedTown& t) {
         const auto sale = t.town.redeem_offline(t.town.resident, allowed(t), 1, 61);
         t.send(sale);
         return refused(t, cover(t, sale.id, 60), "offline_loss_empty");
       }},
      {"points expired too early",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         t.town.now_us = day_start_us(parse_day("2027-11-30").value());
         return refused(t, t.town.expire(t.town.resident, 40, parse_day("2027-11-30").value()),
                        "not_yet_expired");
       }},
      {"another sum expired",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         t.town.now_us = day_start_us(parse_day("2027-12-01").value());
         return refused(t, t.town.expire(t.town.resident, 39, parse_day("2027-11-30").value()),
                        "amount_wrong");
       }},
      {"points expired by an administrator",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         t.town.now_us = day_start_us(parse_day("2027-12-01").value());
         const Payload payload =
             parse_payload(t.town.expire(t.town.resident, 40, parse_day("2027-11-30").value()).payload)
                 .value();
         return refused(t, t.town.sign(payload, {&t.town.admin_a.key}), "key_wrong_use");
       }},
      {"settled within the dispute window",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         t.send(t.town.redeem(t.town.resident, 30));
         return refused(t, move(t, TransferKind::settle, t.town.shop.account, kSettled, 30, 300),
                        "dispute_window_open", R"({"policy":1})");
       }},
      {"settled for the wrong sum of money",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         t.send(t.town.redeem(t.town.resident, 30));
         t.town.now_us += 5 * kDayUs;
         return refused(t, move(t, TransferKind::settle, t.town.shop.account, kSettled, 30, 301),
                        "amount_wrong", R"({"policy":1})");
       }},
      {"settled twice through one entry",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         t.send(t.town.redeem(t.town.resident, 30));
         t.town.now_us += 5 * kDayUs;
         auto first = move(t, TransferKind::settle, t.town.shop.account, kSettled, 30, 300);
         t.send(first);
         Payload again = parse_payload(first.payload).value();
         again.id = t.town.next_id();
         return refused(t, t.town.sign(again, {&t.town.admin_a.key, &t.town.admin_b.key}), "wrong_period",
                        R"({"policy":1})");
       }},
      {"opening balances after the policy",
       [](AuditedTown& t) {
         Transfer opening;
         opening.kind = TransferKind::opening, opening.from = kIssuance, opening.to = t.town.budget;
         opening.points = {5000};
         return refused(t, t.town.sign(opening, {&t.town.roots[0], &t.town.roots[1]}), "opening_over");
       }},
      {"an account closed with points in it",
       [](AuditedTown& t) {
         t.send(t.town.award(t.town.resident, 40));
         return refused(
             t,
             t.town.sign(SetState{t.town.resident.account, AccountState::closed, ""}, {&t.town.officer.key}),
             "account_not_empty");
       }},
      {"an entry after a long gap that nobody confirmed",
       [](AuditedTown& t) {
         t.town.policy.version = 2, t.town.policy.limits.idle_gap_hours = 24;
         t.send(t.town.publish(t.town.policy));
         t.town.now_us += 2 * kDayUs;
         return refused(t, t.town.check_in(t.town.resident), "clock_unconfirmed");
       }},
      {"an entry after the end",
       [](AuditedTown& t) {
         t.send(end(t, t.root()));
         return refused(t, t.town.check_in(t.town.resident), "origin_ended");
       }},
      {"an end that names another root",
       [](AuditedTown& t) {
         return Planted{t.send(end(t, {})), What::root};
       }},
      {"an end that names another size",
       [](AuditedTown& t) {
         return refused(
             t, t.town.sign(EndOrigin{t.size() + 1, t.root()}, {&t.town.admin_a.key, &t.town.admin_b.key}),
             "amount_wrong");
       }},
      {"a chain cut short",
       [](AuditedTown& t) {
         const auto lines = chain(t, 3);
         t.send(lines[0]);
         return Planted{t.send(lines[1]), What::chain};
       }},
      {"a chain with another entry in it",
       [](AuditedTown& t) {
         const auto lines = chain(t, 2);
         t.send(lines[0]);
         return refused(t, t.town.mint(5), "chain_broken");
       }},
      {"a chain out of order", [](AuditedTown& t) { return refused(t, chain(t, 2)[1], "chain_broken"); }},
      {"a next log key of one root",
       [](AuditedTown& t) {
         const NextLogKey next{log::format_vkey(vkey_of(PrivateKey::generate(Algorithm::ed25519))),
                               t.town.now_us + kDayUs};
         return refused(t, t.town.sign(next, {&t.town.roots[0]}), "too_few_roots");
       }},
      {"a next log key that is no key",
       [](AuditedTown& t) {
         const NextLogKey next{std::string(kTownOrigin) + "+00000001+AAAA", t.town.now_us + kDayUs};
         return Planted{t.send(t.town.sign(next, {&t.town.roots[0], &t.town.roots[1]})), What::log_key};
       }},
  };
  return faults;
}

}  // namespace dfb::audit::test
