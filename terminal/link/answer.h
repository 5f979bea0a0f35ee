// What the town answers, read from JSON. Source: docs/api.md. Nothing in it is believed yet; see verify.h.
//
// Unknown fields are ignored, so that an older terminal works with a newer town; missing ones and wrong types
// are malformed. Threads: values; pure functions.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"
#include "ledger/book/goods.h"
#include "ledger/book/types.h"
#include "terminal/till/sale.h"

namespace dfb::terminal {

// Answers to signed commands. `refused` is empty when the command was applied.
struct CommandAnswer {
  std::int64_t seq = 0;
  std::string entry, receipt, refused;
};

// A signed command's answer: the entry, or a problem, or a problem with the entry that proves it.
struct Reply {
  std::optional<CommandAnswer> answer;
  std::optional<Error> problem;
};

struct Town {
  std::string origin, log_vkey;
  TimeUs time_us = 0;
};

struct Ticket {
  book::AccountId account;
  std::string kind, name;
};

struct TillInfo {
  book::AccountId shop;
  KeyId till;
  std::string name_zh, name_en, origin, log_vkey;
  TimeUs time_us = 0;
  std::optional<Uuid> last = {};   // the newest of this till's sales, refunds and Z reports in the ledger
  std::int64_t fen_per_point = 0;  // the policy's rate; 0: the town does not say
};

// What a till is told for selling without a line. Nothing in it is believed yet; see pinned.h.
struct OfflineNews {
  struct Proof {
    std::string entry, receipt;
  };
  struct Allowance {
    Proof proof;
    std::string spki;
    std::string name = {};  // the holder's, masked
  };
  TimeUs time_us = 0;
  std::int64_t tills = 0;
  bool suspended = false;
  std::optional<Proof> policy;  // where another one is in force than the till has
  std::vector<Allowance> allowances;
  std::vector<Uuid> stopped;
  bool more = false;
};

// A reservation that waits to be picked up. Nothing in it is believed yet; see pinned.h.
struct Reservation {
  OfflineNews::Proof proof;  // the hold's entry
  std::string name;          // the holder's, masked
  Basket goods;
};

// What the customer said on the phone.
struct CustomersWord {
  enum class Said : std::uint8_t { nothing, yes, no } said = Said::nothing;
  std::string signature;  // yes
};

// What the shop sells by name.
struct ShopGood {
  std::string id, name_zh, name_en;  // the names at most kGoodNameMost columns wide
  std::int64_t points = 0, stock = 0;
  friend bool operator==(const ShopGood&, const ShopGood&) = default;
};
inline constexpr int kGoodNameMost = 80;

// One of the shop's people.
struct StaffMember {
  std::string id, name;  // the name is for the screen alone
  bool manager = false;
  std::int64_t tries_left = 0;  // 0: locked
  friend bool operator==(const StaffMember&, const StaffMember&) = default;
};

struct StaffVerdict {
  enum class Said : std::uint8_t { right, wrong, locked } said = Said::wrong;
  bool manager = false;
  std::int64_t tries_left = 0;
};

// `status` is the HTTP status. 200 and 201 want an answer, 4xx a problem document. busy for 503, internal for
// any other status: the town did not say what became of the command.
Result<Reply> parse_reply(int status, std::string_view body);
// The problem that a failed request of another kind tells; malformed when it is none.
Error parse_problem(std::string_view body);

Result<Town> parse_town(std::string_view body);
Result<Ticket> parse_ticket(std::string_view body);
Result<TillInfo> parse_till_info(std::string_view body);
Result<Customer> parse_presentation(std::string_view body);
Result<Reservation> parse_reservation(std::string_view body);
Result<std::string> parse_pin_token(std::string_view body);
Result<OfflineNews> parse_offline_news(std::string_view body);
// The answers to as many offline sales, in their order.
Result<std::vector<Reply>> parse_offline_answers(std::string_view body);
Result<CustomersWord> parse_word(std::string_view body);
Result<std::vector<ShopGood>> parse_goods(std::string_view body);
Result<std::vector<StaffMember>> parse_staff(std::string_view body);
Result<StaffVerdict> parse_staff_verdict(std::string_view body);
// The `changes` of /v1/log/keys.
struct LogKeyChange {
  std::string entry, receipt;
};
Result<std::vector<LogKeyChange>> parse_log_keys(std::string_view body);
// A page of the shop's own entries, newest first. `next`: there may be more below that number.
struct LeafPage {
  std::string checkpoint;
  std::vector<std::pair<std::int64_t, std::string>> leaves;
  std::optional<std::int64_t> next;
  std::map<std::int64_t, std::vector<book::GoodsLine>> goods = {};  // by the sale's entry, where it names some
};
Result<LeafPage> parse_leaves(std::string_view body);
Result<std::string> parse_certificate(std::string_view body);  // PEM

}  // namespace dfb::terminal
