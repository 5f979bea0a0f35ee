#include "tests/unit/book/provocations.h"

namespace dfb::test {

using namespace book;

SignedLine changed(Scene& s, const SignedLine& line, const std::function<void(Payload&)>& change,
                   const PrivateKey& key) {
  Payload payload = parse_payload(line.payload).value();
  change(payload);
  return s.town.sign(payload, {&key});
}

namespace {

// Gives `who` a device more; for staff by both administrators.
PrivateKey second_device(Scene& s, const Member& who, TimeUs until_us, const PrivateKey& by,
                         const PrivateKey* second = nullptr) {
  auto fresh = test_key("second of " + to_string(who.account) + std::to_string(s.ledger.size()));
  AddKey add{who.account, KeyUse::device, fresh.public_key().spki(), until_us};
  s.must(second ? s.town.sign(add, {&by, second, &fresh}) : s.town.sign(add, {&by, &fresh}));
  return fresh;
}

Member staff(Scene& s, const std::string& seed, std::string household, Role role, std::string scope) {
  Member who{{kFirstFreeAccount + 77 + seed.size()}, test_key(seed)};
  const auto &a = s.town.roots[0], &b = s.town.roots[1];
  s.must(s.town.sign(s.town.open_resident(who, "/lijing/03", std::move(household), Level::verified),
                     {&a, &b, &who.key}));
  s.must(s.town.sign(GrantRole{who.account, role, std::move(scope), s.town.now_us, 0}, {&a, &b}));
  return who;
}

// The resident has 50 points by a check-in.
Uuid sale(Scene& s, std::int64_t points = 30) {
  s.must(s.town.check_in(s.town.resident));
  auto line = s.town.redeem(s.town.resident, points);
  s.must(line);
  return line.id;
}

SignedLine set_state(Scene& s, AccountState state) {
  return s.town.sign(SetState{s.town.resident.account, state, ""}, {&s.town.officer.key});
}

SignedLine report(Scene& s, std::string subject) {
  Record record;
  record.kind = "report", record.subject = std::move(subject), record.period = "-", record.rule = "report";
  record.account = s.town.resident.account;
  return s.town.sign(record, {&s.town.resident.key});
}

SignedLine with_cap(Scene& s, CapOf of) {
  s.change_policy([&](Policy& policy) {
    policy.rules[0].caps = {{CapOf::account, CapPer::day, 2}, {of, CapPer::day, 1}};
  });
  s.must(s.town.check_in(s.town.resident));
  return s.town.check_in(s.town.sibling);
}

// The resident has 100 points and an allowance of 60.
Uuid allowance(Scene& s) {
  s.must(s.town.award(s.town.resident, 100));
  auto line = s.town.allowance(s.town.resident, 60, s.town.now_us + kDayUs);
  s.must(line);
  return line.id;
}

// The resident has 50 points, of which 30 are reserved for an hour.
Uuid reservation(Scene& s) {
  s.must(s.town.check_in(s.town.resident));
  auto line = s.town.reserve(s.town.resident, 30, s.town.now_us + kHourUs);
  s.must(line);
  return line.id;
}

SignedLine capture(Scene& s, const Uuid& hold) {
  return s.town.sign(Resolve{hold, true, s.town.shop.account, {30}, ""}, {&s.town.shop.key});
}

SignedLine transfer(Scene& s, TransferKind kind, AccountId from, AccountId to, std::int64_t points,
                    std::initializer_list<const PrivateKey*> keys) {
  Transfer transfer;
  transfer.kind = kind, transfer.from = from, transfer.to = to, transfer.points = {points};
  transfer.through = s.ledger.size() - 1, transfer.fen = points * 10, transfer.count = 1;
  return s.town.sign(transfer, keys);
}

SignedLine check_in_changed(Scene& s, const std::function<void(Record&)>& change) {
  return changed(
      s, s.town.check_in(s.town.resident), [&](Payload& payload) { change(std::get<Record>(payload.body)); },
      s.town.resident.key);
}

}  // namespace

const std::vector<Provocation>& provocations() {
  static const std::vector<Provocation> rows{
      {Code::exists_with_different_content, false,
       [](Scene& s) {
         auto line = s.town.check_in(s.town.resident);
         s.must(line);
         return changed(
             s, line, [](Payload& p) { p.not_after_us -= 1; }, s.town.resident.key);
       }},
      {Code::id_burnt, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         auto line = s.town.redeem(s.town.resident, 10);
         s.must(s.town.cancel(line.id));
         return line;
       }},
      {Code::too_late, false,
       [](Scene& s) {
         auto line = s.town.check_in(s.town.resident);
         s.later(5 * kMinuteUs);
         return line;
       }},
      {Code::not_after_too_far, false,
       [](Scene& s) {
         return changed(
             s, s.town.check_in(s.town.resident), [](Payload& p) { p.not_after_us += 1; },
             s.town.resident.key);
       }},
      {Code::not_after_too_far, true,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return changed(
             s, s.town.redeem(s.town.resident, 10), [](Payload& p) { p.not_after_us += 1; }, s.town.shop.key);
       }},
      {Code::clock_behind, false,
       [](Scene& s) {
         s.later(kHourUs);
         s.must(s.town.mint(1));
         s.later(-16 * kMinuteUs);
         return s.town.check_in(s.town.resident);
       }},
      {Code::clock_unconfirmed, false,
       [](Scene& s) {
         s.change_policy([](Policy& policy) { policy.limits.idle_gap_hours = 1; });
         s.later(kHourUs + 1);
         return s.town.check_in(s.town.resident);
       }},
      {Code::opening_over, false,
       [](Scene& s) {
         return transfer(s, TransferKind::opening, kIssuance, s.town.budget, 5,
                         {&s.town.roots[0], &s.town.roots[1]});
       }},
      {Code::origin_ended, false,
       [](Scene& s) {
         s.must(s.town.sign(EndOrigin{s.ledger.size(), {}}, {&s.town.admin_a.key, &s.town.admin_b.key}));
         return s.town.check_in(s.town.resident);
       }},
      {Code::chain_broken, false,
       [](Scene& s) {
         return changed(
             s, s.town.check_in(s.town.resident),
             [&](Payload& p) {
               p.linked = {s.town.next_id(), p.id};
             },
             s.town.resident.key);
       }},
      {Code::key_not_enrolled, false,
       [](Scene& s) {
         auto stranger = test_key("stranger");
         return s.town.sign(Cancel{s.town.next_id()}, {&stranger});
       }},
      {Code::key_revoked, false,
       [](Scene& s) {
         s.must(s.town.sign(RevokeKey{s.town.resident.key.public_key().id(), "lost"}, {&s.town.officer.key}));
         return s.town.check_in(s.town.resident);
       }},
      {Code::key_outside_dates, false,
       [](Scene& s) {
         Member who{s.town.resident.account,
                    second_device(s, s.town.resident, s.town.now_us + kHourUs, s.town.resident.key)};
         s.later(kHourUs);
         return s.town.check_in(who);
       }},
      {Code::key_wrong_use, false,
       [](Scene& s) {
         return s.town.sign(parse_payload(s.town.mint(5).payload)->body,
                            {&s.town.shop.key, &s.town.admin_b.key});
       }},
      {Code::key_exists, false,
       [](Scene& s) {
         return s.town.sign(
             AddKey{s.town.resident.account, KeyUse::device, s.town.sibling.key.public_key().spki(), 0},
             {&s.town.resident.key, &s.town.sibling.key});
       }},
      {Code::possession_not_proven, false,
       [](Scene& s) {
         return s.town.sign(
             AddKey{s.town.resident.account, KeyUse::device, test_key("x").public_key().spki(), 0},
             {&s.town.resident.key});
       }},
      {Code::too_many_keys, false,
       [](Scene& s) {
         for (int i = 0; i < 3; ++i) second_device(s, s.town.resident, 0, s.town.resident.key);
         auto fifth = test_key("fifth");
         return s.town.sign(AddKey{s.town.resident.account, KeyUse::device, fifth.public_key().spki(), 0},
                            {&s.town.resident.key, &fifth});
       }},
      {Code::signer_not_allowed, false,
       [](Scene& s) {
         return s.town.sign(SetState{s.town.sibling.account, AccountState::frozen, ""},
                            {&s.town.resident.key});
       }},
      {Code::out_of_scope, false,
       [](Scene& s) {
         return s.town.sign(Move{s.town.resident.account, "/jiulong", "H7K2"}, {&s.town.officer.key});
       }},
      {Code::needs_second_person, false,
       [](Scene& s) {
         return s.town.sign(parse_payload(s.town.mint(5).payload)->body, {&s.town.admin_a.key});
       }},
      {Code::approver_not_allowed, false,
       [](Scene& s) {
         return s.town.sign(parse_payload(s.town.mint(5).payload)->body,
                            {&s.town.admin_a.key, &s.town.officer.key});
       }},
      {Code::approver_same_person, false,
       [](Scene& s) {
         auto second = second_device(s, s.town.admin_a, 0, s.town.admin_a.key, &s.town.admin_b.key);
         return s.town.sign(parse_payload(s.town.mint(5).payload)->body, {&s.town.admin_a.key, &second});
       }},
      {Code::approver_same_household, false,
       [](Scene& s) {
         auto wife = staff(s, "wife", "A1", Role::administrator, "/");
         return s.town.sign(parse_payload(s.town.mint(5).payload)->body, {&s.town.admin_a.key, &wife.key});
       }},
      {Code::approver_reciprocal, false,
       [](Scene& s) {
         auto colleague = staff(s, "colleague", "D1", Role::officer, "/lijing");
         s.must(s.town.award(colleague, 5));
         return s.town.sign(parse_payload(s.town.award(s.town.officer, 5).payload)->body, {&colleague.key});
       }},
      {Code::too_few_roots, false,
       [](Scene& s) {
         return s.town.sign(GrantRole{s.town.officer.account, Role::administrator, "/", s.town.now_us, 0},
                            {&s.town.roots[0]});
       }},
      {Code::own_benefit, false, [](Scene& s) { return s.town.award(s.town.officer, 5); }},
      {Code::account_unknown, false,
       [](Scene& s) {
         return s.town.award(Member{{kFirstFreeAccount + 1}, s.town.server}, 5);
       }},
      {Code::account_exists, false,
       [](Scene& s) {
         return s.town.sign(Open{s.town.resident.account, AccountKind::shop, "/", "", Level::none, ""},
                            {&s.town.admin_a.key});
       }},
      {Code::account_wrong_kind, false, [](Scene& s) { return s.town.award(s.town.shop, 5); }},
      {Code::account_closed, false,
       [](Scene& s) {
         s.must(set_state(s, AccountState::closed));
         return s.town.check_in(s.town.resident);
       }},
      {Code::account_frozen, true,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         s.must(set_state(s, AccountState::frozen));
         return s.town.redeem(s.town.resident, 10);
       }},
      {Code::level_too_low, true,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.newcomer));
         return s.town.redeem(s.town.newcomer, 10);
       }},
      {Code::state_unchanged, false, [](Scene& s) { return set_state(s, AccountState::open); }},
      {Code::account_not_empty, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return set_state(s, AccountState::closed);
       }},
      {Code::policy_missing, false,
       [](Scene& s) {
         s.ledger = {};
         for (const auto& line : s.town.founding())
           if (line.payload.find("\"publish\"") == line.payload.npos) s.send(line);
         return s.town.award(s.town.resident, 5);
       }},
      {Code::policy_wrong_version, false, [](Scene& s) { return s.town.publish(s.town.policy); }},
      {Code::policy_invalid, false,
       [](Scene& s) {
         s.town.policy.version = 2;
         s.town.policy.rules[3].review = Review::all;  // of awards
         return s.town.publish(s.town.policy);
       }},
      {Code::rule_unknown, false,
       [](Scene& s) { return check_in_changed(s, [](Record& record) { record.rule = "no-such-rule"; }); }},
      {Code::rule_wrong_kind, false,
       [](Scene& s) { return check_in_changed(s, [](Record& record) { record.rule = "report"; }); }},
      {Code::task_unknown, false,
       [](Scene& s) { return check_in_changed(s, [](Record& record) { record.subject = "no-such-task"; }); }},
      {Code::task_not_open, false,
       [](Scene& s) {
         s.later(30 * kDayUs);
         return s.town.check_in(s.town.resident);
       }},
      {Code::wrong_period, false,
       [](Scene& s) { return check_in_changed(s, [](Record& record) { record.period = "2026-11-23"; }); }},
      {Code::site_not_allowed, false,
       [](Scene& s) { return check_in_changed(s, [](Record& record) { record.site.clear(); }); }},
      {Code::site_code_stale, false,
       [](Scene& s) {
         auto text = make_site_code(s.town.site, s.town.origin, s.town.now_us).text();
         s.later(kSiteSteps * kSiteStepUs);
         return check_in_changed(s, [&](Record& record) { record.site = text; });
       }},
      {Code::fact_exists, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return s.town.check_in(s.town.resident);
       }},
      {Code::cap_account, false,
       [](Scene& s) {
         for (const char* subject : {"case-1", "case-2", "case-3"}) s.must(report(s, subject));
         return report(s, "case-4");
       }},
      {Code::cap_household, false, [](Scene& s) { return with_cap(s, CapOf::household); }},
      {Code::cap_grid, false, [](Scene& s) { return with_cap(s, CapOf::grid); }},
      {Code::cap_budget, false, [](Scene& s) { return with_cap(s, CapOf::budget); }},
      {Code::cap_phone_level, false,
       [](Scene& s) {
         s.must(s.town.award(s.town.newcomer, 51));
         return s.town.check_in(s.town.newcomer);
       }},
      {Code::balance_maximum, false,
       [](Scene& s) {
         s.change_policy([](Policy& policy) { policy.limits.balance_max = 49; });
         return s.town.check_in(s.town.resident);
       }},
      {Code::code_not_valid_now, true,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         auto code = s.town.pay_code(s.town.resident, 10);
         s.later(kRedeemWindowUs);
         return s.town.redeem(s.town.resident, 10, s.town.shop, code);
       }},
      {Code::code_used, false,
       [](Scene& s) {
         sale(s);
         return s.town.redeem(s.town.resident, 10, s.town.other_shop);
       }},
      {Code::code_limit_exceeded, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return s.town.redeem(s.town.resident, 10, s.town.shop, s.town.pay_code(s.town.resident, 9));
       }},
      {Code::quote_expired, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return s.town.redeem_confirmed(s.town.resident, 10, s.town.now_us);
       }},
      {Code::pin_not_attested, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         s.must(s.town.issue(s.town.resident, {kFirstFreeAccount + 77}));
         s.later(24 * kHourUs);
         auto line = s.town.redeem_by_card(s.town.resident, 10, {kFirstFreeAccount + 77});
         return s.town.sign(parse_payload(line.payload).value(), {&s.town.shop.key});
       }},
      {Code::allowance_unknown, false,
       [](Scene& s) { return s.town.redeem_offline(s.town.resident, s.town.next_id(), 1, 5); }},
      {Code::allowance_spent, true,
       [](Scene& s) { return s.town.redeem_offline(s.town.resident, allowance(s), 1, 61); }},
      {Code::counter_used, true,
       [](Scene& s) {
         auto id = allowance(s);
         s.must(s.town.redeem_offline(s.town.resident, id, 1, 5));
         return s.town.redeem_offline(s.town.resident, id, 1, 6);
       }},
      {Code::counter_used, false,
       [](Scene& s) {
         auto id = allowance(s);
         s.must(s.town.redeem_offline(s.town.resident, id, 1, 5));
         return s.town.redeem_offline(s.town.resident, id, 1, 5);
       }},
      {Code::allowance_exists, false,
       [](Scene& s) {
         allowance(s);
         return s.town.allowance(s.town.resident, 5, s.town.now_us + kHourUs);
       }},
      {Code::offline_right_lost, false,
       [](Scene& s) {
         auto id = allowance(s);
         EXPECT_EQ(s.refusal(s.town.redeem_offline(s.town.resident, id, 1, 61)), Code::allowance_spent);
         s.later(8 * kDayUs);
         s.must(s.town.sign(Resolve{id, false, s.town.resident.account, {0}, ""}, {&s.town.server}));
         return s.town.allowance(s.town.resident, 5, s.town.now_us + kHourUs);
       }},
      {Code::limit_per_sale, true,
       [](Scene& s) {
         for (int i = 0; i < 3; ++i) s.must(s.town.award(s.town.resident, 100));
         return s.town.redeem(s.town.resident, 201);
       }},
      {Code::limit_per_day, true,
       [](Scene& s) {
         for (int i = 0; i < 5; ++i) s.must(s.town.award(s.town.resident, 100));
         for (int i = 0; i < 2; ++i, s.later(kPayStepUs)) s.must(s.town.redeem(s.town.resident, 200));
         return s.town.redeem(s.town.resident, 1);
       }},
      {Code::limit_count_per_day, true,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         for (int i = 0; i < 10; ++i, s.later(kPayStepUs)) s.must(s.town.redeem(s.town.resident, 1));
         return s.town.redeem(s.town.resident, 1);
       }},
      {Code::balance_minimum, true,
       [](Scene& s) {
         s.change_policy([](Policy& policy) { policy.limits.balance_min = 20; });
         s.must(s.town.check_in(s.town.resident));
         return s.town.redeem(s.town.resident, 31);
       }},
      {Code::hold_unknown, false, [](Scene& s) { return capture(s, s.town.next_id()); }},
      {Code::hold_resolved, false,
       [](Scene& s) {
         auto id = reservation(s);
         s.must(s.town.cancel(id, s.town.resident));
         return capture(s, id);
       }},
      {Code::hold_expired, false,
       [](Scene& s) {
         auto id = reservation(s);
         s.later(kHourUs);
         return capture(s, id);
       }},
      {Code::target_unknown, false,
       [](Scene& s) {
         return s.town.sign(Reverse{3, ""}, {&s.town.admin_a.key});
       }},
      {Code::target_not_reversible, false,
       [](Scene& s) {
         auto line = s.town.check_in(s.town.resident);
         s.must(line);
         return s.town.cancel(line.id, s.town.resident);
       }},
      {Code::target_already_undone, false,
       [](Scene& s) {
         auto id = sale(s);
         s.must(s.town.cancel(id));
         return s.town.cancel(id);
       }},
      {Code::sale_unknown, false,
       [](Scene& s) { return s.town.refund(s.town.next_id(), s.town.resident, 10); }},
      {Code::sale_of_other_shop, false,
       [](Scene& s) { return s.town.refund(sale(s), s.town.resident, 10, s.town.other_shop); }},
      {Code::refund_exceeds_sale, false,
       [](Scene& s) { return s.town.refund(sale(s), s.town.resident, 31); }},
      {Code::sale_undone, false,
       [](Scene& s) {
         auto id = sale(s);
         s.must(s.town.cancel(id));
         return s.town.refund(id, s.town.resident, 10);
       }},
      {Code::dispute_window_open, false,
       [](Scene& s) {
         sale(s, 30);
         return transfer(s, TransferKind::settle, s.town.shop.account, kSettled, 30,
                         {&s.town.admin_a.key, &s.town.admin_b.key});
       }},
      {Code::not_yet_expired, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return s.town.expire(s.town.resident, 50, parse_day("2027-11-30").value());
       }},
      {Code::refund_period_over, false,
       [](Scene& s) {
         auto id = sale(s);
         s.later(31 * kDayUs);
         return s.town.refund(id, s.town.resident, 10);
       }},
      {Code::hold_wrong_purpose, false,
       [](Scene& s) {
         return s.town.sign(Resolve{allowance(s), true, s.town.shop.account, {5}, ""}, {&s.town.shop.key});
       }},
      {Code::insufficient_points, true,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         return s.town.redeem(s.town.resident, 51);
       }},
      {Code::budget_exhausted, false,
       [](Scene& s) {
         s.must(s.town.hand_in(99'951));
         return s.town.check_in(s.town.resident);
       }},
      {Code::shop_below_floor, false,
       [](Scene& s) {
         s.change_policy([](Policy& policy) { policy.limits.shop_floor = 0; });
         auto id = sale(s, 30);
         s.later(5 * kDayUs);
         s.must(transfer(s, TransferKind::settle, s.town.shop.account, kSettled, 30,
                         {&s.town.admin_a.key, &s.town.admin_b.key}));
         return s.town.refund(id, s.town.resident, 10);
       }},
      {Code::offline_loss_empty, false,
       [](Scene& s) {
         auto line = s.town.redeem_offline(s.town.resident, allowance(s), 1, 61);
         EXPECT_EQ(s.refusal(line), Code::allowance_spent);
         Transfer cover;
         cover.kind = TransferKind::cover, cover.from = kOfflineLoss, cover.to = s.town.shop.account;
         cover.points = {5}, cover.sale = line.id;
         return s.town.sign(cover, {&s.town.admin_a.key});
       }},
      {Code::amount_too_large, false, [](Scene& s) { return s.town.award(s.town.resident, 101); }},
      {Code::amount_wrong, false,
       [](Scene& s) {
         s.must(s.town.check_in(s.town.resident));
         s.later(400 * kDayUs);
         return s.town.expire(s.town.resident, 49, parse_day("2027-11-30").value());
       }},
  };
  return rows;
}

}  // namespace dfb::test
