// Running counts and sums that limits compare with. One row each; the names are part of the derived state, so
// a rebuild gives the same ones.
#pragma once
#include <string>

#include "ledger/book/ruling.h"

namespace dfb::book {

std::int64_t counter(State& state, const std::string& name);
void count(State& state, const std::string& name, std::int64_t by);

// The spending of one account on one civil day by pay codes, quotes or cards; `proof` is one of the kBy… words.
std::string day_points_counter(std::string_view proof, AccountId account, Day day);
std::string day_sales_counter(std::string_view proof, AccountId account, Day day);

// All that an account earned while it was of level `phone`.
std::string phone_life_counter(AccountId account);

// Accounts that the server's key opened in the hour of `now_us`.
std::string phone_opens_counter(TimeUs now_us);

// Keys and tickets that an account brought in by itself on a civil day.
std::string own_keys_counter(AccountId account, Day day);

// 1 while an offline allowance of the account is open; 1 once it has lost its offline right.
std::string allowance_counter(AccountId account);
std::string offline_lost_counter(AccountId account);

// Codes that were entered under an allowance's counter; and 1 for a code that was, by its digest.
std::string offline_use_counter(const Uuid& allowance, std::int64_t n);
std::string offline_code_counter(const Hash& code);

// Points that a till sold by an allowance: what was taken, and what the reserve may have to pay.
std::string offline_till_counter(const Uuid& allowance, const KeyId& till);

// Points of an offline sale that was refused, which the reserve has not covered yet.
std::string loss_counter(const Uuid& sale, AccountId shop);

// What a shop sold on a civil day, less what of it came back; the entry that its last statement went up to.
std::string sold_counter(AccountId shop, Day day);
std::string settled_counter(AccountId shop);

// 1 while the town names a witness of this name; 0 once it was removed.
std::string witness_counter(const std::string& name);

// Ids burnt by a key in the hour of `now_us`.
std::string burns_counter(const KeyId& key, TimeUs now_us);

// When `approver` last signed something that benefits `person`.
std::string approval_counter(AccountId approver, AccountId person);

// When an account left a household last.
std::string left_counter(AccountId account, const std::string& household);

// 1 for a ticket that two administrators signed for.
std::string staff_ticket_counter(const KeyId& ticket);

// The grid of a place: the first two levels of its scope.
std::string grid_of(const std::string& scope);

// What a cap counts: the rule, whom it is counted for, and the civil hour, day or month, or the whole life.
// An account without a household counts as a household of its own.
std::string cap_counter(const Rule& rule, const Cap& cap, const Account& resident, AccountId budget,
                        TimeUs now_us);

}  // namespace dfb::book
