// Whether the signers of a command may bring it about. Every function notes what is wrong in the ruling's
// verdict and decides nothing itself. Internal to the book. Source: docs/formats.md#authority.
#pragma once
#include "ledger/book/roles.h"
#include "ledger/book/ruling.h"

namespace dfb::book {

// Loads the enrolled signers into ruling.signers: all but keys that the payload itself brings in must be
// enrolled, live and in dates. False when `by` is not enrolled: then nothing else can be judged.
bool load_signers(Ruling& ruling);

// `key` is the device of an open account that holds `power` over `scope`.
// Notes key_wrong_use, signer_not_allowed, out_of_scope.
void needs_power(Ruling& ruling, const KeyRow& key, Power power, const std::string& scope);
bool has_power(State& state, AccountId account, Power power, const std::string& scope, TimeUs now_us);
bool has_power_anywhere(State& state, AccountId account, Power power, TimeUs now_us);

// The account holds a role that has not ended.
bool is_staff(State& state, AccountId account, TimeUs now_us);

// One person, or two of one household that is known. A household that one of them left within
// `reciprocity_days` still counts, so that nobody is moved out for the moment of an approval.
bool same_household(Ruling& ruling, const Account& one, const Account& other);

// `by` acts on `person`, who is neither themselves nor of their household. Notes own_benefit.
void acts_on(Ruling& ruling, const Account& person);

// `by` approves a benefit for `person`, who is neither themselves nor of their household, nor somebody who
// approved a benefit for them lately. Notes own_benefit, approver_reciprocal; remembers the approval.
void acts_for(Ruling& ruling, const Account& person);

// What is done to a person: something to their keys, where they may be one of the two who sign; something
// else that acts on them; or a benefit.
enum class Deed : std::uint8_t { key, act, benefit };

// `by` is an administrator over `scope`, and so is one more signer, another person of another household. With
// `person`, neither is that person or of their household; for a benefit, both act for that person. Notes what
// needs_power and acts_for do, needs_second_person, approver_not_allowed, approver_same_person,
// approver_same_household.
void needs_two_administrators(Ruling& ruling, const std::string& scope, const Account* person = nullptr,
                              Deed deed = Deed::benefit);

// One more signer, another person of another household, holds `power` over `scope`; with `person`, as above.
// Notes needs_second_person, approver_not_allowed, approver_same_person, approver_same_household,
// own_benefit, approver_reciprocal.
void needs_second(Ruling& ruling, Power power, const std::string& scope, const Account* person = nullptr,
                  Deed deed = Deed::benefit);

// `by` is another person, of another household, than the one who did the first half: `first`.
// Notes approver_same_person, approver_same_household.
void needs_another_person(Ruling& ruling, AccountId first);

// Enough root keys signed, `by` among them. Notes key_wrong_use, too_few_roots.
void needs_roots(Ruling& ruling);

// `by` is a till of `shop`. Notes key_wrong_use, signer_not_allowed.
void needs_till(Ruling& ruling, AccountId shop);

// A key that the payload brings in: it signed, and nobody has it yet. Notes possession_not_proven,
// key_exists.
void needs_new_key(Ruling& ruling, const KeyId& key);

// The id of a key in a payload, given as SPKI DER.
KeyId key_id(const std::string& spki);

// The fewest roots of a town, and the fewest of them that may sign for it.
inline constexpr std::size_t kRootsMin = 3;
inline constexpr std::int64_t kThresholdMin = 2;

// Makes the key known. Devices join their account's list. `account` may be the row in hand, or nullptr.
void enrol(Ruling& ruling, const std::string& spki, KeyUse use, Account* account, TimeUs until_us);

}  // namespace dfb::book
