// Names and phones of people, apart from the ledger, which knows account numbers only.
// Threads: as the connection. Texts are UTF-8.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/clock.h"
#include "ledger/book/types.h"
#include "ledger/store/sql.h"

namespace dfb::programme {

struct Person {
  book::AccountId account;
  std::string name;   // 1..40 characters
  std::string phone;  // 5..20 of 0-9 + - and space, or empty
};

// malformed: which field, and what it should be.
Result<void> check_person(const Person& person);
// Adds or corrects.
void put_person(sql::Connection& sql, const Person& person, TimeUs now_us);
std::optional<Person> find_person(sql::Connection& sql, book::AccountId account);

// What strangers see: the first character and a star, 王*.
std::string masked_name(std::string_view name);
std::string phone_end(std::string_view phone);  // the last four digits

}  // namespace dfb::programme
