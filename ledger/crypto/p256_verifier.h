// Verification under one P-256 key. Internal to crypto.
//
// EVP looks the algorithm up by name, takes locks and allocates contexts for every key and every call, which
// is no small part of a verification (docs/performance.md); a ledger sees many keys a few times each. So this
// holds the point alone and calls OpenSSL's ECDSA directly, with one working key a thread. The arithmetic is
// the same, and a test compares the two. Threads: any, at once.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "ledger/base/bytes.h"

namespace dfb {

class P256Verifier {
 public:
  // An uncompressed point of 65 bytes; nothing when it is not on the curve, or is no such encoding.
  static std::optional<P256Verifier> from_point(std::string_view bytes);
  // r || s, 64 bytes; numbers out of range do not verify.
  bool verify(const Hash& digest, std::string_view signature) const;

 private:
  explicit P256Verifier(std::shared_ptr<const void> point) : point_(std::move(point)) {}
  std::shared_ptr<const void> point_;  // EC_POINT
};

}  // namespace dfb
