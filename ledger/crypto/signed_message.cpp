#include "ledger/crypto/signed_message.h"

#include "ledger/base/check.h"

namespace dfb {

std::string_view name(SignedKind kind) {
  switch (kind) {
    case SignedKind::login:
      return "login";
    case SignedKind::paycode:
      return "paycode";
    case SignedKind::quote:
      return "quote";
    case SignedKind::offline:
      return "offline";
    case SignedKind::payload:
      return "payload";
    case SignedKind::site:
      return "site";
    case SignedKind::witness:
      return "witness";
  }
  DFB_CHECK(false && "a signed kind outside its enumeration");
  return {};
}

std::string signed_message(SignedKind kind, std::string_view origin, const KeyId& key,
                           std::string_view body) {
  std::string message;
  message.reserve(32 + origin.size() + key.bytes.size() + body.size());
  message.append("defenbao/").append(name(kind)).append("/v1\n");
  message.append(origin).append("\n").append(key.view()).append(body);
  return message;
}

std::string sign(const PrivateKey& key, SignedKind kind, std::string_view origin, std::string_view body) {
  return key.sign(signed_message(kind, origin, key.public_key().id(), body));
}

bool verify(const PublicKey& key, SignedKind kind, std::string_view origin, std::string_view body,
            std::string_view signature) {
  return key.verify(signed_message(kind, origin, key.id(), body), signature);
}

}  // namespace dfb
