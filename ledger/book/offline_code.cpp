#include "ledger/book/offline_code.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/book/codes.h"

namespace dfb::book {
namespace {

constexpr char kOfflineCodeVersion = 2;
constexpr std::size_t kOfflineSigned = 44, kOfflineSize = 108;

}  // namespace

std::string OfflineCode::signed_part() const {
  const Transfer redemption = redemption_of(*this, {});
  return offline_part(redemption, std::get<OfflineProof>(redemption.proof));
}

std::string OfflineCode::text() const { return base45_encode(signed_part() + signature); }

Result<OfflineCode> parse_offline_code(std::string_view text) {
  DFB_TRY(const std::string decoded, base45_decode(text));
  const std::string_view bytes = decoded;
  if (bytes.empty()) return fail(Code::malformed, "no offline code");
  if (bytes[0] != kOfflineCodeVersion)
    return fail(Code::unsupported_version, "an offline code of another version");
  if (bytes.size() != kOfflineSize) return fail(Code::malformed, "an offline code of the wrong size");
  OfflineCode code;
  std::copy_n(bytes.begin() + 1, code.allowance.bytes.size(), code.allowance.bytes.begin());
  code.shop = AccountId{get_be(bytes.substr(17, 8))};
  code.counter = static_cast<std::int64_t>(get_be(bytes.substr(25, 4)));
  code.points = Points{static_cast<std::int64_t>(get_be(bytes.substr(29, 3)))};
  code.at_us = static_cast<std::int64_t>(get_be(bytes.substr(32, 4))) * kPayStepUs;
  code.account = AccountId{get_be(bytes.substr(36, 8))};
  code.signature = bytes.substr(kOfflineSigned);
  if (code.counter == 0 || code.points.value == 0)
    return fail(Code::malformed, "an offline code of no points, or with the counter 0");
  return code;
}

OfflineCode make_offline_code(const PrivateKey& device, std::string_view origin, OfflineCode code) {
  code.signature = sign(device, SignedKind::offline, origin, code.signed_part());
  return code;
}

bool verify(const OfflineCode& code, const PublicKey& device, std::string_view origin) {
  return dfb::verify(device, SignedKind::offline, origin, code.signed_part(), code.signature);
}

Transfer redemption_of(const OfflineCode& code, const KeyId& device) {
  Transfer transfer;
  transfer.kind = TransferKind::redeem;
  transfer.from = code.account;
  transfer.to = code.shop;
  transfer.points = code.points;
  transfer.proof = OfflineProof{device, code.allowance, code.counter, code.at_us, code.signature};
  return transfer;
}

}  // namespace dfb::book
