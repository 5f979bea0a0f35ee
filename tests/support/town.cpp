#include "tests/support/town.h"

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"

namespace dfb::test {

using namespace book;

namespace {

AccountId account_of(std::uint64_t number) { return {kFirstFreeAccount + 1'000'003 * number}; }
Member member(std::uint64_t number, const std::string& seed) { return {account_of(number), test_key(seed)}; }

Rule rule(std::string id, std::string kind, std::int64_t points, std::vector<Cap> caps, Unique unique,
          RuleProof proof) {
  Rule rule;
  rule.id = std::move(id);
  rule.kind = std::move(kind);
  rule.points = {points};
  rule.caps = std::move(caps);
  rule.unique = unique;
  rule.proof = proof;
  rule.expiry_months = 12;
  return rule;
}

Policy first_policy() {
  Policy policy;
  policy.version = 1;
  policy.from_us = kTownStartUs;
  policy.rules = {
      rule("patrol", "checkin", 50, {{CapOf::account, CapPer::day, 2}}, Unique::day, RuleProof::site),
      rule("visit", "checkin", 10, {}, Unique::day, RuleProof::officer),
      rule("report", "report", 20, {{CapOf::account, CapPer::month, 3}}, Unique::once, RuleProof::none),
      rule("help", "award", 100, {}, Unique::once, RuleProof::officer),
  };
  Limits& limits = policy.limits;
  limits.code_points = 200, limits.code_points_day = 400, limits.code_count_day = 10;
  limits.quote_points = 1000, limits.quote_points_day = 2000, limits.cancel_hours = 24,
  limits.reserve_hours = 72, limits.new_device_hours = 24, limits.phone_opens_hour = 200,
  limits.card_points = 50, limits.card_points_day = 100, limits.card_count_day = 5;
  limits.offline_allowance = 100, limits.offline_hours = 48, limits.offline_upload_days = 7;
  limits.offline_till_points = 2000, limits.phone_life_points = 100, limits.balance_max = 100'000;
  limits.balance_min = 0, limits.refund_days = 30, limits.refund_grace_days = 30,
  limits.reciprocity_days = 30;
  limits.dispute_hours = 72, limits.shop_floor = 5000, limits.large_award_points = 500,
  limits.large_reversal_points = 500;
  limits.burns_hour = 60, limits.idle_gap_hours = 36500, limits.fen_per_point = 10;
  return policy;
}

Hash nothing() { return sha256(""); }

}  // namespace

PrivateKey test_key(const std::string& seed) { return PrivateKey::from_ticket("test " + seed); }

Command command_of(const SignedLine& line) {
  Command command;
  command.payload = parse_payload(line.payload).value();
  command.digest = sha256(line.payload);
  for (const auto& signature : line.signatures) command.signers.push_back(signature.key);
  return command;
}

Town::Town(std::string origin_name, std::string vkey)
    : origin(std::move(origin_name)),
      log_vkey(std::move(vkey)),
      roots{test_key("root 1"), test_key("root 2"), test_key("root 3")},
      server(test_key("server")),
      admin_a(member(1, "admin a")),
      admin_b(member(2, "admin b")),
      officer(member(3, "officer")),
      site(test_key("site")),
      resident(member(4, "resident")),
      sibling(member(5, "sibling")),
      newcomer(member(6, "newcomer")),
      shop(member(7, "till")),
      other_shop(member(8, "other till")),
      budget(account_of(9)),
      policy(first_policy()) {}

Uuid Town::next_id() {
  SeededRandom random(++ids_);
  return make_uuid(now_us, random);
}

SignedLine Town::sign(Body body, std::initializer_list<const PrivateKey*> keys) {
  return sign(Payload{next_id(), {}, now_us + 5 * kMinuteUs, std::move(body)}, keys);
}

SignedLine Town::sign(Payload payload, std::initializer_list<const PrivateKey*> keys) const {
  DFB_CHECK(keys.size() > 0);
  payload.by = (*keys.begin())->public_key().id();
  SignedLine line{format_payload(payload), {}, payload.id};
  for (const auto* key : keys)
    line.signatures.push_back(
        {key->public_key().id(), dfb::sign(*key, SignedKind::payload, origin, line.payload)});
  return line;
}

Open Town::open_resident(const Member& who, std::string scope, std::string household, Level level) const {
  return {who.account, AccountKind::resident,      std::move(scope), std::move(household),
          level,       who.key.public_key().spki()};
}

std::vector<SignedLine> Town::founding() {
  const auto &root_1 = roots[0], &root_2 = roots[1];
  const auto &a = admin_a.key, &b = admin_b.key, &o = officer.key;
  Genesis genesis{2, {}, server.public_key().spki(), log_vkey};
  for (const auto& root : roots) genesis.roots.push_back(root.public_key().spki());
  auto task = [&](std::string name, std::string rule_id, std::vector<KeyId> sites) {
    return PublishTask{Task{std::move(name), std::move(rule_id), "/lijing", now_us - kHourUs,
                            now_us + 30 * kDayUs, budget, std::move(sites), Review::none}};
  };
  auto till = [&](const Member& at) {
    return AddKey{at.account, KeyUse::till, at.key.public_key().spki(), 0};
  };
  auto open_shop = [&](const Member& at) {
    return Open{at.account, AccountKind::shop, "/lijing", "", Level::none, ""};
  };
  return {
      sign(genesis, {&root_1, &root_2, &roots[2], &server}),
      sign(open_resident(admin_a, "/", "A1", Level::verified), {&root_1, &root_2, &a}),
      sign(open_resident(admin_b, "/", "B1", Level::verified), {&root_1, &root_2, &b}),
      sign(GrantRole{admin_a.account, Role::administrator, "/", now_us, 0}, {&root_1, &root_2}),
      sign(GrantRole{admin_b.account, Role::administrator, "/", now_us, 0}, {&root_1, &root_2}),
      publish(policy),
      sign(open_resident(officer, "/lijing/03", "C1", Level::verified), {&root_1, &root_2, &o}),
      sign(GrantRole{officer.account, Role::officer, "/lijing", now_us, 0}, {&a, &b}),
      sign(Open{budget, AccountKind::budget, "/", "", Level::none, ""}, {&a}),
      mint(100'000),
      sign(open_shop(shop), {&a}),
      sign(till(shop), {&a, &shop.key}),
      sign(open_shop(other_shop), {&b}),
      sign(till(other_shop), {&b, &other_shop.key}),
      sign(AddKey{officer.account, KeyUse::site, site.public_key().spki(), 0, "lianxinqiao"}, {&o, &site}),
      sign(task("patrol-evening", "patrol", {site.public_key().id()}), {&o}),
      sign(task("visit", "visit", {}), {&o}),
      sign(task("report", "report", {}), {&o}),
      sign(open_resident(resident, "/lijing/03", "H7K2", Level::verified), {&o, &resident.key}),
      sign(open_resident(sibling, "/lijing/03", "H7K2", Level::verified), {&o, &sibling.key}),
      sign(open_resident(newcomer, "/lijing/03", "", Level::phone), {&server, &newcomer.key}),
  };
}

std::vector<SignedLine> Town::chain(std::vector<std::pair<SignedLine, const PrivateKey*>> lines) const {
  std::vector<Uuid> ids;
  for (const auto& [line, key] : lines) ids.push_back(line.id);
  std::vector<SignedLine> out;
  for (const auto& [line, key] : lines) {
    Payload payload = parse_payload(line.payload).value();
    payload.linked = ids;
    out.push_back(sign(payload, {key}));
  }
  return out;
}

SignedLine Town::check_in(const Member& who, std::string task, std::string rule_id) {
  Record record;
  record.kind = "checkin";
  record.subject = std::move(task);
  record.period = period_at(Unique::day, now_us);
  record.rule = std::move(rule_id);
  record.account = who.account;
  record.evidence = nothing();
  record.site = make_site_code(site, origin, now_us).text();
  return sign(record, {&who.key});
}

PayCode Town::pay_code(const Member& who, std::int64_t limit) const {
  return make_pay_code(who.key, origin, who.account, Points{limit}, now_us);
}

SignedLine Town::redeem(const Member& who, std::int64_t points, const Member& at) {
  return redeem(who, points, at, pay_code(who, points));
}

SignedLine Town::redeem(const Member& who, std::int64_t points, const Member& at, const PayCode& code) {
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = who.account;
  transfer.to = at.account;
  transfer.points = {points};
  transfer.goods = nothing();
  transfer.proof = CodeProof{who.key.public_key().id(), code.text()};
  return sign(transfer, {&at.key});
}

SignedLine Town::redeem_confirmed(const Member& who, std::int64_t points, TimeUs expires_us) {
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = who.account;
  transfer.to = shop.account;
  transfer.points = {points};
  transfer.goods = nothing();
  transfer.proof = QuoteProof{who.key.public_key().id(), expires_us, std::string(64, '\0')};
  Payload payload{next_id(), shop.key.public_key().id(), now_us + 5 * kMinuteUs, transfer};
  transfer.proof = QuoteProof{who.key.public_key().id(), expires_us,
                              dfb::sign(who.key, SignedKind::quote, origin, quote_line(payload))};
  payload.body = transfer;
  return sign(payload, {&shop.key});
}

SignedLine Town::redeem_by_card(const Member& who, std::int64_t points, AccountId card) {
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = who.account;
  transfer.to = shop.account;
  transfer.points = {points};
  transfer.goods = nothing();
  transfer.proof = CardProof{card};
  return sign(transfer, {&shop.key, &server});
}

SignedLine Town::issue(const Member& who, AccountId card) {
  return sign(SetCard{who.account, card, true, "form 12"}, {&officer.key});
}

SignedLine Town::reserve(const Member& who, std::int64_t points, TimeUs until_us) {
  Hold hold;
  hold.purpose = HoldPurpose::reserve, hold.account = who.account, hold.points = {points};
  hold.until_us = until_us, hold.shop = shop.account, hold.goods = nothing();
  return sign(hold, {&who.key});
}

SignedLine Town::allowance(const Member& who, std::int64_t points, TimeUs until_us) {
  Hold hold;
  hold.purpose = HoldPurpose::allowance, hold.account = who.account, hold.points = {points};
  hold.until_us = until_us, hold.device = who.key.public_key().id();
  return sign(hold, {&who.key});
}

SignedLine Town::redeem_offline(const Member& who, const Uuid& allowance, std::int64_t n, std::int64_t points,
                                const Member& at) {
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = who.account, transfer.to = at.account, transfer.points = {points};
  transfer.goods = nothing();
  OfflineProof proof{who.key.public_key().id(), allowance, n, now_us - now_us % kPayStepUs, {}};
  proof.signature = dfb::sign(who.key, SignedKind::offline, origin, offline_part(transfer, proof));
  transfer.proof = proof;
  return sign(transfer, {&at.key});
}

SignedLine Town::expire(const Member& who, std::int64_t points, Day day) {
  Transfer transfer;
  transfer.kind = TransferKind::expire;
  transfer.from = who.account, transfer.to = kExpired, transfer.points = {points}, transfer.day = day;
  return sign(transfer, {&server});
}

SignedLine Town::refund(const Uuid& sale, const Member& to, std::int64_t points, const Member& from) {
  Transfer transfer;
  transfer.kind = TransferKind::refund;
  transfer.from = from.account;
  transfer.to = to.account;
  transfer.points = {points};
  transfer.sale = sale;
  transfer.memo = "broken bag";
  return sign(transfer, {&from.key});
}

SignedLine Town::cancel(const Uuid& target, const Member& by) { return sign(Cancel{target}, {&by.key}); }

SignedLine Town::award(const Member& who, std::int64_t points) {
  Transfer transfer;
  transfer.kind = TransferKind::award;
  transfer.from = budget;
  transfer.to = who.account;
  transfer.points = {points};
  transfer.rule = "help";
  return sign(transfer, {&officer.key});
}

SignedLine Town::mint(std::int64_t points) {
  Transfer transfer;
  transfer.kind = TransferKind::mint;
  transfer.from = kIssuance;
  transfer.to = budget;
  transfer.points = {points};
  transfer.memo = "budget 2026";
  return sign(transfer, {&admin_a.key, &admin_b.key});
}

SignedLine Town::hand_in(std::int64_t points) {
  Transfer transfer;
  transfer.kind = TransferKind::return_;
  transfer.from = budget;
  transfer.to = kIssuance;
  transfer.points = {points};
  transfer.memo = "left over";
  return sign(transfer, {&admin_a.key, &admin_b.key});
}

SignedLine Town::publish(const Policy& version) {
  return sign(PublishPolicy{version}, {&admin_a.key, &admin_b.key});
}

}  // namespace dfb::test
