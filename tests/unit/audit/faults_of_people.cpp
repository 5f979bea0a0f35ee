#include "tests/unit/audit/faults.h"

namespace dfb::audit::test {
namespace {

using namespace book;
using dfb::test::Member;
using dfb::test::test_key;

SignedLine by_one(AuditedTown& t, const SignedLine& line, std::initializer_list<const PrivateKey*> keys) {
  return t.town.sign(parse_payload(line.payload)->body, keys);
}

// A member of staff more, opened and given the role by the roots.
Member staff(AuditedTown& t, const std::string& name, std::string household, Role role, std::string scope,
             TimeUs until_us = 0) {
  auto& p = t.town;
  Member who{{kFirstFreeAccount + 9000 + name.size()}, test_key(name)};
  t.send(p.sign(p.open_resident(who, "/lijing/03", std::move(household), Level::verified),
                {&p.roots[0], &p.roots[1], &who.key}));
  t.send(
      p.sign(GrantRole{who.account, role, std::move(scope), p.now_us, until_us}, {&p.roots[0], &p.roots[1]}));
  return who;
}

// The third root gives way to a new one.
SignedLine next_roots(AuditedTown& t) {
  auto& p = t.town;
  const PrivateKey fresh = test_key("new root");
  ReplaceRoots next{2, {}};
  for (const PrivateKey& key : {p.roots[0], p.roots[1], fresh}) next.roots.push_back(key.public_key().spki());
  return p.sign(next, {&p.roots[0], &p.roots[1], &fresh});
}
SignedLine role_by(AuditedTown& t, const PrivateKey& one, const PrivateKey& other) {
  return t.town.sign(GrantRole{t.town.sibling.account, Role::auditor, "/", t.town.now_us, 0}, {&one, &other});
}

SignedLine next_server(AuditedTown& t, TimeUs until_us) {
  auto& p = t.town;
  const PrivateKey fresh = test_key("new server");
  return p.sign(NextServerKey{fresh.public_key().spki(), until_us}, {&p.roots[0], &p.roots[1], &fresh});
}
SignedLine enrolled_by(AuditedTown& t, const PrivateKey& server) {
  const Member who{{kFirstFreeAccount + 8000}, test_key("walker")};
  return t.town.sign(t.town.open_resident(who, "/lijing/03", "", Level::phone), {&server, &who.key});
}

SignedLine award_by(AuditedTown& t, const Member& officer, const Member& to) {
  return by_one(t, t.town.award(to, 5), {&officer.key});
}

}  // namespace

const std::vector<Fault>& faults_of_people() {
  static const std::vector<Fault> faults{
      {"signed by an old root after the roots changed",
       [](AuditedTown& t) {
         t.send(next_roots(t));
         return refused(t, role_by(t, t.town.roots[0], t.town.roots[2]), "key_revoked");
       }},
      {"signed by a new root before the roots changed",
       [](AuditedTown& t) {
         const auto at = t.forge(role_by(t, t.town.roots[0], test_key("new root")), "{}");
         t.forge(next_roots(t), "{}");
         return Planted{at, What::signer};
       }},
      {"roots changed by the administrators",
       [](AuditedTown& t) {
         const PrivateKey fresh = test_key("new root");
         const auto body = parse_payload(next_roots(t).payload)->body;
         return refused(t, t.town.sign(body, {&t.town.admin_a.key, &t.town.admin_b.key, &fresh}),
                        "key_wrong_use");
       }},
      {"a root that never signed",
       [](AuditedTown& t) {
         const auto body = parse_payload(next_roots(t).payload)->body;
         return refused(t, t.town.sign(body, {&t.town.roots[0], &t.town.roots[1]}), "possession_not_proven");
       }},
      {"a threshold of one",
       [](AuditedTown& t) {
         auto body = std::get<ReplaceRoots>(parse_payload(next_roots(t).payload)->body);
         const PrivateKey fresh = test_key("new root");
         body.threshold = 1;
         return refused(t, t.town.sign(body, {&t.town.roots[0], &t.town.roots[1], &fresh}), "too_few_roots");
       }},
      {"signed by the server's former key after its end",
       [](AuditedTown& t) {
         auto& p = t.town;
         t.send(next_server(t, p.now_us + kDayUs));
         p.now_us += kDayUs;
         return refused(t, enrolled_by(t, p.server), "key_outside_dates");
       }},
      {"signed by a server's key that was copied",
       [](AuditedTown& t) {
         t.send(next_server(t, 0));
         return refused(t, enrolled_by(t, t.town.server), "key_revoked");
       }},
      {"a server's key named by one root",
       [](AuditedTown& t) {
         const PrivateKey fresh = test_key("new server");
         const auto body = parse_payload(next_server(t, 0).payload)->body;
         return refused(t, t.town.sign(body, {&t.town.roots[0], &fresh}), "too_few_roots");
       }},
      {"a witness removed by one",
       [](AuditedTown& t) {
         auto& p = t.town;
         t.send(p.sign(AddWitness{"w.example/1", "w.example/1+530d903a+BOky"},
                       {&p.admin_a.key, &p.admin_b.key}));
         return refused(t, p.sign(EndWitness{"w.example/1"}, {&p.admin_a.key}), "needs_second_person");
       }},
      {"signed by a revoked key",
       [](AuditedTown& t) {
         auto& p = t.town;
         t.send(p.sign(RevokeKey{p.resident.key.public_key().id(), "lost"}, {&p.officer.key}));
         return refused(t, p.check_in(p.resident), "key_revoked");
       }},
      {"a phone's code after the phone was revoked",
       [](AuditedTown& t) {
         auto& p = t.town;
         t.send(p.award(p.resident, 50));
         t.send(p.sign(RevokeKey{p.resident.key.public_key().id(), "lost"}, {&p.officer.key}));
         return refused(t, p.redeem(p.resident, 5), "key_revoked");
       }},
      {"signed before the key was brought in",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey late = test_key("late phone");
         const auto at = t.forge(p.check_in({p.resident.account, late}), "{}");
         t.forge(p.sign(AddKey{p.resident.account, KeyUse::device, late.public_key().spki(), 0},
                        {&p.resident.key, &late}),
                 "{}");
         return Planted{at, What::signer};
       }},
      {"signed after the key's end",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey brief = test_key("brief phone");
         t.send(
             p.sign(AddKey{p.resident.account, KeyUse::device, brief.public_key().spki(), p.now_us + kHourUs},
                    {&p.resident.key, &brief}));
         p.now_us += kHourUs;
         return refused(t, p.check_in({p.resident.account, brief}), "key_outside_dates");
       }},
      {"a key brought in without its own signature",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey fresh = test_key("fresh phone");
         return refused(t,
                        p.sign(AddKey{p.resident.account, KeyUse::device, fresh.public_key().spki(), 0},
                               {&p.resident.key}),
                        "possession_not_proven");
       }},
      {"a ticket used twice",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey ticket = test_key("ticket"), one = test_key("one"), two = test_key("two");
         t.send(
             p.sign(AddKey{p.resident.account, KeyUse::ticket, ticket.public_key().spki(), p.now_us + kDayUs},
                    {&p.resident.key, &ticket}));
         t.send(
             p.sign(AddKey{p.resident.account, KeyUse::device, one.public_key().spki(), 0}, {&ticket, &one}));
         return refused(
             t,
             p.sign(AddKey{p.resident.account, KeyUse::device, two.public_key().spki(), 0}, {&ticket, &two}),
             "key_revoked");
       }},
      {"a phone that pays before its waiting time is over",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey fresh = test_key("brought in by the officer");
         t.send(p.award(p.resident, 50));
         t.send(p.sign(AddKey{p.resident.account, KeyUse::device, fresh.public_key().spki(), 0},
                       {&p.officer.key, &fresh}));
         return refused(t, p.redeem({p.resident.account, fresh}, 5), "key_outside_dates");
       }},
      {"a phone that pays, brought in by one that still waits",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey waits = test_key("waits"), fresh = test_key("brought in by it");
         t.send(p.award(p.resident, 50));
         t.send(p.sign(AddKey{p.resident.account, KeyUse::device, waits.public_key().spki(), 0},
                       {&p.officer.key, &waits}));
         t.send(p.sign(AddKey{p.resident.account, KeyUse::device, fresh.public_key().spki(), 0},
                       {&waits, &fresh}));
         return refused(t, p.redeem({p.resident.account, fresh}, 5), "key_outside_dates");
       }},
      {"a phone revoked by a ticket",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey ticket = test_key("ticket");
         t.send(
             p.sign(AddKey{p.resident.account, KeyUse::ticket, ticket.public_key().spki(), p.now_us + kDayUs},
                    {&p.resident.key, &ticket}));
         return refused(t, p.sign(RevokeKey{p.resident.key.public_key().id(), ""}, {&ticket}),
                        "key_wrong_use");
       }},
      {"a role that ended",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member deputy = staff(t, "deputy", "D1", Role::officer, "/lijing");
         t.send(p.sign(EndRole{deputy.account, Role::officer, "/lijing"}, {&p.admin_a.key, &p.admin_b.key}));
         return refused(t, award_by(t, deputy, p.resident), "signer_not_allowed");
       }},
      {"a role whose dates are over",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member deputy = staff(t, "deputy", "D1", Role::officer, "/lijing", p.now_us + kHourUs);
         p.now_us += kHourUs;
         return refused(t, award_by(t, deputy, p.resident), "signer_not_allowed");
       }},
      {"outside the scope of the role",
       [](AuditedTown& t) {
         const Member deputy = staff(t, "deputy", "D1", Role::officer, "/lijing/04");
         return refused(t, award_by(t, deputy, t.town.resident), "out_of_scope");
       }},
      {"an officer who does an administrator's work",
       [](AuditedTown& t) {
         auto& p = t.town;
         return refused(t, by_one(t, p.mint(500), {&p.officer.key, &p.admin_a.key}), "signer_not_allowed");
       }},
      {"an auditor who awards",
       [](AuditedTown& t) {
         const Member auditor = staff(t, "auditor", "E1", Role::auditor, "/");
         return refused(t, award_by(t, auditor, t.town.resident), "signer_not_allowed");
       }},
      {"points minted by one",
       [](AuditedTown& t) {
         return refused(t, by_one(t, t.town.mint(500), {&t.town.admin_a.key}), "needs_second_person");
       }},
      {"a policy published by one",
       [](AuditedTown& t) {
         auto& p = t.town;
         p.policy.version = 2;
         return refused(t, by_one(t, p.publish(p.policy), {&p.admin_a.key}), "needs_second_person");
       }},
      {"a role given by one",
       [](AuditedTown& t) {
         auto& p = t.town;
         return refused(
             t,
             p.sign(GrantRole{p.resident.account, Role::officer, "/lijing", p.now_us, 0}, {&p.admin_a.key}),
             "needs_second_person");
       }},
      {"an administrator made by administrators",
       [](AuditedTown& t) {
         auto& p = t.town;
         return refused(t,
                        p.sign(GrantRole{p.officer.account, Role::administrator, "/", p.now_us, 0},
                               {&p.admin_a.key, &p.admin_b.key}),
                        "signer_not_allowed");
       }},
      {"one root for two",
       [](AuditedTown& t) {
         auto& p = t.town;
         return refused(
             t, p.sign(GrantRole{p.officer.account, Role::administrator, "/", p.now_us, 0}, {&p.roots[0]}),
             "too_few_roots");
       }},
      {"two keys of one person for two persons",
       [](AuditedTown& t) {
         auto& p = t.town;
         const PrivateKey second = test_key("a's second phone");
         t.send(p.sign(AddKey{p.admin_a.account, KeyUse::device, second.public_key().spki(), 0},
                       {&p.admin_a.key, &p.admin_b.key, &second}));
         return refused(t, by_one(t, p.mint(500), {&p.admin_a.key, &second}), "approver_same_person");
       }},
      {"two of one household for two persons",
       [](AuditedTown& t) {
         const Member wife = staff(t, "wife", "A1", Role::administrator, "/");
         return refused(t, by_one(t, t.town.mint(500), {&t.town.admin_a.key, &wife.key}),
                        "approver_same_household");
       }},
      {"an award to oneself",
       [](AuditedTown& t) { return refused(t, t.town.award(t.town.officer, 5), "own_benefit"); }},
      {"an award to one's own household",
       [](AuditedTown& t) {
         const Member uncle = staff(t, "uncle", "H7K2", Role::officer, "/lijing");
         return refused(t, award_by(t, uncle, t.town.resident), "own_benefit");
       }},
      {"an award to somebody who was moved out for it",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member uncle = staff(t, "uncle", "H7K2", Role::officer, "/lijing");
         t.send(p.sign(Move{p.resident.account, "/lijing/03", "H9"}, {&p.officer.key}));
         return refused(t, award_by(t, uncle, p.resident), "own_benefit");
       }},
      {"an import into the second signer's household",
       [](AuditedTown& t) {
         auto& p = t.town;
         return refused(t,
                        p.sign(Import{{{{kFirstFreeAccount + 9200}, "/lijing/03", "B1"}}},
                               {&p.admin_a.key, &p.admin_b.key}),
                        "own_benefit");
       }},
      {"staff frozen by their own household beside another",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member wife = staff(t, "b's wife", "B1", Role::officer, "/lijing");
         return refused(
             t, p.sign(SetState{wife.account, AccountState::frozen, ""}, {&p.admin_a.key, &p.admin_b.key}),
             "own_benefit");
       }},
      {"a key of staff from their own household beside another",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member wife = staff(t, "b's wife", "B1", Role::officer, "/lijing");
         const PrivateKey fresh = test_key("wife's second phone");
         return refused(t,
                        p.sign(AddKey{wife.account, KeyUse::device, fresh.public_key().spki(), 0},
                               {&p.admin_a.key, &p.admin_b.key, &fresh}),
                        "own_benefit");
       }},
      {"two who award each other",
       [](AuditedTown& t) {
         const Member deputy = staff(t, "deputy", "D1", Role::officer, "/lijing");
         t.send(t.town.award(deputy, 5));
         return refused(t, award_by(t, deputy, t.town.officer), "approver_reciprocal");
       }},
      {"a large award by one",
       [](AuditedTown& t) {
         auto& p = t.town;
         p.policy.version = 2, p.policy.limits.large_award_points = 80;
         t.send(p.publish(p.policy));
         return refused(t, p.award(p.resident, 80), "needs_second_person");
       }},
      {"a resident verified by the server alone",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member ghost{{kFirstFreeAccount + 9100}, test_key("ghost")};
         return refused(
             t, p.sign(p.open_resident(ghost, "/lijing/03", "", Level::verified), {&p.server, &ghost.key}),
             "signer_not_allowed");
       }},
      {"a site key that stands for its owner's own household",
       [](AuditedTown& t) {
         auto& p = t.town;
         const Member wife = staff(t, "officer's wife", "C1", Role::auditor, "/");
         return refused(t, p.check_in(wife), "own_benefit");
       }},
  };
  return faults;
}

}  // namespace dfb::audit::test
