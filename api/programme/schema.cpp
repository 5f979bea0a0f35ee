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
      // PINs of printed cards: scrypt over salt and PIN; tries in a row since the last right one.
      // What shops sell, and what each sale took of it.
      R"(
CREATE TABLE card_pin (
  card TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  salt BYTEA NOT NULL,
  pin BYTEA NOT NULL,
  tries BIGINT NOT NULL,
  set_us BIGINT NOT NULL
);
CREATE INDEX card_pin_account ON card_pin (account);
CREATE TABLE good (
  shop TEXT NOT NULL,
  id TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  points BIGINT NOT NULL,
  stock BIGINT NOT NULL,
  PRIMARY KEY (shop, id)
);
CREATE TABLE sale_good (
  sale TEXT NOT NULL,
  shop TEXT NOT NULL,
  good TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (sale, good)
);
)",
      // Commands that wait for a second person's signature.
      R"(
CREATE TABLE proposal (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  payload TEXT NOT NULL,
  signatures TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  until_us BIGINT NOT NULL
);
CREATE INDEX proposal_account ON proposal (account);
)",
      // A shop's people at the till: scrypt over salt and PIN; tries in a row since the last right one.
      R"(
CREATE TABLE staff (
  shop TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  salt BYTEA NOT NULL,
  pin BYTEA NOT NULL,
  tries BIGINT NOT NULL,
  since_us BIGINT NOT NULL,
  PRIMARY KEY (shop, id)
);
)",
      // Goods that wait for a reservation's pick-up. And the ledger's table: of an account's holds few are open.
      R"(
CREATE TABLE reserved_good (
  hold TEXT NOT NULL,
  shop TEXT NOT NULL,
  good TEXT NOT NULL,
  count BIGINT NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (hold, good)
);
CREATE INDEX hold_open_account ON hold (account) WHERE resolved = 0;
)",
      // The ledger's tables: for allowances_after() and count_tills(), which every till asks twice a minute.
      R"(
CREATE INDEX hold_allowance ON hold (until_us) WHERE purpose = 'allowance';
CREATE INDEX signing_key_till ON signing_key (revoked_us) WHERE use = 'till';
)",
  };
  return texts;
}

}  // namespace dfb::programme
