// A town at the other end of the till's line, without a network: the book's real rules, a real log with real
// receipts, and faults on request.
#pragma once
#include <boost/json/object.hpp>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/log/checkpoint.h"
#include "terminal/link/line.h"
#include "terminal/setup.h"
#include "tests/support/memory_ledger.h"
#include "tests/support/town.h"
#include "tests/unit/log/tree.h"

namespace dfb::terminal::test {

enum class Fault : std::uint8_t {
  none,
  lose_request,  // the town never gets it; timed_out
  lose_answer,   // the town does it; timed_out
  cut,           // nothing is sent; unreachable
  busy,          // 503
};

class TownLine final : public Line {
 public:
  // Applies the first lines. With a path, what the town receives is kept in that file and replayed by the
  // next TownLine on it: a town that outlives the till's process. Its leaves are the same only if the first
  // lines are.
  TownLine(dfb::test::Town& town, const std::vector<dfb::test::SignedLine>& first, const PrivateKey& log_key,
           ManualClock& clock, std::string received_path);

  Result<TillInfo> info() override;
  Result<Customer> present(std::string_view code) override;
  Result<Reservation> reservation(const Uuid& hold) override;
  Result<std::string> attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                             book::Points points) override;
  Result<void> offer(const std::string& quote) override;
  Result<CustomersWord> word(const Uuid& sale) override;
  Result<std::vector<ShopGood>> goods() override;
  Result<std::vector<StaffMember>> staff() override;
  Result<StaffVerdict> staff_pin(const std::string& staff, std::string_view pin,
                                 const std::string& unlock) override;
  Result<Reply> post(Route route, const std::string& signed_command) override;
  Result<Reply> enquire(const Uuid& id) override;
  Result<std::string> tile(int level, std::int64_t index, int width) override;
  Result<std::vector<LogKeyChange>> log_keys() override;
  Result<OfflineNews> offline_news(std::int64_t after, std::int64_t policy_version) override;
  Result<std::vector<Reply>> upload(const std::string& sales) override;
  // Those that name the shop or bear its till's signature.
  Result<LeafPage> leaves(std::optional<std::int64_t> before) override;
  std::size_t leaves_a_page = 2;
  std::function<void(LeafPage&)> forge_leaves;  // changes each page on its way

  // Taken one by one by presentations, posts and enquiries; afterwards `lasting` holds.
  std::deque<Fault> faults;
  Fault lasting = Fault::none;
  std::function<void(Reply&)> forge;  // changes each reply on its way
  std::function<void()> on_post;      // before the town gets it
  TimeUs clock_ahead_us = 0;          // the town's clock
  // Offline selling: changes the news on their way; what was stopped; the till's last entry, as the town says.
  std::function<void(OfflineNews&)> forge_news;
  std::vector<Uuid> stopped;
  bool suspended = false;
  bool revoked = false;  // the till
  int uploads = 0;
  std::size_t uploads_most = 1000;  // sales in one: more do not get through in time
  int posts = 0, enquiries = 0;
  std::vector<std::string> bodies;  // of all posts
  std::vector<Route> routes;        // to which they went

  // A card with a PIN is the resident's; `handle` stands for a code of theirs.
  book::AccountId card{book::kFirstFreeAccount + 77};
  std::string pin = "271828", handle = "12345678", handle_code;
  // What waits to be picked up, and changes what is said of it on the way.
  std::map<Uuid, Basket> reserved;
  std::function<void(Reservation&)> forge_reservation;
  // What the customer says to a sale on the phone, once asked so often.
  CustomersWord::Said says = CustomersWord::Said::yes;
  int asked_before_word = 1;
  int attested = 0, offers = 0, words = 0;
  // What the shop sells by name. A sale that names goods takes them from the stock, and its cancel puts them back.
  std::vector<ShopGood> stock;
  int goods_asked = 0;
  std::string offered;  // the last quote
  std::int64_t left(const std::string& good) const;
  void note_goods(const Uuid& sale, const Basket& goods) { sold_goods_[sale] = lines_of(goods); }  // another till sold them
  // The shop's people, and their PINs.
  std::vector<StaffMember> people;
  std::map<std::string, std::string> pins;
  // The log's key changes, and both sign until end_overlap(), an hour later.
  void rotate(const PrivateKey& next);
  void end_overlap() {
    clock_.advance(kHourUs);
    signing_.erase(signing_.begin());
  }
  std::function<void(std::vector<LogKeyChange>&)> forge_keys;

  // The town replaces an entry of its past and signs as if nothing had happened.
  void rewrite_history();
  void grow(int entries);  // other people's entries

  const std::vector<std::string>& leaves() const { return leaves_; }
  std::int64_t balance(const dfb::test::Member& who) const { return ledger_.balance(who.account); }
  std::int64_t size() const { return static_cast<std::int64_t>(leaves_.size()); }
  log::Checkpoint checkpoint() const;
  // A command's reply as the API gives it; applies it if it is new.
  Reply take(const dfb::test::SignedLine& line);
  std::optional<Uuid> last_of_till() const;

 private:
  Fault next_fault();
  void append(const dfb::test::SignedLine& line, const book::Outcome& outcome);
  CommandAnswer answer(std::int64_t seq);
  Reply receive(const boost::json::object& command);
  Result<void> faulty();
  Result<void> take_goods(const boost::json::object& command, const book::Payload& payload);
  void keep(const dfb::test::SignedLine& line) const;
  void replay();

  dfb::test::Town& town_;
  std::string note() const;
  std::string named_vkey_;           // what it says that its key is
  std::vector<PrivateKey> signing_;  // the keys in force
  std::vector<LogKeyChange> key_changes_;
  ManualClock& clock_;
  std::string received_path_;
  dfb::test::MemoryLedger ledger_;
  std::vector<std::string> leaves_;
  std::map<Uuid, std::vector<book::GoodsLine>> sold_goods_;
  std::string token_, quote_;
  log::test::Tree tree_;
};

// A founded town in which `town.resident` has 100 points.
std::vector<dfb::test::SignedLine> first_lines(dfb::test::Town& town);

// What enrolment would have written for the town's shop.
Setup setup_of(const dfb::test::Town& town);

}  // namespace dfb::terminal::test
