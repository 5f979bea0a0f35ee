// What the model remembers of a ledger: plain maps, in the words of docs/formats.md, not in those of the
// book's rows. Values; no behaviour.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/book/outcome.h"

namespace dfb::sim {

using book::AccountId;
using Amount = std::int64_t;

// (day, grace): plain sorts before grace, as both are eaten.
using LotName = std::pair<Day, bool>;
struct Piece {
  LotName lot;
  Amount points = 0;
};
using Pieces = std::vector<Piece>;

struct Purse {
  book::AccountKind kind = book::AccountKind::resident;
  book::AccountState state = book::AccountState::open;
  book::Level level = book::Level::none;
  std::string scope, household;
  Amount balance = 0;
  Amount held = 0;
  std::map<LotName, Amount> lots;  // a resident's free points
  bool offline_right = true;
  Amount earned_as_phone = 0;
};

struct Key {
  book::KeyUse use = book::KeyUse::device;
  AccountId account;
  TimeUs until = 0, revoked = -1;
  std::int64_t last_step = -1;
  TimeUs proves_from = 0;
  bool spent = false;               // tickets
  bool brought_by_another = false;  // not by a key of the account itself
  KeyId brought_by;
  bool for_staff = false;  // a ticket of an account that held a role when it was issued
};

// A printed card.
struct Card {
  AccountId account;
  bool ended = false;
  TimeUs proves_from = 0;
};

struct Grant {
  book::Role role = book::Role::officer;
  std::string scope;
  TimeUs from = 0, until = 0;
};

enum class SaleKind { code, quote, card, capture, offline };
struct Sale {
  std::int64_t seq = 0;
  TimeUs at = 0;
  AccountId resident, shop;
  Amount points = 0, left = 0, cancelled = 0;
  Pieces ate;  // what is not put back yet, in the order eaten
  SaleKind kind = SaleKind::code;
  bool undone = false;
};

enum class HoldKind { reserve, allowance, review };
struct Reserved {
  HoldKind kind = HoldKind::reserve;
  std::int64_t seq = 0;
  AccountId owner;  // whose points: the resident, or the budget of a review
  AccountId shop;   // reserve
  KeyId device;     // allowance
  TimeUs at = 0, until = 0;
  Amount points = 0;
  Pieces pieces;
  bool resolved = false;
  std::map<std::int64_t, std::set<std::string>> bodies;  // allowance: what was signed under each counter
  Amount allowed = 0;                                    // allowance: at first
  std::map<KeyId, Amount> sold;                          // allowance: by each till, taken or lost
  // review:
  AccountId resident, recorder;
  std::string fact, rule;
  std::vector<std::string> caps;
  int expiry_months = 0;
  Amount as_phone = 0;
};

// A redemption by offline code that convicted a phone: what `cover` may still pay.
struct Conviction {
  AccountId shop;
  Amount left = 0;
};

// An entry that paid an award.
struct Paid {
  AccountId resident, budget;
  Day day = 0;
  Amount points = 0;
  bool reversed = false;
};

struct Published {
  TimeUs effective = 0;
  book::Policy policy;
};

struct Seen {
  Hash digest;
  std::int64_t seq = 0;
  bool burnt_unseen = false;
  bool refused = false;
};

struct DayOfSpending {
  Amount code_points = 0, code_count = 0, quote_points = 0, card_points = 0, card_count = 0;
};

struct World {
  std::map<AccountId, Purse> accounts;
  std::map<KeyId, Key> keys;
  std::map<AccountId, Card> cards;  // by the card's number
  std::map<AccountId, std::vector<Grant>> roles;
  std::map<Uuid, Seen> seen;
  std::map<Uuid, Sale> sales;
  std::map<Uuid, Reserved> holds;
  std::map<Uuid, Conviction> convictions;
  std::map<std::int64_t, Paid> paid;
  std::set<std::string> facts;
  std::map<std::string, std::int64_t> caps;
  std::map<std::pair<AccountId, Day>, DayOfSpending> spending;
  std::map<std::pair<AccountId, Day>, Amount> sold;              // by shop, minus what came back
  std::map<std::pair<KeyId, std::int64_t>, std::int64_t> burns;  // by key and hour
  std::map<std::int64_t, std::int64_t> phone_opens;              // by hour
  std::map<std::pair<AccountId, AccountId>, TimeUs> approved;    // (approver, beneficiary)
  std::map<std::pair<AccountId, std::string>, TimeUs> left;      // households that somebody moved out of
  std::map<AccountId, std::int64_t> settled_through;
  std::map<std::string, book::Task> tasks;
  std::map<std::int64_t, Published> policies;
  std::set<KeyId> roots;
  std::set<std::string> witnesses;
  std::string origin, log_vkey;
  std::int64_t threshold = 0;
  std::int64_t size = 0;
  TimeUs last_time = 0;
  bool continues = false, ended = false;
};

}  // namespace dfb::sim
