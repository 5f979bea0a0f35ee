#include "api/programme/sessions.h"

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::programme {
namespace {

std::string token_index(std::string_view token) { return std::string(sha256(token).view()); }

}  // namespace

void Sessions::drop_expired(Map& map, std::size_t above) {
  if (map.size() < above) return;
  const TimeUs now = clock_.now_us();
  std::erase_if(map, [now](const auto& item) { return item.second.expires_us <= now; });
}

Result<std::string> Sessions::challenge(const KeyId& key) {
  std::lock_guard lock(mutex_);
  drop_expired(nonces_, kNoncesMax / 2);
  if (nonces_.size() >= kNoncesMax)
    return fail(Code::busy, "too many sign-ins at once; try again in a minute");
  std::string nonce = random_.bytes(32);
  nonces_[nonce] = {key, clock_.now_us() + kNonceLifeUs};
  return nonce;
}

Result<OpenedSession> Sessions::open(const PublicKey& key, std::string_view nonce,
                                     std::string_view client_nonce, std::string_view signature) {
  {
    std::lock_guard lock(mutex_);
    const auto it = nonces_.find(std::string(nonce));
    const bool good =
        it != nonces_.end() && it->second.key == key.id() && it->second.expires_us > clock_.now_us();
    if (it != nonces_.end()) nonces_.erase(it);
    if (!good)
      return fail(Code::unauthenticated, "ask for a new challenge: this one is used, late or another key's");
  }
  const std::string body = std::string(nonce) + std::string(client_nonce);
  if (client_nonce.size() != 16 || !verify(key, SignedKind::login, origin_, body, signature))
    return fail(Code::unauthenticated, "the signature over the challenge is wrong");
  std::lock_guard lock(mutex_);
  drop_expired(sessions_, kSessionsMax / 2);
  if (sessions_.size() >= kSessionsMax) return fail(Code::busy, "too many sessions");
  OpenedSession opened{base64url_encode(random_.bytes(32)), clock_.now_us() + kSessionLifeUs};
  Latest& latest = latest_[key.id()];
  std::string& place = latest.tokens[latest.next++ % kSessionsOfKeyMax];
  sessions_.erase(place);
  place = token_index(opened.token);
  sessions_[place] = {key.id(), opened.expires_us};
  return opened;
}

std::optional<KeyId> Sessions::find(std::string_view token) {
  std::lock_guard lock(mutex_);
  const auto it = sessions_.find(token_index(token));
  if (it == sessions_.end() || it->second.expires_us <= clock_.now_us()) return std::nullopt;
  return it->second.key;
}

void Sessions::close(std::string_view token) {
  std::lock_guard lock(mutex_);
  sessions_.erase(token_index(token));
}

}  // namespace dfb::programme
