// A small town for tests: its people's keys, and signed commands as those people would send them.
//
// The signatures are real, so that ledger/check takes them too. Keys and ids are the same in every run.
// Nothing here holds a ledger: founding() is what to send first, in this order, to whatever ledger a test
// uses; see memory_ledger.h for one in memory.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "ledger/book/codes.h"
#include "ledger/book/command.h"

namespace dfb::test {

inline constexpr TimeUs kTownStartUs = 1'795'484'400'000'000;  // 2026-11-24 09:40:00 (UTC+8)
inline constexpr const char* kTownOrigin = "bq.example/points";
inline constexpr const char* kTownLogVkey =
    "bq.example/points+ab0d93f0+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

// A payload's line and the signatures over it: what a client sends.
struct SignedLine {
  std::string payload;
  std::vector<KeySignature> signatures;
  Uuid id;
};

// The command that apply() takes, without checking the signatures. REQUIRES: the payload parses.
book::Command command_of(const SignedLine& line);

// A person with one phone, or a shop with one till.
struct Member {
  book::AccountId account;
  PrivateKey key;
};

class Town {
 public:
  // `log_vkey` goes into the genesis; a test with a log of its own names its key.
  explicit Town(std::string origin = kTownOrigin, std::string log_vkey = kTownLogVkey);

  const std::string origin;
  const std::string log_vkey;
  TimeUs now_us = kTownStartUs;  // when the next commands are made; advance it with the ledger's time

  std::vector<PrivateKey> roots;  // three, two of which sign
  PrivateKey server;
  Member admin_a, admin_b;   // administrators of "/"
  Member officer;            // officer of "/lijing"
  PrivateKey site;           // the officer's code display
  Member resident, sibling;  // verified, "/lijing/03", household H7K2
  Member newcomer;           // level phone, "/lijing/03"
  Member shop, other_shop;   // "/lijing"; the keys are tills
  book::AccountId budget;    // "/", 100,000 points

  // What the first policy says; a test may change it before founding(). Rules: patrol (check-in by site code,
  // 50, twice a day), visit (check-in before an officer, 10), report (20, thrice a month), help (award up to
  // 100).
  book::Policy policy;

  // The town's first commands, at now_us: genesis, people, roles, policy, budget, shops, tills, tasks.
  // Tasks: patrol-evening (rule patrol), visit (rule visit), report (rule report), open for 30 days.
  std::vector<SignedLine> founding();

  // Any command, signed by all of `keys`, the first as `by`; its `not_after` is 5 minutes ahead.
  SignedLine sign(book::Body body, std::initializer_list<const PrivateKey*> keys);
  SignedLine sign(book::Payload payload, std::initializer_list<const PrivateKey*> keys) const;
  Uuid next_id();
  // The commands as one chain, each signed anew by its key.
  std::vector<SignedLine> chain(std::vector<std::pair<SignedLine, const PrivateKey*>> lines) const;

  // The everyday commands, at now_us. Codes and confirmations are of the moment.
  SignedLine check_in(const Member& who, std::string task = "patrol-evening", std::string rule = "patrol");
  SignedLine redeem(const Member& who, std::int64_t points, const Member& at);
  SignedLine redeem(const Member& who, std::int64_t points) { return redeem(who, points, shop); }
  SignedLine redeem(const Member& who, std::int64_t points, const Member& at, const book::PayCode& code);
  SignedLine redeem_confirmed(const Member& who, std::int64_t points, TimeUs expires_us);
  // By a printed card; the server's signature says that the PIN was right.
  SignedLine redeem_by_card(const Member& who, std::int64_t points, book::AccountId card);
  SignedLine issue(const Member& who, book::AccountId card);  // by the officer
  SignedLine refund(const Uuid& sale, const Member& to, std::int64_t points, const Member& from);
  SignedLine refund(const Uuid& sale, const Member& to, std::int64_t points) {
    return refund(sale, to, points, shop);
  }
  SignedLine cancel(const Uuid& target, const Member& by);
  SignedLine cancel(const Uuid& target) { return cancel(target, shop); }
  SignedLine reserve(const Member& who, std::int64_t points, TimeUs until_us);
  SignedLine allowance(const Member& who, std::int64_t points, TimeUs until_us);
  // A sale at `at` by the allowance's `counter`, signed by the phone at now_us and sent then.
  SignedLine redeem_offline(const Member& who, const Uuid& allowance, std::int64_t counter,
                            std::int64_t points, const Member& at);
  SignedLine redeem_offline(const Member& who, const Uuid& allowance, std::int64_t counter,
                            std::int64_t points) {
    return redeem_offline(who, allowance, counter, points, shop);
  }
  SignedLine expire(const Member& who, std::int64_t points, Day day);
  SignedLine award(const Member& who, std::int64_t points);
  SignedLine mint(std::int64_t points);
  SignedLine hand_in(std::int64_t points);  // from the budget back to issuance
  SignedLine publish(const book::Policy& version);

  book::PayCode pay_code(const Member& who, std::int64_t limit) const;
  book::Open open_resident(const Member& who, std::string scope, std::string household,
                           book::Level level) const;

 private:
  std::uint64_t ids_ = 0;
};

// A key that is the same in every run.
PrivateKey test_key(const std::string& seed);

}  // namespace dfb::test
