// Faults that an operator with the log's key could plant: each builds a history that lies, over which tree
// and checkpoint are in order, and says where and by what an audit has to find it.
#pragma once
#include <string>
#include <vector>

#include "tests/unit/audit/audited_town.h"

namespace dfb::audit::test {

struct Planted {
  std::int64_t entry;
  What what;
  std::string rule = {};
};

struct Fault {
  const char* name;
  Planted (*plant)(AuditedTown& town);  // the town is founded
};

const std::vector<Fault>& faults_of_bytes();   // what an entry says was changed, moved or left out
const std::vector<Fault>& faults_of_people();  // keys, roles, approvals
const std::vector<Fault>& faults_of_awards();  // policy, caps, tasks, reviews
const std::vector<Fault>& faults_of_spending();
const std::vector<Fault>& faults_of_treasury();  // holds, expiry, settling, the log's own affairs
const std::vector<Fault>& faults_of_totals();    // what Z reports and statements add up

// An entry that the rules refuse.
inline Planted refused(AuditedTown& town, const SignedLine& line, std::string rule,
                       std::string outcome = "{}") {
  return {town.forge(line, std::move(outcome)), What::rule, std::move(rule)};
}
// An entry that the rules allow, with another outcome than they derive.
inline Planted misderived(AuditedTown& town, const SignedLine& line, std::string outcome) {
  return {town.forge(line, std::move(outcome)), What::outcome};
}
// The next policy: the present one, changed.
inline void publish(AuditedTown& town, void (*change)(book::Policy& policy)) {
  town.town.policy.version += 1;
  change(town.town.policy);
  town.send(town.town.publish(town.town.policy));
}
inline std::string& outcome_of(AuditedTown& town, std::int64_t entry) {
  return town.entries[static_cast<std::size_t>(entry)].outcome;
}
// The entry's outcome with one piece of text exchanged. REQUIRES: it stands there.
inline Planted exchange(AuditedTown& town, std::int64_t entry, const std::string& from,
                        const std::string& to) {
  std::string& outcome = outcome_of(town, entry);
  const auto at = outcome.find(from);
  EXPECT_NE(at, std::string::npos) << outcome;
  if (at != std::string::npos) outcome.replace(at, from.size(), to);
  return {entry, What::outcome};
}

}  // namespace dfb::audit::test
