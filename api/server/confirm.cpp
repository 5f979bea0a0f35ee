#include "api/server/confirm.h"

#include <fstream>

#include "api/witness/inquiry.h"
#include "ledger/log/cosignature.h"
#include "ledger/store/sqlite_file.h"
#include "ledger/writer/log_keys.h"
#include "ledger/writer/read_head.h"

namespace dfb::server {
namespace {

constexpr const char* kLost =
    ": what came after is lost, and this log must never be continued. Look for a newer backup; if there is "
    "none, two "
    "administrators declare the loss";

Result<std::string> read_note(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(log::kNoteBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open()) return fail(Code::io_error, path + " cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// By whichever key the log had at its time; the root says the rest.
Result<log::Checkpoint> open_by_any(const log::Note& note, const std::vector<log::Vkey>& keys) {
  DFB_TRY_VOID(log::verify_note(note, keys));
  DFB_TRY(log::Checkpoint checkpoint, log::parse_checkpoint(note.text));
  if (checkpoint.origin != keys.front().name)
    return fail(Code::unknown_key, "the checkpoint is of " + checkpoint.origin);
  return checkpoint;
}

// A checkpoint from outside continues, or is, what this ledger holds.
Result<log::Note> check_seen(const std::string& path, const store::Head& head, store::LogReader& reader,
                             const std::vector<log::Vkey>& keys) {
  DFB_TRY(const auto text, read_note(path));
  auto note = log::parse_note(text);
  const auto seen = note ? open_by_any(*note, keys) : Result<log::Checkpoint>(note.error());
  if (!seen)
    return fail(seen.error().code, path + " is no checkpoint of this log: " + to_string(seen.error()));
  if (seen->size > head.checkpoint.size)
    return fail(Code::inconsistent, path + " states " + std::to_string(seen->size) +
                                        " entries, the backup has " + std::to_string(head.checkpoint.size) +
                                        kLost);
  DFB_TRY(const auto root, log::root(seen->size, reader));
  if (root == seen->root) return note;
  return fail(Code::inconsistent, path + " states another root for " + std::to_string(seen->size) +
                                      " entries than the backup gives");
}

bool bears_cosignature(const std::vector<log::Note>& notes, const log::Vkey& witness) {
  for (const log::Note& note : notes)
    for (const log::NoteSignature& line : note.signatures)
      if (log::verify_cosignature(note.text, line, witness)) return true;
  return false;
}

// The witness cosigns the restored head, which it does only when that continues all that it has signed. No
// harm is done where the head is then confirmed by nobody: the log had signed it before.
Result<void> ask(const witness::Address& address, const std::string& ca_file, const witness::Offer& offer) {
  witness::Inquiry inquiry(address, ca_file);
  const auto answer = inquiry.ask(offer);
  if (answer) return ok();
  const std::string who = "the witness " + address.vkey.name;
  const Error& error = answer.error();
  if (inquiry.known_size() > offer.checkpoint.size)
    return fail(Code::inconsistent, who + " has cosigned " + std::to_string(inquiry.known_size()) +
                                        " entries, the backup has " + std::to_string(offer.checkpoint.size) +
                                        kLost);
  if (error.code == Code::inconsistent)
    return fail(Code::inconsistent, who + " has cosigned another history: " + error.detail);
  return fail(Code::bad_config,
              who + " does not say how far it has come (" + to_string(error) +
                  "): try again when it answers, or show its newest cosigned checkpoint with --seen");
}

// All of them, so that the operator hears at once of everybody who has to be seen to.
Result<void> ask_witnesses(const Evidence& evidence, const std::vector<log::Note>& notes,
                           const store::Head& head, store::LogReader& reader) {
  const witness::Offer offer{head.checkpoint, head.note,
                             [&reader](std::int64_t old_size) { return reader.consistency(old_size); }};
  std::optional<Error> refused;
  for (const witness::Address& address : evidence.witnesses) {
    const auto answer = ask(address, evidence.witness_ca, offer);
    if (answer) continue;
    Error error = answer.error();
    if (error.code == Code::bad_config && bears_cosignature(notes, address.vkey)) continue;
    if (refused) {
      error.detail = refused->detail + "; " + error.detail;
      if (refused->code == Code::inconsistent) error.code = refused->code;
    }
    refused = std::move(error);
  }
  return refused ? Result<void>(*refused) : ok();
}

}  // namespace

Result<void> confirm_restored(store::Store& store, const log::Signer& own, const Evidence& evidence) {
  const auto view = store.snapshot();
  DFB_TRY(const auto head, read_head(*view, own));
  if (evidence.confirmed_size != head.checkpoint.size)
    return fail(Code::bad_config, "--confirm-head " + std::to_string(evidence.confirmed_size) +
                                      ": the restored ledger has " + std::to_string(head.checkpoint.size) +
                                      " entries");
  if (evidence.seen.empty() && evidence.witnesses.empty())
    return fail(Code::bad_config,
                "--confirm-head needs at least one --seen FILE: the newest checkpoint that a till, a page, "
                "an auditor "
                "or a witness has kept");
  if (head.note.empty()) return fail(Code::bad_config, "the backup is empty: found the ledger anew");
  DFB_TRY(const auto keys, known_log_keys(*view, own));
  store::LogReader reader(*view, head);
  std::vector<log::Note> notes;
  for (const auto& path : evidence.seen) {
    DFB_TRY(log::Note note, check_seen(path, head, reader, keys));
    notes.push_back(std::move(note));
  }
  DFB_TRY_VOID(ask_witnesses(evidence, notes, head, reader));
  const auto transaction = store.begin();
  store::clear_restored(*transaction);
  transaction->commit();
  return ok();
}

}  // namespace dfb::server
