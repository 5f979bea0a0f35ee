// The town in which the simulation plays: tests/support/town.h with small limits, short expiry, reviews, a
// second officer, a reviewer and spare phones, so that a few dozen commands meet every limit. Immutable once
// made.
#pragma once
#include <map>

#include "tests/sim/model.h"
#include "tests/support/memory_ledger.h"

namespace dfb::sim {

// Somebody who earns and spends. phones[0] is enrolled at the founding (not the elder's), the others wait to
// be.
struct Person {
  AccountId account;
  std::vector<const PrivateKey*> phones;
};

struct Stage {
  explicit Stage(bool reviews = true, std::string log_vkey = test::kTownLogVkey);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  test::Town town;
  test::Member officer_b, reviewer, neighbour;
  AccountId elder;  // verified, with a card and without a phone
  AccountId small_budget;
  test::Member closing_shop;  // closed and settled in some sequences
  std::vector<PrivateKey> spare_phones, staff_phones, tickets, spare_tills, spare_roots, spare_servers;
  std::vector<Person> people;  // resident, sibling, neighbour, newcomer, officer_b, elder
  std::vector<test::SignedLine> founding;
  // The ledger after the founding, in the book and in the model. A difference between them ends the program.
  test::MemoryLedger ledger;
  Model model;
  std::map<KeyId, const PrivateKey*> keys;
  std::map<KeyId, std::string> names;

 private:
  void set_policy(bool reviews);
  void extra_people(bool reviews);
  void name_keys();
  void found();
};

// The commands of one moment: usually one; several are a chain, sent together.
struct Sent {
  TimeUs at = 0;
  std::vector<test::SignedLine> lines;
};
using Sequence = std::vector<Sent>;

}  // namespace dfb::sim
