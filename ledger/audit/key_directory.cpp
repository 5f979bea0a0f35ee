#include "ledger/audit/key_directory.h"

#include <mutex>

#include "ledger/book/codes.h"
#include "ledger/crypto/hash.h"

namespace dfb::audit {

std::vector<std::string> keys_brought(const book::Body& body) {
  if (const auto* genesis = std::get_if<book::Genesis>(&body)) {
    std::vector<std::string> keys = genesis->roots;
    keys.push_back(genesis->server);
    return keys;
  }
  if (const auto* open = std::get_if<book::Open>(&body); open && !open->key.empty()) return {open->key};
  if (const auto* add = std::get_if<book::AddKey>(&body)) return {add->key};
  if (const auto* next = std::get_if<book::ReplaceRoots>(&body)) return next->roots;
  if (const auto* server = std::get_if<book::NextServerKey>(&body)) return {server->key};
  return {};
}

std::vector<KeyId> keys_named(const book::Body& body) {
  if (const auto* transfer = std::get_if<book::Transfer>(&body);
      transfer && transfer->kind == book::TransferKind::redeem) {
    if (const auto* proof = std::get_if<book::CodeProof>(&transfer->proof)) return {proof->device};
    if (const auto* proof = std::get_if<book::QuoteProof>(&transfer->proof)) return {proof->device};
    if (const auto* proof = std::get_if<book::OfflineProof>(&transfer->proof)) return {proof->device};
  }
  if (const auto* record = std::get_if<book::Record>(&body); record && !record->site.empty())
    if (const auto code = book::parse_site_code(record->site)) return {code->key};
  return {};
}

void KeyDirectory::learn(std::string_view payload) {
  // Only authority brings keys; strict JSON has no second spelling of the word.
  if (payload.find("\"authority\"") == std::string_view::npos) return;
  const auto parsed = book::parse_payload(payload);
  if (!parsed) return;
  for (auto& spki : keys_brought(parsed->body)) spki_.try_emplace(sha256(spki), std::move(spki));
}

std::optional<PublicKey> KeyDirectory::key(const KeyId& id) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto it = parsed_.find(id); it != parsed_.end()) return it->second;
  }
  const auto it = spki_.find(id);
  if (it == spki_.end()) return std::nullopt;
  auto key = PublicKey::from_spki(it->second);
  if (!key) return std::nullopt;
  const std::unique_lock lock(mutex_);
  if (parsed_.size() >= kParsedMax) parsed_.clear();
  parsed_.emplace(id, *key);
  return *key;
}

}  // namespace dfb::audit
