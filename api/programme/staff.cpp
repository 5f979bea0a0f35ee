#include "api/programme/staff.h"

#include <algorithm>

#include "api/programme/text.h"
#include "ledger/base/encoding.h"

namespace dfb::programme {
namespace {

constexpr std::size_t kStaffIdBytes = 6, kStaffNameMax = 40;

StaffMember member_in(const sql::Row& row) {
  return {row.text(0), row.text(1), row.text(2) == "manager" ? StaffRole::manager : StaffRole::cashier,
          static_cast<int>(std::max<std::int64_t>(0, kStaffPinTriesMax - row.integer(3)))};
}

}  // namespace

std::string_view name(StaffRole role) { return role == StaffRole::manager ? "manager" : "cashier"; }

std::optional<StaffRole> staff_role(std::string_view word) {
  if (word == "cashier") return StaffRole::cashier;
  if (word == "manager") return StaffRole::manager;
  return std::nullopt;
}

Result<void> check_staff_name(std::string_view name) {
  const auto length = character_count(name);
  if (!length || *length < 1 || *length > kStaffNameMax)
    return fail(Code::malformed, "name: 1 to 40 characters");
  return ok();
}

std::string new_staff_id(Random& random) { return "s-" + hex_encode(random.bytes(kStaffIdBytes)); }

std::vector<StaffMember> staff_of(sql::Connection& sql, book::AccountId shop) {
  std::vector<StaffMember> staff;
  for (const auto& row :
       sql.run("SELECT id, name, role, tries FROM staff WHERE shop = ?1 ORDER BY since_us, id",
               {to_string(shop)}))
    staff.push_back(member_in(row));
  return staff;
}

std::optional<StaffMember> find_staff(sql::Connection& sql, book::AccountId shop, const std::string& id) {
  const auto rows = sql.run("SELECT id, name, role, tries FROM staff WHERE shop = ?1 AND id = ?2",
                            {to_string(shop), id});
  if (rows.empty()) return std::nullopt;
  return member_in(rows[0]);
}

void put_staff(sql::Connection& sql, book::AccountId shop, const StaffMember& member, const HashedPin& pin,
               TimeUs now_us) {
  sql.run(
      "INSERT INTO staff (shop, id, name, role, salt, pin, tries, since_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
      "0, ?7) ON CONFLICT (shop, id) DO UPDATE SET name = excluded.name, role = excluded.role, salt = "
      "excluded.salt, pin = excluded.pin, tries = 0",
      {to_string(shop), member.id, member.name, std::string(name(member.role)), sql::Bytes{pin.salt},
       sql::Bytes{std::string(pin.hash.view())}, now_us});
}

void correct_staff(sql::Connection& sql, book::AccountId shop, const StaffMember& member) {
  sql.run("UPDATE staff SET name = ?3, role = ?4 WHERE shop = ?1 AND id = ?2",
          {to_string(shop), member.id, member.name, std::string(name(member.role))});
}

void drop_staff(sql::Connection& sql, book::AccountId shop, const std::string& id) {
  sql.run("DELETE FROM staff WHERE shop = ?1 AND id = ?2", {to_string(shop), id});
}

std::optional<HashedPin> take_staff_try(sql::Connection& sql, book::AccountId shop, const std::string& id) {
  const auto rows = sql.run("SELECT salt, pin, tries FROM staff WHERE shop = ?1 AND id = ?2",
                            {to_string(shop), id});
  if (rows.empty() || rows[0].integer(2) >= kStaffPinTriesMax) return std::nullopt;
  sql.run("UPDATE staff SET tries = tries + 1 WHERE shop = ?1 AND id = ?2", {to_string(shop), id});
  return HashedPin{rows[0].bytes(0), Hash::from(rows[0].bytes(1))};
}

void forgive_staff_tries(sql::Connection& sql, book::AccountId shop, const std::string& id) {
  sql.run("UPDATE staff SET tries = 0 WHERE shop = ?1 AND id = ?2", {to_string(shop), id});
}

}  // namespace dfb::programme
