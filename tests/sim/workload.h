// A seeded generator of command sequences over the Stage that crosses features on purpose: it looks at the
// model to aim at limits, deadlines, used codes and known ids, and to miss them by one. The same seed gives
// the same commands (their signatures aside). Threads: one.
#pragma once
#include <functional>
#include <random>

#include "tests/sim/stage.h"

namespace dfb::sim {

struct Mix {
  bool real_signatures = false;  // else zeros, for a book that is asked without ledger/check
  bool later = true;  // holds, reviews, offline sales, expiry, settlement, reversals, chains, the clock
};

class Workload {
 public:
  Workload(const Stage& stage, std::uint64_t seed, Mix mix);
  Sequence make(int count);

 private:
  using Line = std::optional<test::SignedLine>;
  using Signers = std::vector<const PrivateKey*>;

  // workload.cpp: chance, time, the envelope.
  std::int64_t roll(std::int64_t below) {
    return static_cast<std::int64_t>(random_() % std::uint64_t(below));
  }
  bool chance(int percent) { return roll(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(roll(std::int64_t(from.size())))];
  }
  template <class Map>
  auto pick_entry(const Map& map) {
    return std::next(map.begin(), roll(std::int64_t(map.size())));
  }
  void pass_time();
  std::vector<TimeUs> deadlines() const;
  Uuid next_id();
  test::SignedLine sign(book::Body body, const Signers& keys);
  test::SignedLine sign(book::Payload payload, const Signers& keys);
  std::string sign_inner(const PrivateKey& key, SignedKind kind, std::string_view body);
  void send(Sequence& out, std::vector<test::SignedLine> lines);
  Line next();
  Line again();

  // workload_spending.cpp
  const Person& anybody() { return pick(stage_.people); }
  const PrivateKey& phone_of(const Person& person);
  const test::Member& some_shop();
  const PrivateKey& till_of(book::AccountId shop) const;
  Amount some_points(AccountId resident);
  book::Transfer redemption(const Person& who, const test::Member& shop);
  Line redeem_code();
  Line redeem_quote();
  test::SignedLine confirmed(book::Transfer transfer, const PrivateKey& phone);
  Line redeem_offline();
  Line refund();
  Line cancel();
  Line reserve();
  Line allowance();
  Line resolve();
  // workload_cards.cpp
  AccountId some_card();
  const Person* holder_of(AccountId card) const;
  Line issue_card();
  Line end_card();
  Line redeem_card();
  // workload_town.cpp
  Line record();
  test::SignedLine attendance(const Person& who, const PrivateKey* by = nullptr);
  Line award();
  Line mint();
  Line give_back();
  Line expire();
  Line settle();
  test::SignedLine payout(AccountId shop, Amount points);
  Line fund();
  Line cover();
  Line reverse();
  Line publish();
  Line task();
  Line clock();
  Line shift_report();
  Line closing();
  std::vector<test::SignedLine> chain();
  // workload_people.cpp
  Line add_phone();
  Line add_ticket();
  Line revoke();
  Line tills();
  Line staff();
  Line pass_on();
  Line leave_home();
  const PrivateKey* ticket_of(book::AccountId account) const;
  Line state();
  Line level();
  Line move_house();
  Line role();
  Line open();
  Line rare();
  // workload_crossings.cpp: several commands in a row, each after a look at what became of the one before.
  bool entered(Sequence& out, const Line& line);  // sends it
  void wait_until(Sequence& out, TimeUs time);
  bool publish_with(Sequence& out, const std::function<void(book::Policy&)>& change);
  const Person* somebody_with(Amount points);  // who can pay now; nullptr for nobody
  std::optional<Piece> next_lot(AccountId resident) const;
  test::SignedLine sale_of(const Person& who, const test::Member& shop, Amount points);
  Line refund_of(const Uuid& sale, Amount points);
  Line expiry_of(AccountId resident, Day day);
  void cross_grace(Sequence& out);
  void cross_reservation(Sequence& out);
  void cross_farewell(Sequence& out);
  void cross_debt(Sequence& out);
  // workload_crossings_town.cpp
  void crossing(Sequence& out);
  bool share(Sequence& out, book::CapOf of, const Person& one, const Person& other);
  void cross_caps(Sequence& out);
  void cross_budget(Sequence& out);
  void cross_home(Sequence& out);
  void cross_second(Sequence& out);
  void cross_phones(Sequence& out);
  // workload_keys.cpp
  const PrivateKey& server();
  Signers some_roots();
  Line roots();
  Line server_key();
  Line witness();

  const Stage& stage_;
  const Mix mix_;
  Model model_;
  std::mt19937_64 random_;
  SeededRandom ids_;
  TimeUs now_;
  const bool calm_, closing_;  // closing_: a shop's last days are what it is about
  std::vector<test::SignedLine> sent_, delayed_;
  std::vector<std::string> codes_;                        // pay codes shown before
  std::vector<book::OfflineProof> offline_proofs_;        // and offline proofs
  std::vector<std::pair<Amount, AccountId>> offline_of_;  // their points and shops
  std::vector<Uuid> future_ids_;                          // burnt by a cancel before their command is made
  std::uint64_t opened_ = 0, cards_ = 0;
};

}  // namespace dfb::sim
