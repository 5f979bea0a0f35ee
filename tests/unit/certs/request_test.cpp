#include "certs/request.h"

#include <gtest/gtest.h>

#include "api/demo/process.h"
#include "certs/authority.h"
#include "ledger/base/encoding.h"
#include "tests/support/made_certificate.h"
#include "tests/support/temp_folder.h"

namespace dfb::certs {
namespace {

std::string der_of(const std::string& pem) {
  std::string base64;
  for (std::size_t at = pem.find('\n') + 1; pem[at] != '-'; ++at)
    if (pem[at] != '\n') base64 += pem[at];
  return base64_decode(base64).value();
}

std::string pem_of(const std::string& der) {
  return "-----BEGIN CERTIFICATE REQUEST-----\n" + base64_encode(der) +
         "\n-----END CERTIFICATE REQUEST-----\n";
}

TEST(Request, NamesItsKeyAndAStrangerAgrees) {
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  const std::string pem = make_request(key, "李井 till 1");
  EXPECT_EQ(key_of_request(pem).value().id(), key.public_key().id());
  const demo::Finished stranger =
      demo::run({"openssl", "req", "-verify", "-noout", "-subject", "-nameopt", "utf8"}, pem);
  EXPECT_EQ(stranger.status, 0) << stranger.err;
  EXPECT_NE((stranger.out + stranger.err).find("verify OK"), std::string::npos);
  EXPECT_NE(stranger.out.find("CN=李井 till 1"), std::string::npos) << stranger.out;
}

TEST(Request, AStrangersIsTaken) {
  const test::TempFolder folder;
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  folder.write("key", key.to_pem());
  const demo::Finished made =
      demo::run({"openssl", "req", "-new", "-key", folder.path("key"), "-subj", "/O=x/CN=y"});
  EXPECT_EQ(key_of_request(made.out).value().id(), key.public_key().id()) << made.err;
}

TEST(Request, TamperedInAnyByteIsRefused) {
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  const std::string der = der_of(make_request(key, "till"));
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string bad = der;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    const Result<PublicKey> got = key_of_request(pem_of(bad));
    ASSERT_FALSE(got.has_value()) << "byte " << at;
    EXPECT_TRUE(got.error().code == Code::malformed || got.error().code == Code::bad_signature);
  }
  // The other till's key in a request that this till signed.
  const PrivateKey other = PrivateKey::generate(Algorithm::p256);
  std::string stolen = der;
  const std::size_t at = stolen.find(key.public_key().spki());
  ASSERT_NE(at, std::string::npos);
  stolen.replace(at, other.public_key().spki().size(), other.public_key().spki());
  EXPECT_EQ(key_of_request(pem_of(stolen)).error().code, Code::bad_signature);
}

TEST(Request, OtherKeysAndOtherTextAreRefused) {
  for (const std::vector<std::string>& kind : std::vector<std::vector<std::string>>{
           {"-newkey", "rsa:2048"},
           {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"},
           {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"},
           {"-newkey", "ed25519"}}) {
    std::vector<std::string> command{"openssl", "req",       "-new",  "-nodes",
                                     "-keyout", "/dev/null", "-subj", "/CN=x"};
    command.insert(command.end(), kind.begin(), kind.end());
    const demo::Finished made = demo::run(command);
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(key_of_request(made.out).error().code, Code::malformed) << kind.back();
  }
  const std::string pem = make_request(PrivateKey::generate(Algorithm::p256), "till");
  const std::string der = der_of(pem);
  for (const std::string& bad :
       {std::string(), std::string("x"), pem + pem, " " + pem, pem + "x", pem.substr(0, pem.size() / 2),
        pem + std::string(17'000, '\n'), pem_of(der.substr(0, der.size() - 1)), pem_of(""),
        test::make_certificate({}).certificate_pem})
    EXPECT_EQ(key_of_request(bad).error().code, Code::malformed) << bad;
  EXPECT_EQ(key_of_request({}).error().code, Code::malformed);
}

TEST(Request, TheKeyOfACertificate) {
  const test::MadeCertificate made = test::make_certificate({});
  const std::string der = der_of(made.certificate_pem);
  EXPECT_EQ(key_of_certificate(der).value(), PrivateKey::from_pem(made.key_pem).value().public_key().id());
  for (const std::string& bad :
       {std::string(), std::string("x"), der + "x", der.substr(1), der.substr(0, der.size() - 1)})
    EXPECT_EQ(key_of_certificate(bad).error().code, Code::malformed);
  EXPECT_EQ(key_of_certificate({}).error().code, Code::malformed);
}

TEST(Request, WhenACertificateEnds) {
  const test::TempFolder folder;
  const TimeUs now = 1'795'000'000 * kSecondUs;
  const Authority authority = Authority::create(folder.path("ca"), "town", now).value();
  const auto issued =
      authority.issue_terminal(PrivateKey::generate(Algorithm::p256).public_key(), "till", 10, now).value();
  const auto valid = validity_of(issued.chain_pem);
  ASSERT_TRUE(valid);
  EXPECT_EQ(valid->until_us, issued.not_after_us / kSecondUs * kSecondUs);
  EXPECT_LE(valid->from_us, now);
  EXPECT_GE(valid->from_us, now - kHourUs);
  for (const std::string& bad : {std::string(), std::string("x"), issued.chain_pem.substr(40)})
    EXPECT_EQ(validity_of(bad.substr(0, 200)).error().code, Code::malformed);
}

}  // namespace
}  // namespace dfb::certs
