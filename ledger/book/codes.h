// The codes that people show: pay codes on phones, site codes at stations. Bytes: docs/formats.md#pay-code,
// #site-code, #offline-code.
#pragma once
#include <string>
#include <string_view>

#include "ledger/book/types.h"
#include "ledger/crypto/signed_message.h"

namespace dfb::book {

inline constexpr TimeUs kPayStepUs = 5 * kSecondUs;
inline constexpr TimeUs kPresentWindowUs = 30 * kSecondUs;  // step's start to presentation
inline constexpr TimeUs kRedeemWindowUs = 6 * kMinuteUs;    // step's start to redemption
inline constexpr TimeUs kSiteStepUs = 30 * kSecondUs;
inline constexpr std::int64_t kSiteSteps = 3;  // its own and the two after it

struct PayCode {
  AccountId account;
  std::uint32_t step = 0;
  Points limit;
  std::string signature;  // 64 bytes

  std::string signed_part() const;  // 16 bytes
  std::string text() const;         // 120 characters of base45
};
Result<PayCode> parse_pay_code(std::string_view text);  // malformed, unsupported_version
PayCode make_pay_code(const PrivateKey& device, std::string_view origin, AccountId account, Points limit,
                      TimeUs now_us);
bool verify(const PayCode& code, const PublicKey& device, std::string_view origin);

struct Transfer;
struct OfflineProof;

// The 44 bytes that an offline code's signature covers, from the redemption that it proves.
std::string offline_part(const Transfer& transfer, const OfflineProof& proof);

struct SiteCode {
  KeyId key;
  std::uint32_t step = 0;
  std::string signature;

  std::string signed_part() const;  // 5 bytes
  std::string text() const;         // 135 characters of base64url
};
Result<SiteCode> parse_site_code(std::string_view text);
SiteCode make_site_code(const PrivateKey& site, std::string_view origin, TimeUs now_us);
bool verify(const SiteCode& code, const PublicKey& site, std::string_view origin);

}  // namespace dfb::book
