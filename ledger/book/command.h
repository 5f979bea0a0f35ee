// Every command of the book, parsed. Payload bytes: docs/formats.md#payloads. Values; no behaviour.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/base/uuid.h"
#include "ledger/book/policy.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace dfb::book {

enum class TransferKind : std::uint8_t {
  mint,
  return_,
  award,
  redeem,
  refund,
  expire,
  settle,
  fund,
  cover,
  opening
};
std::string_view name(TransferKind);

// The proofs of a redemption. Signatures inside were verified by whoever made the command's `proven`.
struct CodeProof {
  KeyId device;
  std::string code;
};  // the scanned base45 text
struct QuoteProof {
  KeyId device;
  TimeUs expires_us = 0;
  std::string signature;
};
struct CardProof {
  AccountId card;
};
struct OfflineProof {
  KeyId device;
  Uuid allowance;
  std::int64_t counter = 0;
  TimeUs at_us = 0;
  std::string signature;
};
using Proof = std::variant<CodeProof, QuoteProof, CardProof, OfflineProof>;

// The digest of nothing: a fact without evidence.
Hash no_evidence();

struct Transfer {
  TransferKind kind = TransferKind::mint;
  AccountId from, to;
  Points points;
  std::string memo;                              // mint return award refund fund cover
  std::string rule;                              // award
  Proof proof;                                   // redeem
  Hash goods;                                    // redeem
  std::int64_t cash_fen = 0;                     // redeem
  Uuid sale;                                     // refund cover
  Day day = 0;                                   // expire
  Hash statement;                                // settle
  std::int64_t fen = 0, count = 0, through = 0;  // settle
  Lots lots;                                     // opening
};

struct Hold {
  HoldPurpose purpose = HoldPurpose::reserve;  // never review: those are made by records
  AccountId account;
  Points points;
  TimeUs until_us = 0;
  KeyId device;               // allowance
  AccountId shop;             // reserve
  Hash goods;                 // reserve
  std::int64_t cash_fen = 0;  // reserve
};

struct Resolve {
  Uuid hold;
  bool capture = false;
  AccountId to;
  Points points;
  std::string memo = {};
};

struct Record {
  std::string kind, subject, period, rule;  // rule is empty for erasure and shift reports
  AccountId account;
  Hash evidence = no_evidence();
  std::string site;  // raw site code text, empty when the rule wants none
  std::int64_t count = 0, total = 0, refunds = 0, refunded = 0;  // shift reports
  std::int64_t lines = 0;                                        // these: lines of the till's journal
  std::string head = {};                                         // these: hash of the last of them
  std::string task = {};  // empty: the subject for a check-in, the rule's name for other kinds
};

struct PublishPolicy {
  Policy policy;
};
struct PublishTask {
  Task task;
};

// The origin that a new one takes over from, as it was last seen.
struct Former {
  std::string origin;
  std::int64_t size = 0;
  Hash root;
};
struct Genesis {
  std::int64_t threshold = 0;
  std::vector<std::string> roots;  // SPKI DER
  std::string server;              // SPKI DER
  std::string log_vkey;
  std::optional<Former> continues = {};
};
struct Open {
  AccountId account;
  AccountKind kind = AccountKind::resident;
  std::string scope, household;
  Level level = Level::none;
  std::string key;  // SPKI DER or empty
};
struct Move {
  AccountId account;
  std::string scope, household;
};
struct SetLevel {
  AccountId account;
  Level level = Level::none;
  Hash evidence = no_evidence();
};
struct AddKey {
  AccountId account;
  KeyUse use = KeyUse::device;
  std::string key;  // SPKI DER
  TimeUs until_us = 0;
  std::string place = {};  // site: the station or the round where the code is shown
};
struct RevokeKey {
  KeyId key;
  std::string memo;
};
// A printed card: its number pays for the account, with a PIN that the server attests.
struct SetCard {
  AccountId account, card;
  bool open = true;  // issued; false: ended, for good
  std::string memo;
};
struct GrantRole {
  AccountId account;
  Role role = Role::officer;
  std::string scope;
  TimeUs from_us = 0, until_us = 0;
};
struct EndRole {
  AccountId account;
  Role role = Role::officer;
  std::string scope;
};
struct SetState {
  AccountId account;
  AccountState state = AccountState::open;
  std::string memo;
};
struct Roster {
  std::string scope;
  std::vector<AccountId> accounts;
  Hash evidence = no_evidence();
};
struct ImportRow {
  AccountId account;
  std::string scope, household;
};
struct Import {
  std::vector<ImportRow> rows;
  Hash evidence = no_evidence();
};
struct AddWitness {
  std::string name, vkey;
};
struct NextLogKey {
  std::string vkey;
  TimeUs until_us = 0;
};
// A town without one of its witnesses.
struct EndWitness {
  std::string name;
};
// The roots from now on; those of the present ones that are not named are revoked.
struct ReplaceRoots {
  std::int64_t threshold = 0;
  std::vector<std::string> roots;  // SPKI DER
};
// The server's next key; the keys before it sign until `until_us`, 0: no longer.
struct NextServerKey {
  std::string key;  // SPKI DER
  TimeUs until_us = 0;
};
struct ConfirmClock {
  TimeUs confirm_us = 0;
};
struct EndOrigin {
  std::int64_t size = 0;
  Hash root;
};

struct Cancel {
  Uuid target;
};
struct Reverse {
  std::int64_t entry = 0;
  std::string memo;
};

using Body =
    std::variant<Transfer, Hold, Resolve, Record, PublishPolicy, PublishTask, Genesis, Open, Move, SetLevel,
                 AddKey, RevokeKey, GrantRole, EndRole, SetState, Roster, Import, AddWitness, NextLogKey,
                 ConfirmClock, EndOrigin, Cancel, Reverse, SetCard, EndWitness, ReplaceRoots, NextServerKey>;

struct Payload {
  Uuid id;
  KeyId by;
  TimeUs not_after_us = 0;
  Body body;
  std::vector<Uuid> linked = {};  // empty, or every command of the chain in its order, this one among them
};

// Strict: malformed, unsupported_version (v other than 1), too_large (over 65,000 bytes).
// parse_payload(format_payload(p)) gives p again; format_payload writes the documented order of fields.
Result<Payload> parse_payload(std::string_view line);
std::string format_payload(const Payload& payload);

// The line a phone signs to confirm a redemption whose proof is a QuoteProof (docs/formats.md#quote).
// REQUIRES: payload.body is a Transfer with a QuoteProof; its signature is not read.
std::string quote_line(const Payload& payload);

// A payload whose signatures have been verified, as apply() takes it. Outside tests only ledger/check makes
// one.
struct Command {
  Payload payload;
  Hash digest;                 // SHA-256 of the payload's bytes
  std::vector<KeyId> signers;  // verified over the payload; the first is payload.by
};

}  // namespace dfb::book
