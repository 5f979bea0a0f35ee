#include "api/programme/sessions.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::programme {
namespace {

// A nonce: when it ends, random bytes, the seal over both.
constexpr std::size_t kEndBytes = 8, kHeadBytes = 16, kSealBytes = 16;

TimeUs end_of(std::string_view nonce) { return static_cast<TimeUs>(get_be(nonce.substr(0, kEndBytes))); }

std::string token_index(std::string_view token) { return std::string(sha256(token).view()); }

}  // namespace

// Two hashes, as HMAC has them; the input is of one length always. Half a hash is more than can be guessed.
std::string Sessions::seal(const KeyId& key, std::string_view head) const {
  const Hash inner = sha256({secret_, key.view(), head});
  return std::string(sha256({secret_, inner.view()}).view().substr(0, kSealBytes));
}

std::string Sessions::challenge(const KeyId& key) {
  std::string nonce;
  put_be(nonce, static_cast<std::uint64_t>(clock_.now_us() + kNonceLifeUs), kEndBytes);
  {
    std::lock_guard lock(mutex_);
    nonce += random_.bytes(kHeadBytes - kEndBytes);
  }
  return nonce + seal(key, nonce);
}

bool Sessions::is_fresh(const KeyId& key, std::string_view nonce) const {
  if (nonce.size() != kHeadBytes + kSealBytes) return false;
  const std::string_view head = nonce.substr(0, kHeadBytes);
  return nonce.substr(kHeadBytes) == seal(key, head) && end_of(nonce) > clock_.now_us();
}

bool Sessions::use_up(std::string_view nonce) {
  const TimeUs now = clock_.now_us();
  std::lock_guard lock(mutex_);
  if (used_.size() >= sweep_used_at_) {
    std::erase_if(used_, [now](const auto& item) { return item.second <= now; });
    sweep_used_at_ = std::max<std::size_t>(1024, used_.size() * 2);
  }
  return used_.emplace(nonce, end_of(nonce)).second;
}

Result<OpenedSession> Sessions::open(const PublicKey& key, std::string_view nonce,
                                     std::string_view client_nonce, std::string_view signature) {
  const Error spent =
      fail(Code::unauthenticated, "ask for a new challenge: this one is used, late or another key's");
  if (!is_fresh(key.id(), nonce)) return spent;
  const std::string body = std::string(nonce) + std::string(client_nonce);
  if (client_nonce.size() != 16 || !verify(key, SignedKind::login, origin_, body, signature))
    return fail(Code::unauthenticated, "the signature over the challenge is wrong");
  if (!use_up(nonce)) return spent;
  std::lock_guard lock(mutex_);
  if (sessions_.size() >= kSessionsMax / 2) {
    const TimeUs now = clock_.now_us();
    std::erase_if(sessions_, [now](const auto& item) { return item.second.expires_us <= now; });
  }
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
