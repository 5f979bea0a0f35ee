// The book's state as rows. Each row has a key and named columns; engines store them, the auditor keeps them
// in memory, and both see the same columns. Everything here is derived from entries and can be rebuilt from
// them.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/base/uuid.h"
#include "ledger/book/policy.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace dfb::book {

// Every row type R has: R::kTable (SQL name), R::Key (ordered value with its own columns()), key(), and
// columns(self, f): f("name", field) for the columns after the key, in a fixed order.
#define DFB_ROW_KEY(...)                                     \
  friend auto operator<=>(const Key&, const Key&) = default; \
  template <class Self, class F>                             \
  static void columns(Self& self, F&& f) {                   \
    __VA_ARGS__                                              \
  }

struct Account {
  static constexpr const char* kTable = "account";
  struct Key {
    AccountId id;
    DFB_ROW_KEY(f("id", self.id);)
  };
  Key key() const { return {id}; }
  AccountId id;
  AccountKind kind = AccountKind::resident;
  AccountState state = AccountState::open;
  Level level = Level::none;
  std::string scope, household;
  Points balance;              // everything the account owns; for residents equal to total(lots) + held
  Points held;                 // part of the balance that holds have set aside
  Lots lots;                   // residents only: what may be spent
  std::vector<KeyId> devices;  // device keys not revoked
  KeyId enroller;              // who opened it or raised its level last
  TimeUs opened_us = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("kind", s.kind), f("state", s.state), f("level", s.level), f("scope", s.scope),
        f("household", s.household);
    f("balance", s.balance), f("held", s.held), f("lots", s.lots), f("devices", s.devices);
    f("enroller", s.enroller), f("opened_us", s.opened_us);
  }
};

struct KeyRow {
  static constexpr const char* kTable = "signing_key";
  struct Key {
    KeyId id;
    DFB_ROW_KEY(f("id", self.id);)
  };
  Key key() const { return {id}; }
  KeyId id;
  std::string spki;
  KeyUse use = KeyUse::device;
  AccountId account;  // 0 for server and roots
  KeyId enroller;
  TimeUs from_us = 0, until_us = 0, revoked_us = 0;  // 0 = none
  std::int64_t last_step = 0;                        // devices: the last pay code step used
  TimeUs proves_from_us = 0;                         // when it, or a device that it brings in, may first pay
  std::int64_t spent = 0;                            // tickets: 1 after their one use
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("spki", s.spki), f("use", s.use), f("account", s.account), f("enroller", s.enroller),
        f("from_us", s.from_us);
    f("until_us", s.until_us), f("revoked_us", s.revoked_us), f("last_step", s.last_step),
        f("spent", s.spent);
    f("proves_from_us", s.proves_from_us);
  }
};

// A printed card with a PIN.
struct CardRow {
  static constexpr const char* kTable = "card";
  struct Key {
    AccountId card;
    DFB_ROW_KEY(f("card", self.card);)
  };
  Key key() const { return {card}; }
  AccountId card, account;
  std::int64_t open = 1;  // 0: ended, for good
  KeyId enroller;
  TimeUs proves_from_us = 0;  // when a redemption may first be proven by it
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("account", s.account), f("open", s.open), f("enroller", s.enroller);
    f("proves_from_us", s.proves_from_us);
  }
};

struct Grant {
  Role role = Role::officer;
  std::string scope;
  TimeUs from_us = 0, until_us = 0;  // until 0 = no end
  friend bool operator==(const Grant&, const Grant&) = default;
};
struct RoleRow {
  static constexpr const char* kTable = "role";
  struct Key {
    AccountId account;
    DFB_ROW_KEY(f("account", self.account);)
  };
  Key key() const { return {account}; }
  AccountId account;
  std::vector<Grant> grants;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("grants", s.grants);
  }
};

inline constexpr std::int64_t kFactFreed = -1;  // a review said no: the fact may be stated again

// A unique fact: "kind subject account period" -> the entry that states it, or kFactFreed.
struct FactRow {
  static constexpr const char* kTable = "fact";
  struct Key {
    std::string fact;
    DFB_ROW_KEY(f("fact", self.fact);)
  };
  Key key() const { return {fact}; }
  std::string fact;
  std::int64_t seq = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("seq", s.seq);
  }
};

// A running count or sum that a limit compares with: "rule patrol account 7ZK… 2026-11-24" -> 2.
struct CounterRow {
  static constexpr const char* kTable = "counter";
  struct Key {
    std::string counter;
    DFB_ROW_KEY(f("counter", self.counter);)
  };
  Key key() const { return {counter}; }
  std::string counter;
  std::int64_t value = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("value", s.value);
  }
};

// Every id ever seen. `seq` is the entry that holds its first answer. An id that a cancel burnt unseen has no
// digest.
struct CommandRow {
  static constexpr const char* kTable = "command";
  struct Key {
    Uuid id;
    DFB_ROW_KEY(f("id", self.id);)
  };
  Key key() const { return {id}; }
  Uuid id;
  Hash digest;
  std::int64_t seq = 0;
  std::int64_t burnt_unseen = 0;  // 1: a cancel came first; the command itself was never seen
  std::int64_t refused = 0;       // the refusal's number when the first answer was a refusal
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("digest", s.digest), f("seq", s.seq), f("burnt_unseen", s.burnt_unseen), f("refused", s.refused);
  }
};

// A redemption, for its refunds and its cancel. `ate` is what has not been put back yet, in the order eaten.
struct SaleRow {
  static constexpr const char* kTable = "sale";
  struct Key {
    Uuid id;
    DFB_ROW_KEY(f("id", self.id);)
  };
  Key key() const { return {id}; }
  Uuid id;
  std::int64_t seq = 0;
  TimeUs at_us = 0;
  AccountId resident, shop;
  KeyId till;
  Points points, refunded;
  Lots ate;
  std::string proof;  // "code" or "quote": whose daily allowance a cancel gives back; "hold", "offline"
  std::int64_t undone = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("seq", s.seq), f("at_us", s.at_us), f("resident", s.resident), f("shop", s.shop), f("till", s.till);
    f("points", s.points), f("refunded", s.refunded), f("ate", s.ate), f("proof", s.proof);
    f("undone", s.undone);
  }
};

// Points set aside, until they are resolved. `points` and `lots` are what is still held; those of a review
// are the budget's, for `to`.
struct HoldRow {
  static constexpr const char* kTable = "hold";
  struct Key {
    Uuid id;
    DFB_ROW_KEY(f("id", self.id);)
  };
  Key key() const { return {id}; }
  Uuid id;
  std::int64_t seq = 0;
  HoldPurpose purpose = HoldPurpose::reserve;
  AccountId account, to;  // to: the shop of a reservation, the resident of a review
  KeyId device;           // allowance
  Points points;
  Lots lots;  // in the order in which they are taken; none on a budget
  TimeUs at_us = 0, until_us = 0;
  std::int64_t cash_fen = 0;       // reserve
  std::int64_t expiry_months = 0;  // review: of the lot to come
  Points phone_points;             // review: what it counts in the resident's phone-life counter
  std::string fact;                // review: the fact and the caps that a rejection frees
  std::vector<std::string> counters;
  AccountId recorder;         // review: whose key recorded the fact
  Points allowed;             // allowance: what it was made for
  std::int64_t taken = 0;     // allowance: 1 once a sale took from it
  std::int64_t resolved = 0;  // 1: captured, released or cancelled
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("seq", s.seq), f("purpose", s.purpose), f("account", s.account), f("to_account", s.to);
    f("device", s.device), f("points", s.points), f("lots", s.lots), f("at_us", s.at_us);
    f("until_us", s.until_us), f("cash_fen", s.cash_fen), f("expiry_months", s.expiry_months);
    f("phone_points", s.phone_points), f("fact", s.fact), f("counters", s.counters);
    f("recorder", s.recorder), f("allowed", s.allowed), f("taken", s.taken), f("resolved", s.resolved);
  }
};

// An award that was paid, for its reversal.
struct AwardRow {
  static constexpr const char* kTable = "award";
  struct Key {
    std::int64_t seq;
    DFB_ROW_KEY(f("seq", self.seq);)
  };
  Key key() const { return {seq}; }
  std::int64_t seq = 0;
  AccountId budget, resident;
  Points points;
  std::int64_t day = 0;  // its lot's
  std::int64_t reversed = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("budget", s.budget), f("resident", s.resident), f("points", s.points), f("day", s.day);
    f("reversed", s.reversed);
  }
};

struct TaskRow {
  static constexpr const char* kTable = "task";
  struct Key {
    std::string task;
    DFB_ROW_KEY(f("task", self.task);)
  };
  Key key() const { return {data.task}; }
  Task data;
  std::int64_t seq = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("rule", s.data.rule), f("scope", s.data.scope), f("opens_us", s.data.opens_us),
        f("closes_us", s.data.closes_us);
    f("budget", s.data.budget), f("sites", s.data.sites), f("review", s.data.review), f("seq", s.seq);
  }
};

// One published policy; `payload` is the entry's payload line, parsed again when it is read.
struct PolicyRow {
  static constexpr const char* kTable = "policy";
  struct Key {
    std::int64_t version;
    DFB_ROW_KEY(f("version", self.version);)
  };
  Key key() const { return {version}; }
  std::int64_t version = 0;
  TimeUs from_us = 0;
  std::string payload;
  std::int64_t seq = 0;
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("from_us", s.from_us), f("payload", s.payload), f("seq", s.seq);
  }
};

// The ledger's own few facts, one row.
struct LedgerRow {
  static constexpr const char* kTable = "ledger";
  struct Key {
    std::int64_t one;
    DFB_ROW_KEY(f("one", self.one);)
  };
  Key key() const { return {1}; }
  std::int64_t size = 0;            // entries so far
  TimeUs last_time_us = 0;          // the last entry's time
  std::int64_t policy_version = 0;  // the newest published, in force or not
  std::int64_t threshold = 0;       // root signatures needed
  std::string log_vkey;             // the log's key, the newest named
  std::string former_vkey;          // it signs too until `former_until_us`
  TimeUs former_until_us = 0;
  std::int64_t continues = 0;   // 1: opening balances may come, until the first policy
  std::int64_t ended = 0;       // 1: nothing follows
  std::string chain;            // ids of the chain that is being entered, by space
  std::int64_t chain_done = 0;  // how many of them stand
  std::vector<KeyId> roots;     // those in force
  std::vector<KeyId> servers;   // the server's keys that were not revoked, the newest last
  template <class Self, class F>
  static void columns(Self& s, F&& f) {
    f("size", s.size), f("last_time_us", s.last_time_us), f("policy_version", s.policy_version);
    f("threshold", s.threshold), f("log_vkey", s.log_vkey), f("former_vkey", s.former_vkey);
    f("former_until_us", s.former_until_us), f("continues", s.continues), f("ended", s.ended);
    f("chain", s.chain), f("chain_done", s.chain_done);
    f("roots", s.roots), f("servers", s.servers);
  }
};

// The one list of tables: X(Row) for every row type.
#define DFB_BOOK_ROWS_BUT_LEDGER(X) \
  X(Account)                        \
  X(KeyRow)                         \
  X(CardRow) X(RoleRow) X(FactRow) X(CounterRow) X(CommandRow) X(SaleRow) X(HoldRow) X(AwardRow) X(TaskRow) X(PolicyRow)
#define DFB_BOOK_ROWS(X) DFB_BOOK_ROWS_BUT_LEDGER(X) X(LedgerRow)

template <class... Row>
struct RowList {
  template <template <class> class Of>
  using Tuple = std::tuple<Of<Row>...>;
  template <template <class> class Of>
  struct Bases : Of<Row>... {};
  template <class F>
  static void each(F&& f) {
    (f.template operator()<Row>(), ...);
  }
};
#define DFB_X(Row) Row,
using RowTypes = RowList<DFB_BOOK_ROWS_BUT_LEDGER(DFB_X) LedgerRow>;
#undef DFB_X

// Calls f.template operator()<Row>() for every row type.
template <class F>
void for_each_row_type(F&& f) {
  RowTypes::each(f);
}

template <template <class> class Of>
using PerRow = RowTypes::Tuple<Of>;

// Where rows are read from. Errors of the source itself throw std::runtime_error: the batch is lost, nothing
// else.
template <class Row>
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::optional<Row> read(const typename Row::Key& key) const = 0;
};
class Rows : public RowTypes::Bases<RowSource> {
 public:
  template <class Row>
  std::optional<Row> get(const typename Row::Key& key) const {
    return static_cast<const RowSource<Row>&>(*this).read(key);
  }
};

}  // namespace dfb::book
