// What people call things that the ledger knows by a name: tasks, rules, places, shops, the town. Two
// languages.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"
#include "ledger/store/sql.h"

namespace dfb::programme {

// kind: "town" (id "town"), "scope", "rule", "task", "shop" (id: account).
struct Label {
  std::string kind, id, zh, en, detail_zh, detail_en;
};

Result<void> check_label(const Label& label);  // malformed: titles of 1..80 characters, details of 0..1000
void put_label(sql::Connection& sql, const Label& label);
std::optional<Label> find_label(sql::Connection& sql, std::string_view kind, std::string_view id);
std::vector<Label> labels(sql::Connection& sql, std::string_view kind);  // ordered by id

// Those of the tasks that have not closed at `now_us`, ordered by id; however many have, they cost nothing.
std::vector<Label> labels_of_open_tasks(sql::Connection& sql, TimeUs now_us);

}  // namespace dfb::programme
