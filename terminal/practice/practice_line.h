// A town in memory, for learning the till: no network, no town's key, no folder. Sales, refunds and cancels become
// entries of a log of its own, with real proofs, so that the till does all that it does otherwise.
//
// Any pay code, card or eight digits pay, and any pick-up code is a reservation; what is scanned goes nowhere. Card PIN 123456; one customer with 500
// points, of which a code pays up to 50 and the phone, which always says yes, the rest. A few goods, of which
// one is nearly and one quite sold out. Threads: one.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/edge.h"
#include "ledger/log/signer.h"
#include "terminal/link/line.h"
#include "terminal/setup.h"

namespace dfb::terminal {

inline constexpr const char* kPracticeOrigin = "practice.defenbao";

class PracticeLine final : public Line {
 public:
  // `shop`: whose names are shown. `till` signs.
  PracticeLine(Setup shop, const PublicKey& till, const Clock& clock);

  // What enrolment would have written.
  const Setup& setup() const { return setup_; }
  log::Checkpoint checkpoint() const;

  Result<TillInfo> info() override;
  Result<Customer> present(std::string_view code) override;
  Result<Reservation> reservation(const Uuid& hold) override;
  Result<std::string> attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                             book::Points points) override;
  Result<void> offer(const std::string& quote) override;
  Result<CustomersWord> word(const Uuid& sale) override;
  Result<std::vector<ShopGood>> goods() override { return goods_; }
  // Nobody has to sign in to learn, and so nothing is voided.
  Result<std::vector<StaffMember>> staff() override { return std::vector<StaffMember>(); }
  Result<StaffVerdict> staff_pin(const std::string&, std::string_view, const std::string&) override {
    return fail(Code::not_found);
  }
  Result<Reply> post(Route route, const std::string& signed_command) override;
  Result<Reply> enquire(const Uuid& id) override;
  Result<LeafPage> leaves(std::optional<std::int64_t> before) override;
  Result<std::string> tile(int level, std::int64_t index, int width) override;
  // Practice has a line at all times.
  Result<OfflineNews> offline_news(std::int64_t, std::int64_t) override { return fail(Code::not_found); }
  Result<std::vector<Reply>> upload(const std::string&) override { return fail(Code::not_found); }
  Result<std::vector<LogKeyChange>> log_keys() override { return std::vector<LogKeyChange>(); }

 private:
  struct Sold {
    std::int64_t seq = 0, points = 0, back = 0;
    std::vector<book::GoodsLine> goods = {};
  };
  book::Outcome judge(const book::Payload& payload, const std::vector<book::GoodsLine>& goods);
  bool is_in_stock(const std::vector<book::GoodsLine>& lines) const;
  void move_goods(const std::vector<book::GoodsLine>& lines, std::int64_t sign);
  book::Outcome undo(const book::Cancel& cancel);
  CommandAnswer answer(std::int64_t seq);
  Result<void> append(const std::string& payload, const std::vector<KeySignature>& signatures,
                      const book::Outcome& outcome);
  std::string note() const;

  const Clock& clock_;
  PrivateKey log_key_, phone_;
  log::Signer signer_;
  Setup setup_;
  log::Edge edge_;
  std::vector<std::string> leaves_;
  std::map<std::pair<int, std::int64_t>, std::string> full_tiles_;
  std::map<Uuid, std::int64_t> answered_;  // the entry that first answered a command
  std::map<Uuid, Sold> sales_;
  std::map<Uuid, std::int64_t> holds_;  // the entry that made it; -1 once it was picked up
  std::vector<ShopGood> goods_;
  std::int64_t balance_ = 500;
  int asked_ = 0;  // for the customer's word, since the last offer
};

}  // namespace dfb::terminal
