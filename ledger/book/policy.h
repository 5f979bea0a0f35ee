// The policy: scoring rules, limits and tasks, published as entries. Source: docs/formats.md#policy.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace dfb::book {

enum class CapOf : std::uint8_t { account, household, grid, budget };
enum class CapPer : std::uint8_t { hour, day, month, life };
enum class Unique : std::uint8_t { day, month, once };
enum class RuleProof : std::uint8_t { none, site, officer };
enum class Review : std::uint8_t { none, all };

struct Cap {
  CapOf of = CapOf::account;
  CapPer per = CapPer::day;
  std::int64_t most = 0;
  friend bool operator==(const Cap&, const Cap&) = default;
};

struct Rule {
  std::string id, kind;  // kind: the record's
  Points points;
  std::vector<Cap> caps;
  Unique unique = Unique::day;
  RuleProof proof = RuleProof::none;
  Review review = Review::none;
  int expiry_months = 12;
};

// X(name): every limit, in the documented order; units stand in the name or in the document.
#define DFB_LIMITS(X)                                                                                   \
  X(code_points)                                                                                        \
  X(code_points_day)                                                                                    \
  X(code_count_day)                                                                                     \
  X(quote_points) X(quote_points_day) X(card_points) X(card_points_day) X(card_count_day)               \
      X(offline_allowance) X(offline_hours) X(offline_upload_days) X(offline_till_points)               \
          X(phone_life_points) X(balance_max) X(balance_min) X(refund_days) X(refund_grace_days)        \
              X(reciprocity_days) X(dispute_hours) X(cancel_hours) X(reserve_hours) X(new_device_hours) \
                  X(phone_opens_hour) X(shop_floor) X(large_award_points) X(large_reversal_points)      \
                      X(burns_hour) X(idle_gap_hours) X(fen_per_point)

struct Limits {
#define DFB_X(name) std::int64_t name = 0;
  DFB_LIMITS(DFB_X)
#undef DFB_X
};

struct Policy {
  std::int64_t version = 0;
  std::int64_t book = 1;  // the version of the book's rules that judges from then on
  TimeUs from_us = 0;
  std::vector<Rule> rules;
  Limits limits;
  const Rule* rule(std::string_view id) const;
};

struct Task {
  std::string task, rule, scope;
  TimeUs opens_us = 0, closes_us = 0;
  AccountId budget;
  std::vector<KeyId> sites;
  Review review = Review::none;
};

std::string_view name(Unique);
std::string_view name(RuleProof);
std::string_view name(Review);
Result<void> parse(std::string_view text, Unique& out);
Result<void> parse(std::string_view text, RuleProof& out);
Result<void> parse(std::string_view text, Review& out);
std::string to_string(const Cap& cap);  // account/day:2
Result<Cap> parse_cap(std::string_view text);

// The record's period by the rule's uniqueness at that moment: 2026-11-24, 2026-11 or -.
std::string period_at(Unique unique, TimeUs now_us);

}  // namespace dfb::book
