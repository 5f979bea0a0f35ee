// Brings commands about: stamps an id and a latest moment on a body, signs it with every key given, in that
// order. Threads: one.
#pragma once
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/book/command.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::demo {

using Signers = std::vector<const PrivateKey*>;

struct SignedLine {
  Uuid id;
  std::string payload;
  std::vector<KeySignature> signatures;
};

class Entrant {
 public:
  Entrant(std::string origin, const Clock& clock, Random& random)
      : origin_(std::move(origin)), clock_(clock), random_(random) {}

  // `by` signs first, unless it is only named (an enrolment's server signs later).
  SignedLine sign(const KeyId& by, book::Body body, const Signers& signers);
  SignedLine sign(book::Body body, const Signers& signers) {
    return sign(signers.front()->public_key().id(), std::move(body), signers);
  }
  // A random account number that is free to take.
  book::AccountId new_account();

  const std::string& origin() const { return origin_; }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }

 private:
  std::string origin_;
  const Clock& clock_;
  Random& random_;
};

// The code that a person carries, and the key that it is (docs/formats.md#ticket).
struct Ticket {
  std::string code;  // 32 characters in groups of four
  PrivateKey key;
};
Ticket make_ticket(Random& random);

}  // namespace dfb::demo
