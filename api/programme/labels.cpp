#include "api/programme/labels.h"

#include "api/programme/text.h"

namespace dfb::programme {
namespace {

Label read(std::string_view kind, const sql::Row& row) {
  return {std::string(kind), row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

}  // namespace

Result<void> check_label(const Label& label) {
  for (const auto* title : {&label.zh, &label.en}) {
    const auto length = character_count(*title);
    if (!length || *length == 0 || *length > 80)
      return fail(Code::malformed, "a title has 1 to 80 characters");
  }
  for (const auto* detail : {&label.detail_zh, &label.detail_en}) {
    const auto length = character_count(*detail);
    if (!length || *length > 1000) return fail(Code::malformed, "a description has at most 1,000 characters");
  }
  return ok();
}

void put_label(sql::Connection& sql, const Label& label) {
  sql.run(
      "INSERT INTO label (kind, id, zh, en, detail_zh, detail_en) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
      "ON CONFLICT (kind, id) DO UPDATE SET zh = excluded.zh, en = excluded.en, "
      "detail_zh = excluded.detail_zh, detail_en = excluded.detail_en",
      {label.kind, label.id, label.zh, label.en, label.detail_zh, label.detail_en});
}

std::optional<Label> find_label(sql::Connection& sql, std::string_view kind, std::string_view id) {
  const auto rows = sql.run("SELECT id, zh, en, detail_zh, detail_en FROM label WHERE kind = ?1 AND id = ?2",
                            {std::string(kind), std::string(id)});
  if (rows.empty()) return std::nullopt;
  return read(kind, rows[0]);
}

std::vector<Label> labels(sql::Connection& sql, std::string_view kind) {
  std::vector<Label> found;
  for (const auto& row :
       sql.run("SELECT id, zh, en, detail_zh, detail_en FROM label WHERE kind = ?1 ORDER BY id",
               {std::string(kind)}))
    found.push_back(read(kind, row));
  return found;
}

std::vector<Label> labels_of_open_tasks(sql::Connection& sql, TimeUs now_us) {
  std::vector<Label> found;
  for (const auto& row : sql.run("SELECT label.id, zh, en, detail_zh, detail_en FROM task JOIN label ON kind "
                                 "= 'task' AND id = task "
                                 "WHERE closes_us > ?1 ORDER BY id",
                                 {now_us}))
    found.push_back(read("task", row));
  return found;
}

}  // namespace dfb::programme
