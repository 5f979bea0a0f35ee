#include "ledger/book/codes.h"

#include <limits>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/book/command.h"

namespace dfb::book {
namespace {

constexpr char kVersion = 1, kOfflineVersion = 2;
constexpr std::size_t kPaySigned = 16, kPaySize = 80, kSiteSize = 101, kSignature = 64;
constexpr std::int64_t kPayLimitMax = 0xffffff;

std::uint32_t step_at(TimeUs now_us, TimeUs step_us) {
  DFB_CHECK(now_us >= 0 && now_us / step_us <= std::numeric_limits<std::uint32_t>::max());
  return static_cast<std::uint32_t>(now_us / step_us);
}

Result<void> check_frame(std::string_view bytes, std::size_t size, std::string_view what) {
  if (bytes.empty()) return fail(Code::malformed, "no " + std::string(what));
  if (bytes[0] != kVersion) return fail(Code::unsupported_version, std::string(what) + " of another version");
  if (bytes.size() != size) return fail(Code::malformed, std::string(what) + " of the wrong size");
  return ok();
}

}  // namespace

std::string PayCode::signed_part() const {
  std::string bytes(1, kVersion);
  put_be(bytes, account.value, 8);
  put_be(bytes, step, 4);
  put_be(bytes, static_cast<std::uint64_t>(limit.value), 3);
  return bytes;
}

std::string PayCode::text() const { return base45_encode(signed_part() + signature); }

Result<PayCode> parse_pay_code(std::string_view text) {
  DFB_TRY(auto decoded, base45_decode(text));
  std::string_view bytes = decoded;
  DFB_TRY_VOID(check_frame(bytes, kPaySize, "pay code"));
  PayCode code;
  code.account = AccountId{get_be(bytes.substr(1, 8))};
  code.step = static_cast<std::uint32_t>(get_be(bytes.substr(9, 4)));
  code.limit = Points{static_cast<std::int64_t>(get_be(bytes.substr(13, 3)))};
  code.signature = bytes.substr(kPaySigned);
  return code;
}

PayCode make_pay_code(const PrivateKey& device, std::string_view origin, AccountId account, Points limit,
                      TimeUs now_us) {
  DFB_CHECK(limit.value >= 0 && limit.value <= kPayLimitMax);
  PayCode code{account, step_at(now_us, kPayStepUs), limit, {}};
  code.signature = sign(device, SignedKind::paycode, origin, code.signed_part());
  return code;
}

bool verify(const PayCode& code, const PublicKey& device, std::string_view origin) {
  return dfb::verify(device, SignedKind::paycode, origin, code.signed_part(), code.signature);
}

std::string SiteCode::signed_part() const {
  std::string bytes(1, kVersion);
  put_be(bytes, step, 4);
  return bytes;
}

std::string SiteCode::text() const {
  std::string bytes(1, kVersion);
  bytes += key.view();
  put_be(bytes, step, 4);
  return base64url_encode(bytes + signature);
}

Result<SiteCode> parse_site_code(std::string_view text) {
  DFB_TRY(auto decoded, base64url_decode(text));
  std::string_view bytes = decoded;
  DFB_TRY_VOID(check_frame(bytes, kSiteSize, "site code"));
  SiteCode code;
  code.key = KeyId::from(bytes.substr(1, 32));
  code.step = static_cast<std::uint32_t>(get_be(bytes.substr(33, 4)));
  code.signature = bytes.substr(kSiteSize - kSignature);
  return code;
}

std::string offline_part(const Transfer& t, const OfflineProof& proof) {
  std::string part(1, kOfflineVersion);
  part += proof.allowance.view();
  put_be(part, t.to.value, 8);
  put_be(part, static_cast<std::uint64_t>(proof.counter), 4);
  put_be(part, static_cast<std::uint64_t>(t.points.value), 3);
  put_be(part, static_cast<std::uint64_t>(proof.at_us / kPayStepUs), 4);
  put_be(part, t.from.value, 8);
  return part;
}

SiteCode make_site_code(const PrivateKey& site, std::string_view origin, TimeUs now_us) {
  SiteCode code{site.public_key().id(), step_at(now_us, kSiteStepUs), {}};
  code.signature = sign(site, SignedKind::site, origin, code.signed_part());
  return code;
}

bool verify(const SiteCode& code, const PublicKey& site, std::string_view origin) {
  return code.key == site.id() &&
         dfb::verify(site, SignedKind::site, origin, code.signed_part(), code.signature);
}

}  // namespace dfb::book
