// A shop's people at the till: a name, a role, a PIN, and how often in a row it was wrong.
//
// The ledger knows a till's key, not who stands behind it; who did is the shop's own matter and stands in the
// till's journal by these ids, which are random and name nobody. A PIN is kept as scrypt's hash alone.
// Threads: functions as the connection.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "api/programme/cards.h"
#include "ledger/book/types.h"
#include "ledger/store/sql.h"

namespace dfb::programme {

inline constexpr std::size_t kStaffMax = 50;
inline constexpr int kStaffPinTriesMax = 5;

enum class StaffRole : std::uint8_t { cashier, manager };
std::string_view name(StaffRole role);
std::optional<StaffRole> staff_role(std::string_view word);

struct StaffMember {
  std::string id;    // as a name in docs/formats.md
  std::string name;  // 1 to 40 characters
  StaffRole role = StaffRole::cashier;
  int tries_left = kStaffPinTriesMax;  // 0: locked, until a manager or the town's office opens it
};

Result<void> check_staff_name(std::string_view name);  // malformed
std::string new_staff_id(Random& random);

// In the order in which they came.
std::vector<StaffMember> staff_of(sql::Connection& sql, book::AccountId shop);
std::optional<StaffMember> find_staff(sql::Connection& sql, book::AccountId shop, const std::string& id);
// With a PIN: adds the person, or gives them this one and all their tries.
void put_staff(sql::Connection& sql, book::AccountId shop, const StaffMember& member, const HashedPin& pin,
               TimeUs now_us);
// Name and role of one who is there; the PIN and the tries stay.
void correct_staff(sql::Connection& sql, book::AccountId shop, const StaffMember& member);
void drop_staff(sql::Connection& sql, book::AccountId shop, const std::string& id);

// A try is counted before the PIN is looked at, as with cards. The kept PIN; nothing when the person is
// locked or gone.
std::optional<HashedPin> take_staff_try(sql::Connection& sql, book::AccountId shop, const std::string& id);
void forgive_staff_tries(sql::Connection& sql, book::AccountId shop, const std::string& id);

}  // namespace dfb::programme
