// The till's line to the town. Nothing that it brings is believed: the counter verifies.
//
// An interface, because the till's behaviour when answers are late, lost, doubled or forged has to be tested
// without a network. Threads: one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/uuid.h"
#include "ledger/log/tile.h"
#include "terminal/link/answer.h"

namespace dfb::terminal {

enum class Route : std::uint8_t { redemptions, refunds, cancels, shift_reports, pick_ups };

class Line : public log::TileReader {
 public:
  // Common failures: unreachable (nothing was sent), busy (nothing happened), timed_out and all other codes
  // (what became of it is not known).
  virtual Result<TillInfo> info() = 0;
  // A refusal is an error with its own code; whatever the failure, nothing was moved.
  virtual Result<Customer> present(std::string_view code) = 0;
  // A reservation that waits at this shop. A refusal is an error, as above: hold_resolved (picked up),
  // target_already_undone (given up), hold_expired, hold_unknown, sale_of_other_shop.
  virtual Result<Reservation> reservation(const Uuid& hold) = 0;
  // The town's word that `pin` is the card's, for this sale of these points. pin_wrong, card_locked; whatever
  // the failure, nothing was moved.
  virtual Result<std::string> attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                                     book::Points points) = 0;
  // Shows a sale on the customer's phone. `quote` is the body of POST /v1/quotes.
  virtual Result<void> offer(const std::string& quote) = 0;
  virtual Result<CustomersWord> word(const Uuid& sale) = 0;
  // What the shop sells by name; empty when the town knows no such thing.
  virtual Result<std::vector<ShopGood>> goods() = 0;
  // The shop's people. Not of any sale.
  virtual Result<std::vector<StaffMember>> staff() = 0;
  // Whether that is the person's PIN. With `unlock`, a manager's right one opens that other person's lock.
  virtual Result<StaffVerdict> staff_pin(const std::string& staff, std::string_view pin,
                                         const std::string& unlock) = 0;
  virtual Result<Reply> post(Route route, const std::string& signed_command) = 0;
  // not_found when the town has never seen the id.
  virtual Result<Reply> enquire(const Uuid& id) = 0;
  // What is new for selling without a line: allowances from entry `after` on, at most a page of them, and the
  // policy where `policy_version` is not the one in force.
  virtual Result<OfflineNews> offline_news(std::int64_t after, std::int64_t policy_version) = 0;
  // `sales` is the body of POST /v1/offline-sales; as many answers as it has commands.
  virtual Result<std::vector<Reply>> upload(const std::string& sales) = 0;
  // The shop's own entries below `before`, newest first; the newest ones for nothing.
  virtual Result<LeafPage> leaves(std::optional<std::int64_t> before) = 0;
  // Every change of the log's key; empty when the town knows no such thing.
  virtual Result<std::vector<LogKeyChange>> log_keys() = 0;
};

}  // namespace dfb::terminal
