// The one list of everything that can go wrong, and the value that carries it.
//
// Numbers are frozen: a number is never reused and never changes its meaning (docs/refusals.md).
//   1..99    about the message, the line or the machine; says nothing about points and never burns an id
//   100..    refusals of the book, declared in their order of precedence: the first that applies is returned
// Threads: values.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dfb {

// X(name, number)
#define DFB_CODES(X)                    \
  X(internal, 1)                        \
  X(malformed, 2)                       \
  X(too_large, 3)                       \
  X(unsupported_version, 4)             \
  X(unknown_key, 5)                     \
  X(bad_signature, 6)                   \
  X(busy, 7)                            \
  X(not_found, 8)                       \
  X(unauthenticated, 9)                 \
  X(forbidden, 10)                      \
  X(io_error, 11)                       \
  X(corrupt, 12)                        \
  X(method_not_allowed, 13)             \
  X(bad_path, 14)                       \
  X(wrong_entry, 15)                    \
  X(inconsistent, 16)                   \
  X(shutting_down, 17)                  \
  X(rate_limited, 18)                   \
  X(unreachable, 19)                    \
  X(bad_config, 20)                     \
  X(unsupported_media_type, 21)         \
  X(timed_out, 22)                      \
  X(read_only, 23)                      \
  X(presented_elsewhere, 30)            \
  X(not_presented, 31)                  \
  X(code_stale, 32)                     \
  X(pin_wrong, 33)                      \
  X(card_locked, 34)                    \
  X(out_of_stock, 35)                   \
  X(quote_declined, 36)                 \
  X(exists_with_different_content, 100) \
  X(id_burnt, 101)                      \
  X(too_late, 102)                      \
  X(not_after_too_far, 103)             \
  X(clock_behind, 104)                  \
  X(clock_unconfirmed, 105)             \
  X(opening_over, 106)                  \
  X(origin_ended, 107)                  \
  X(chain_broken, 108)                  \
  X(key_not_enrolled, 110)              \
  X(key_revoked, 111)                   \
  X(key_outside_dates, 112)             \
  X(key_wrong_use, 113)                 \
  X(key_exists, 114)                    \
  X(possession_not_proven, 115)         \
  X(too_many_keys, 116)                 \
  X(signer_not_allowed, 120)            \
  X(out_of_scope, 121)                  \
  X(needs_second_person, 122)           \
  X(approver_not_allowed, 123)          \
  X(approver_same_person, 124)          \
  X(approver_same_household, 125)       \
  X(approver_reciprocal, 126)           \
  X(too_few_roots, 127)                 \
  X(own_benefit, 128)                   \
  X(account_unknown, 130)               \
  X(account_exists, 131)                \
  X(account_wrong_kind, 132)            \
  X(account_closed, 133)                \
  X(account_frozen, 134)                \
  X(level_too_low, 135)                 \
  X(state_unchanged, 136)               \
  X(account_not_empty, 137)             \
  X(policy_missing, 140)                \
  X(policy_wrong_version, 141)          \
  X(policy_invalid, 142)                \
  X(rule_unknown, 143)                  \
  X(rule_wrong_kind, 144)               \
  X(task_unknown, 145)                  \
  X(task_not_open, 146)                 \
  X(wrong_period, 147)                  \
  X(site_not_allowed, 148)              \
  X(site_code_stale, 149)               \
  X(fact_exists, 150)                   \
  X(cap_account, 151)                   \
  X(cap_household, 152)                 \
  X(cap_grid, 153)                      \
  X(cap_budget, 154)                    \
  X(cap_phone_level, 155)               \
  X(balance_maximum, 158)               \
  X(code_not_valid_now, 160)            \
  X(code_used, 161)                     \
  X(code_limit_exceeded, 162)           \
  X(quote_expired, 163)                 \
  X(pin_not_attested, 164)              \
  X(allowance_unknown, 165)             \
  X(allowance_spent, 166)               \
  X(counter_used, 167)                  \
  X(allowance_exists, 168)              \
  X(offline_right_lost, 169)            \
  X(limit_per_sale, 170)                \
  X(limit_per_day, 171)                 \
  X(limit_count_per_day, 172)           \
  X(balance_minimum, 173)               \
  X(hold_unknown, 180)                  \
  X(hold_resolved, 181)                 \
  X(hold_expired, 182)                  \
  X(target_unknown, 183)                \
  X(target_not_reversible, 184)         \
  X(target_already_undone, 185)         \
  X(sale_unknown, 186)                  \
  X(sale_of_other_shop, 187)            \
  X(refund_exceeds_sale, 188)           \
  X(sale_undone, 189)                   \
  X(dispute_window_open, 190)           \
  X(not_yet_expired, 191)               \
  X(refund_period_over, 192)            \
  X(hold_wrong_purpose, 193)            \
  X(insufficient_points, 200)           \
  X(budget_exhausted, 201)              \
  X(shop_below_floor, 202)              \
  X(offline_loss_empty, 203)            \
  X(amount_too_large, 204)              \
  X(entry_too_large, 205)               \
  X(amount_wrong, 206)

enum class Code : std::uint16_t {
#define DFB_X(name, number) name = number,
  DFB_CODES(DFB_X)
#undef DFB_X
};

// The wire spelling, equal to the enumerator and to the anchor in docs/refusals.md.
std::string_view name(Code code);
std::optional<Code> code_from_name(std::string_view name);

// True for refusals of the book (numbers from 100).
constexpr bool is_refusal(Code code) { return static_cast<std::uint16_t>(code) >= 100; }

// What went wrong, and for a person: where, and what to do. `detail` names no person.
struct Error {
  Code code = Code::internal;
  std::string detail;
  friend bool operator==(const Error&, const Error&) = default;
};

std::string to_string(const Error& error);

}  // namespace dfb
