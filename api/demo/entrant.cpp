#include "api/demo/entrant.h"

#include "ledger/base/encoding.h"

namespace dfb::demo {
namespace {

constexpr TimeUs kSoonUs = 4 * kMinuteUs;
constexpr TimeUs kLongUs = 6 * kDayUs;  // where a second person or a new key signs as well

}  // namespace

SignedLine Entrant::sign(const KeyId& by, book::Body body, const Signers& signers) {
  const TimeUs now = clock_.now_us();
  const bool alone = signers.size() == 1 && signers.front()->public_key().id() == by;
  book::Payload payload{make_uuid(now, random_), by, now + (alone ? kSoonUs : kLongUs), std::move(body)};
  SignedLine line{payload.id, format_payload(payload), {}};
  for (const auto* key : signers)
    line.signatures.push_back(
        {key->public_key().id(), dfb::sign(*key, SignedKind::payload, origin_, line.payload)});
  return line;
}

book::AccountId Entrant::new_account() {
  std::uint64_t number = 0;
  while (number < book::kFirstFreeAccount) number = random_.u64();
  return {number};
}

Ticket make_ticket(Random& random) {
  const std::string secret = random.bytes(20);
  const std::string plain = crockford_encode_bytes(secret);
  std::string code;
  for (std::size_t i = 0; i < plain.size(); i += 4) code += (i ? "-" : "") + plain.substr(i, 4);
  return {code, PrivateKey::from_ticket(secret)};
}

}  // namespace dfb::demo
