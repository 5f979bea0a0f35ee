#include "certs/revocation_list.h"

#include <algorithm>

#include "certs/certificate.h"
#include "ledger/base/encoding.h"

namespace dfb::certs {
namespace {

using Entry = std::unique_ptr<X509_REVOKED, Free<X509_REVOKED_free>>;
constexpr TimeUs kValidUs = 30 * kDayUs;
constexpr TimeUs kRefreshUs = kDayUs;

RevocationList parse(std::string_view pem) {
  const QuietErrors quiet;
  return RevocationList(PEM_read_bio_X509_CRL(reader(pem).get(), nullptr, nullptr, nullptr));
}

bool is_listed(const Record& record, TimeUs now_us) {
  return record.revoked_us != 0 && record.not_after_us >= now_us;
}

Integer serial_of(const Record& record) { return to_serial(hex_decode(record.serial).value()); }

// Numbers must grow: the time in µs does, unless the clock went back.
std::uint64_t next_number(std::string_view former, TimeUs now_us) {
  const QuietErrors quiet;
  std::uint64_t number = 0;
  if (const RevocationList list = parse(former)) {
    const Integer last(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.get(), NID_crl_number, nullptr, nullptr)));
    if (last) ASN1_INTEGER_get_uint64(&number, last.get());
  }
  return std::max(number + 1, static_cast<std::uint64_t>(now_us));
}

void add(X509_CRL* list, const Record& record) {
  Entry entry(X509_REVOKED_new());
  DFB_CHECK(entry && X509_REVOKED_set_serialNumber(entry.get(), serial_of(record).get()) == 1 &&
            X509_REVOKED_set_revocationDate(entry.get(), to_time(record.revoked_us).get()) == 1 &&
            X509_CRL_add0_revoked(list, entry.get()) == 1);
  (void)entry.release();
}

void add_extensions(X509_CRL* list, X509* issuer, std::uint64_t number) {
  const Integer value(ASN1_INTEGER_new());
  DFB_CHECK(value && ASN1_INTEGER_set_uint64(value.get(), number) == 1 &&
            X509_CRL_add1_ext_i2d(list, NID_crl_number, value.get(), 0, X509V3_ADD_DEFAULT) == 1);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, list, 0);
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> key_id(
      X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
  DFB_CHECK(key_id && X509_CRL_add_ext(list, key_id.get(), -1) == 1);
}

}  // namespace

std::string make_revocation_list(const std::vector<Record>& records, std::string_view former, X509* issuer,
                                 const PrivateKey& issuer_key, TimeUs now_us) {
  const RevocationList list(X509_CRL_new());
  DFB_CHECK(list && X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
            X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer)) == 1 &&
            X509_CRL_set1_lastUpdate(list.get(), to_time(now_us - kClockSlackUs).get()) == 1 &&
            X509_CRL_set1_nextUpdate(list.get(), to_time(now_us + kValidUs).get()) == 1);
  for (const Record& record : records)
    if (is_listed(record, now_us)) add(list.get(), record);
  X509_CRL_sort(list.get());
  add_extensions(list.get(), issuer, next_number(former, now_us));
  DFB_CHECK(X509_CRL_sign(list.get(), native(issuer_key), EVP_sha256()) > 0);
  return to_pem(PEM_write_bio_X509_CRL, list.get());
}

bool is_stale(std::string_view pem, const std::vector<Record>& records, X509* issuer, TimeUs now_us) {
  const QuietErrors quiet;
  const RevocationList list = parse(pem);
  if (!list || X509_CRL_verify(list.get(), X509_get0_pubkey(issuer)) != 1) return true;
  const TimeUs made_us = from_time(X509_CRL_get0_lastUpdate(list.get())) + kClockSlackUs;
  if (made_us > now_us + kClockSlackUs || now_us - made_us > kRefreshUs) return true;
  return std::any_of(records.begin(), records.end(), [&](const Record& record) {
    X509_REVOKED* found = nullptr;
    return is_listed(record, now_us) &&
           X509_CRL_get0_by_serial(list.get(), &found, serial_of(record).get()) != 1;
  });
}

}  // namespace dfb::certs
