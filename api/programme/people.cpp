#include "api/programme/people.h"

#include <algorithm>

#include "api/programme/text.h"
#include "ledger/base/digits.h"

namespace dfb::programme {

Result<void> check_person(const Person& person) {
  const auto length = character_count(person.name);
  if (!length || *length == 0 || *length > 40) return fail(Code::malformed, "name: 1 to 40 characters");
  const bool plain = std::all_of(person.phone.begin(), person.phone.end(), [](char c) {
    return is_digit(c) || c == '+' || c == '-' || c == ' ';
  });
  if (!person.phone.empty() && (!plain || person.phone.size() < 5 || person.phone.size() > 20))
    return fail(Code::malformed, "phone: 5 to 20 digits");
  return ok();
}

void put_person(sql::Connection& sql, const Person& person, TimeUs now_us) {
  sql.run(
      "INSERT INTO person (account, name, phone, created_us) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (account) DO UPDATE SET name = excluded.name, phone = excluded.phone",
      {to_string(person.account), person.name, person.phone, now_us});
}

std::optional<Person> find_person(sql::Connection& sql, book::AccountId account) {
  const auto rows = sql.run("SELECT name, phone FROM person WHERE account = ?1", {to_string(account)});
  if (rows.empty()) return std::nullopt;
  return Person{account, rows[0].text(0), rows[0].text(1)};
}

std::string masked_name(std::string_view name) { return std::string(first_character(name)) + "*"; }

std::string phone_end(std::string_view phone) {
  std::string digits;
  std::copy_if(phone.begin(), phone.end(), std::back_inserter(digits), is_digit);
  return digits.size() <= 4 ? digits : digits.substr(digits.size() - 4);
}

}  // namespace dfb::programme
