// From bytes to a CheckedCommand: strict parse and every signature, before anything reaches the writer.
//
// Only check() makes a CheckedCommand, and the writer's inbox takes nothing else, so an unverified command
// cannot be applied by mistake. What check() answers depends on bytes and public keys alone, never on the
// ledger's state: whether a key is enrolled, revoked or allowed is apply()'s question. Runs on all cores.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/book/command.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::check {

inline constexpr std::size_t kSignaturesMax = 16;

// Public keys by their full id. Threads: any, at once.
class KeySource {
 public:
  virtual ~KeySource() = default;
  virtual std::optional<PublicKey> key(const KeyId& id) const = 0;
};

// A payload that was parsed and the signatures that came with it, of which nothing is known yet.
class ParsedCommand {
 public:
  // Fails with malformed, unsupported_version or too_large.
  static Result<ParsedCommand> parse(std::string payload, std::vector<KeySignature> signatures);
  const book::Command& command() const { return command_; }
  const std::string& payload() const { return payload_; }
  const std::vector<KeySignature>& signatures() const { return signatures_; }

 private:
  ParsedCommand() = default;
  std::string payload_;
  std::vector<KeySignature> signatures_;
  book::Command command_;
};

class CheckedCommand {
 public:
  const book::Command& command() const { return parsed_.command(); }
  const std::string& payload() const { return parsed_.payload(); }
  const std::vector<KeySignature>& signatures() const { return parsed_.signatures(); }

 private:
  explicit CheckedCommand(ParsedCommand parsed) : parsed_(std::move(parsed)) {}
  friend Result<CheckedCommand> check(std::string payload, std::vector<KeySignature> signatures,
                                      const KeySource& keys, std::string_view origin);
  ParsedCommand parsed_;
};

// Fails with malformed, unsupported_version or too_large (payload, pay code, site code, a signer twice or not
// first), unknown_key (a signer's key is neither in `keys` nor in the payload), bad_signature (also of an
// inner proof). The keys that a payload brings in (genesis, open, key, roots, server_key) are taken from the
// payload itself.
Result<CheckedCommand> check(std::string payload, std::vector<KeySignature> signatures, const KeySource& keys,
                             std::string_view origin);
// The same judgement of what was parsed before, for readers that write nothing.
Result<void> check_signatures(const ParsedCommand& parsed, const KeySource& keys, std::string_view origin);

}  // namespace dfb::check
