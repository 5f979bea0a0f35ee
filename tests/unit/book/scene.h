// A town that was founded, and its ledger: copied for every test of apply().
#pragma once
#include <gtest/gtest.h>

#include "tests/support/memory_ledger.h"

namespace dfb::test {

inline Day day(const char* text) { return parse_day(text).value(); }
inline book::Lot lot(const char* text, std::int64_t points, bool grace = false) {
  return {day(text), {points}, grace};
}

struct Scene {
  Town town;
  MemoryLedger ledger;

  // What the ledger answers, with every invariant checked after it.
  Result<book::Applied> send(const SignedLine& line) {
    auto answer = ledger.apply(line, town.now_us);
    EXPECT_EQ(ledger.problem(), "") << line.payload;
    return answer;
  }
  // A command that has to become an entry which is no refusal.
  book::Outcome must(const SignedLine& line) {
    auto answer = send(line);
    EXPECT_TRUE(answer.has_value()) << to_string(answer.error()) << "\n" << line.payload;
    if (!answer || !answer->outcome) {
      ADD_FAILURE() << "no new entry\n" << line.payload;
      return {};
    }
    EXPECT_FALSE(answer->outcome->refused) << name(*answer->outcome->refused) << "\n" << line.payload;
    return *answer->outcome;
  }
  // The refusal, be it an entry or not; nothing when the command was taken.
  std::optional<Code> refusal(const SignedLine& line) {
    auto answer = send(line);
    if (!answer) return answer.error().code;
    return answer->outcome ? answer->outcome->refused : std::nullopt;
  }
  void later(TimeUs by_us) { town.now_us += by_us; }

  template <class Change>
  void change_account(book::AccountId id, Change change) {
    auto account = ledger.account(id);
    change(account);
    ledger.put(account);
  }
  // The next policy: the present one, changed.
  template <class Change>
  void change_policy(Change change) {
    town.policy.version += 1;
    change(town.policy);
    must(town.publish(town.policy));
  }
  std::int64_t balance(const Member& who) const { return ledger.balance(who.account); }
  book::Lots lots(const Member& who) const { return ledger.account(who.account).lots; }
};

inline Scene founded() {
  static const Scene scene = [] {
    Scene fresh;
    for (const auto& line : fresh.town.founding()) fresh.must(line);
    return fresh;
  }();
  return scene;
}

}  // namespace dfb::test
