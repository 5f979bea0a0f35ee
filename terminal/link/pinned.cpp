#include "terminal/link/pinned.h"

#include "ledger/book/outcome.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/receipt.h"

namespace dfb::terminal {
namespace {

struct ProvenEntry {
  log::EntryText text;
  book::Payload payload;
};

Result<ProvenEntry> proven(const OfflineNews::Proof& proof, const log::Vkey& log,
                           std::vector<log::Checkpoint>& checkpoints) {
  DFB_TRY(const auto receipt, log::parse_receipt(proof.receipt));
  DFB_TRY(auto checkpoint, log::verify(receipt, log, proof.entry));
  DFB_TRY(auto text, log::verify_entry(receipt, log, proof.entry));
  DFB_TRY(auto payload, book::parse_payload(text.payload));
  DFB_TRY(const auto outcome, book::parse_outcome(text.outcome));
  if (outcome.refused) return fail(Code::wrong_entry, "the ledger refused that entry");
  if (checkpoints.empty() || checkpoints.back().size != checkpoint.size ||
      checkpoints.back().root != checkpoint.root)
    checkpoints.push_back(std::move(checkpoint));
  return ProvenEntry{std::move(text), std::move(payload)};
}

Result<void> take_allowance(Pins& pins, const OfflineNews::Allowance& allowance, const std::string& origin,
                            const log::Vkey& log, std::vector<log::Checkpoint>& checkpoints) {
  DFB_TRY(const auto entry, proven(allowance.proof, log, checkpoints));
  const auto* hold = std::get_if<book::Hold>(&entry.payload.body);
  if (hold == nullptr || hold->purpose != book::HoldPurpose::allowance)
    return fail(Code::wrong_entry, "the entry sets no points aside for offline spending");
  DFB_TRY(const auto key, PublicKey::from_spki(allowance.spki));
  const KeySignature& first = entry.text.signatures.front();
  if (key.id() != hold->device || first.key != hold->device)
    return fail(Code::wrong_entry, "the key is not the one that the allowance names");
  if (!verify(key, SignedKind::payload, origin, entry.text.payload, first.bytes))
    return fail(Code::bad_signature, "the phone did not ask for this allowance");
  pins.allowances[entry.payload.id] = {allowance.spki, hold->account, hold->points, hold->until_us,
                                        allowance.name};
  pins.last_seq = std::max(pins.last_seq, entry.text.seq);
  return ok();
}

Result<void> take_policy(Pins& pins, const OfflineNews::Proof& proof, const log::Vkey& log,
                         std::vector<log::Checkpoint>& checkpoints) {
  DFB_TRY(const auto entry, proven(proof, log, checkpoints));
  const auto* published = std::get_if<book::PublishPolicy>(&entry.payload.body);
  if (published == nullptr) return fail(Code::wrong_entry, "the entry publishes no policy");
  const book::Policy& policy = published->policy;
  if (policy.version < pins.policy_version) return ok();
  pins.policy_version = policy.version;
  pins.till_points = {policy.limits.offline_till_points};
  pins.hours = policy.limits.offline_hours;
  return ok();
}

}  // namespace

Result<void> take_news(Pins& pins, const OfflineNews& news, const std::string& origin, const log::Vkey& log,
                       std::vector<log::Checkpoint>& checkpoints) {
  Pins fresh = pins;
  if (news.policy) DFB_TRY_VOID(take_policy(fresh, *news.policy, log, checkpoints));
  for (const auto& allowance : news.allowances)
    DFB_TRY_VOID(take_allowance(fresh, allowance, origin, log, checkpoints));
  fresh.synced_us = news.time_us;
  fresh.tills = news.tills;
  fresh.suspended = news.suspended;
  fresh.stopped = {news.stopped.begin(), news.stopped.end()};
  fresh.drop_expired(news.time_us);
  pins = std::move(fresh);
  return ok();
}

Result<book::Hold> proven_reservation(const OfflineNews::Proof& proof, const Uuid& id, const log::Vkey& log,
                                      std::vector<log::Checkpoint>& checkpoints) {
  DFB_TRY(const auto entry, proven(proof, log, checkpoints));
  const auto* hold = std::get_if<book::Hold>(&entry.payload.body);
  if (hold == nullptr || hold->purpose != book::HoldPurpose::reserve || entry.payload.id != id)
    return fail(Code::wrong_entry, "the entry is not that reservation");
  return *hold;
}

}  // namespace dfb::terminal
