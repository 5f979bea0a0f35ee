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

void KeyDirectory::learn(const book::Body& body) {
  for (auto& spki : keys_brought(body)) {
    const KeyId id = sha256(spki);
    learn_key(id, std::move(spki));
  }
}

void KeyDirectory::learn_key(const KeyId& id, std::string spki) {
  Part& part = this->part(id);
  const std::unique_lock lock(part.mutex);
  part.spki.try_emplace(id, std::move(spki));
}

std::optional<PublicKey> KeyDirectory::key(const KeyId& id) const {
  Part& part = this->part(id);
  std::string spki;
  {
    const std::shared_lock lock(part.mutex);
    if (const auto it = part.parsed.find(id); it != part.parsed.end()) return it->second;
    const auto it = part.spki.find(id);
    if (it == part.spki.end()) return std::nullopt;
    spki = it->second;
  }
  auto key = PublicKey::from_spki(spki);
  if (!key) return std::nullopt;
  const std::unique_lock lock(part.mutex);
  if (part.parsed.size() >= kParsedMax / kParts) part.parsed.clear();
  part.parsed.emplace(id, *key);
  return *key;
}

}  // namespace dfb::audit
