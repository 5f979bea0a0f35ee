#include "terminal/link/verify.h"

#include "ledger/book/command.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/log/merkle.h"
#include "ledger/log/receipt.h"

namespace dfb::terminal {

Result<Proven> verify_answer(const CommandAnswer& answer, std::string_view payload, const Pinned& pinned) {
  DFB_TRY(const auto receipt, log::parse_receipt(answer.receipt));
  Proven proven;
  DFB_TRY(proven.checkpoint, log::verify(receipt, pinned.log, answer.entry));
  DFB_TRY(proven.entry, log::verify_entry(receipt, pinned.log, answer.entry));
  if (proven.entry.payload != payload)
    return fail(Code::wrong_entry, "the entry holds another command than was sent");
  const KeySignature& first = proven.entry.signatures.front();
  if (first.key != pinned.signer.id()) return fail(Code::wrong_entry, "the entry's signer is somebody else");
  if (!verify(pinned.signer, SignedKind::payload, proven.entry.origin, payload, first.bytes))
    return fail(Code::bad_signature, "the entry does not bear this terminal's signature");
  DFB_TRY(proven.outcome, book::parse_outcome(proven.entry.outcome));
  const std::string_view refused =
      proven.outcome.refused ? name(*proven.outcome.refused) : std::string_view();
  if (refused != answer.refused)
    return fail(Code::wrong_entry, "the answer says something else than the entry that it brings");
  return proven;
}

namespace {

struct Followed {
  log::Vkey next;
  log::Checkpoint checkpoint;
};

Result<Followed> verify_change(const log::Vkey& pinned, const LogKeyChange& change) {
  DFB_TRY(const auto receipt, log::parse_receipt(change.receipt));
  DFB_TRY(const auto entry, log::verify_entry(receipt, pinned, change.entry));
  DFB_TRY(const auto payload, book::parse_payload(entry.payload));
  const auto* named = std::get_if<book::NextLogKey>(&payload.body);
  if (named == nullptr) return fail(Code::wrong_entry, "the entry does not change the log's key");
  DFB_TRY(auto next, log::parse_vkey(named->vkey));
  DFB_TRY(auto checkpoint, log::open_checkpoint(receipt.checkpoint, next));
  return Followed{std::move(next), std::move(checkpoint)};
}

}  // namespace

log::Vkey follow_log_key(const log::Vkey& pinned, std::span<const LogKeyChange> changes,
                         std::vector<log::Checkpoint>& checkpoints) {
  log::Vkey key = pinned;
  for (const LogKeyChange& change : changes) {
    auto step = verify_change(key, change);
    if (!step) continue;  // of a time before the pinned key, or not true
    key = std::move(step->next);
    checkpoints.push_back(std::move(step->checkpoint));
  }
  return key;
}

Result<void> verify_continues(const Seen& seen, const log::Checkpoint& checkpoint, log::TileReader& tiles) {
  const bool grew = checkpoint.size >= seen.size;
  const Seen now{checkpoint.size, checkpoint.root};
  const Seen &older = grew ? seen : now, &newer = grew ? now : seen;
  if (older.size == newer.size)
    return older.root == newer.root
               ? ok()
               : Result<void>(fail(Code::inconsistent, "two histories of the same size"));
  if (older.size == 0) return ok();
  DFB_TRY(const auto path, log::consistency_path(older.size, newer.size, tiles));
  return log::verify_consistency(older.size, older.root, newer.size, newer.root, path);
}

}  // namespace dfb::terminal
