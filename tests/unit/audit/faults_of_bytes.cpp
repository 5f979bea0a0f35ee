#include "tests/unit/audit/faults.h"

namespace dfb::audit::test {
namespace {

using namespace book;

log::EntryText& entry(AuditedTown& t, std::int64_t seq) { return t.entries[static_cast<std::size_t>(seq)]; }

// Two awards and a sale at the end of the log.
struct Day3 {
  std::int64_t first, second, sale;
};
Day3 live(AuditedTown& t) {
  auto& p = t.town;
  const auto first = t.send(p.award(p.resident, 40)), second = t.send(p.award(p.sibling, 30));
  p.now_us += 10 * kSecondUs;
  return {first, second, t.send(p.redeem(p.resident, 15))};
}

// Signs a payload that no client of ours would write.
SignedLine sign_raw(const AuditedTown& t, const std::string& payload, const PrivateKey& key) {
  return {payload, {{key.public_key().id(), sign(key, SignedKind::payload, t.town.origin, payload)}}, {}};
}

}  // namespace

const std::vector<Fault>& faults_of_bytes() {
  static const std::vector<Fault> faults{
      {"a byte of a payload",
       [](AuditedTown& t) {
         const auto at = live(t).first;
         auto& payload = entry(t, at).payload;
         payload[payload.find("\"points\":40") + 9] = '9';
         return Planted{at, What::signature};
       }},
      {"a byte of an outcome",
       [](AuditedTown& t) { return exchange(t, live(t).first, "-11-30\",40", "-12-30\",40"); }},
      {"a byte of a signature",
       [](AuditedTown& t) {
         const auto at = live(t).second;
         entry(t, at).signatures[0].bytes[20] ^= 1;
         return Planted{at, What::signature};
       }},
      {"a signature copied from another entry",
       [](AuditedTown& t) {
         const auto l = live(t);
         entry(t, l.second).signatures = entry(t, l.first).signatures;
         return Planted{l.second, What::signature};
       }},
      {"a signature for another town",
       [](AuditedTown& t) {
         const Town other("other.example/points");
         auto line = t.town.award(t.town.resident, 5);
         line.signatures[0].bytes = sign(t.town.officer.key, SignedKind::payload, other.origin, line.payload);
         return Planted{t.forge(line, "{}"), What::signature};
       }},
      {"a time before the entry before it",
       [](AuditedTown& t) {
         const auto at = live(t).sale;
         entry(t, at).time_us = entry(t, at - 1).time_us - 1;
         return Planted{at, What::time};
       }},
      {"a time after the command ran out",
       [](AuditedTown& t) {
         const auto at = live(t).sale;
         entry(t, at).time_us += 5 * kMinuteUs;
         return Planted{at, What::rule, "too_late"};
       }},
      {"a time before the command could have been made",
       [](AuditedTown& t) {
         t.town.now_us += kHourUs;
         const auto at = t.forge(t.town.award(t.town.resident, 5), "{}");
         entry(t, at).time_us -= kHourUs;
         return Planted{at, What::rule, "not_after_too_far"};
       }},
      {"a command for the far future",
       [](AuditedTown& t) {
         Payload payload = parse_payload(t.town.award(t.town.resident, 5).payload).value();
         payload.not_after_us += kMinuteUs;
         return refused(t, t.town.sign(payload, {&t.town.officer.key}), "not_after_too_far");
       }},
      {"another number",
       [](AuditedTown& t) {
         const auto at = live(t).second;
         entry(t, at).seq += 1;
         return Planted{at, What::number};
       }},
      {"another origin",
       [](AuditedTown& t) {
         const auto at = live(t).second;
         entry(t, at).origin = "other.example/points";
         return Planted{at, What::origin};
       }},
      {"an unknown field",
       [](AuditedTown& t) {
         std::string payload = t.town.award(t.town.resident, 5).payload;
         payload.insert(payload.size() - 1, R"(,"extra":1)");
         return Planted{t.forge(sign_raw(t, payload, t.town.officer.key), "{}"), What::form};
       }},
      {"a field twice",
       [](AuditedTown& t) {
         std::string payload = t.town.award(t.town.resident, 5).payload;
         payload.insert(payload.size() - 1, R"(,"points":6)");
         return Planted{t.forge(sign_raw(t, payload, t.town.officer.key), "{}"), What::form};
       }},
      {"white space in a payload",
       [](AuditedTown& t) {
         std::string payload = t.town.award(t.town.resident, 5).payload;
         payload.insert(1, " ");
         return Planted{t.forge(sign_raw(t, payload, t.town.officer.key), "{}"), What::form};
       }},
      {"an unknown field in an outcome",
       [](AuditedTown& t) { return exchange(t, live(t).first, "{", R"({"balance":40,)"); }},
      {"the fields of an outcome in another order",
       [](AuditedTown& t) {
         const auto at = live(t).first;
         return exchange(t, at, outcome_of(t, at), R"({"got":[["2027-11-30",40]],"policy":1})");
       }},
      {"an outcome left out",
       [](AuditedTown& t) {
         const auto at = live(t).sale;
         return exchange(t, at, outcome_of(t, at), "{}");
       }},
      {"a stranger's signature beside the right one",
       [](AuditedTown& t) {
         auto line = t.town.award(t.town.resident, 5);
         const PrivateKey stranger = dfb::test::test_key("stranger");
         line.signatures.push_back(
             {stranger.public_key().id(), sign(stranger, SignedKind::payload, t.town.origin, line.payload)});
         return Planted{t.forge(line, "{}"), What::signer};
       }},
      {"another signer first",
       [](AuditedTown& t) {
         auto line = t.town.mint(5);
         std::swap(line.signatures[0], line.signatures[1]);
         return Planted{t.forge(line, "{}"), What::form};
       }},
      {"two entries exchanged",
       [](AuditedTown& t) {
         const auto l = live(t);
         std::swap(entry(t, l.first), entry(t, l.second));
         return Planted{l.first, What::number};
       }},
      {"the sale before the award, renumbered",
       [](AuditedTown& t) {
         const auto l = live(t);
         std::swap(entry(t, l.first), entry(t, l.sale));
         std::swap(entry(t, l.first).time_us, entry(t, l.sale).time_us);
         t.renumber();
         return Planted{l.first, What::outcome};
       }},
      {"an award dropped, the rest renumbered",
       [](AuditedTown& t) {
         const auto l = live(t);
         t.entries.erase(t.entries.begin() + l.first);
         t.renumber();
         return Planted{l.sale - 1, What::outcome};
       }},
      {"an entry doubled",
       [](AuditedTown& t) {
         const auto at = live(t).first;
         t.entries.push_back(entry(t, at));
         t.renumber();
         t.entries.back().time_us = t.town.now_us;
         return Planted{t.size() - 1, What::command_id};
       }},
      {"an id used again for another command",
       [](AuditedTown& t) {
         const auto at = live(t).first;
         Payload payload = parse_payload(entry(t, at).payload).value();
         std::get<Transfer>(payload.body).points = {39};
         return refused(t, t.town.sign(payload, {&t.town.officer.key}), "exists_with_different_content");
       }},
      {"a burnt id used",
       [](AuditedTown& t) {
         live(t);
         t.town.now_us += 10 * kSecondUs;
         const auto sale = t.town.redeem(t.town.resident, 5);
         t.send(t.town.cancel(sale.id));
         return refused(t, sale, "id_burnt");
       }},
      {"an id burnt by a refusal used",
       [](AuditedTown& t) {
         auto sale = t.town.redeem(t.town.resident, 5);
         t.send(sale);  // refused: there are no points yet
         live(t);
         return Planted{t.forge(sale, R"({"policy":1,"ate":[["2027-11-30",5]]})"), What::command_id};
       }},
      {"a first entry that is none",
       [](AuditedTown& t) {
         t.entries.erase(t.entries.begin());
         t.renumber();
         return Planted{0, What::form};
       }},
      {"a second genesis",
       [](AuditedTown& t) {
         auto line = t.town.founding().front();
         return refused(t, line, "signer_not_allowed");
       }},
  };
  return faults;
}

}  // namespace dfb::audit::test
