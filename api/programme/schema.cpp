#include "api/programme/schema.h"

namespace dfb::programme {

const std::vector<std::string>& migrations() {
  static const std::vector<std::string> texts = {
      R"(
CREATE TABLE person (
  account TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  created_us BIGINT NOT NULL
);
CREATE TABLE label (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  detail_zh TEXT NOT NULL,
  detail_en TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);
)",
      // The ledger's table: for labels_of_open_tasks(), which a town with years of closed tasks asks all day.
      R"(
CREATE INDEX task_closes ON task (closes_us);
)",
      // For due_commands(), which asks every minute: of all holds ever made few are open.
      R"(
CREATE INDEX hold_open ON hold (until_us) WHERE resolved = 0;
)",
  };
  return texts;
}

}  // namespace dfb::programme
