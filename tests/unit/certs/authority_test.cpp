#include "certs/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "certs/request.h"
#include "ledger/base/encoding.h"
#include "tests/support/made_certificate.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/certs/verify.h"

namespace dfb::certs {
namespace {

using test::judge;
using test::Judgement;
using ::testing::HasSubstr;

constexpr TimeUs kNow = 1'795'484'400'000'000;

class Ca : public ::testing::Test {
 protected:
  Authority make() { return Authority::create(folder_.path("ca"), "八桥镇 demo", kNow).value(); }
  std::string crl() { return folder_.read("ca/ca.crl"); }
  Issued terminal(const Authority& authority, TimeUs at_us = kNow) {
    return authority.issue_terminal(make_request(till_, "x"), "shop 1", at_us).value();
  }
  Issued server(const Authority& authority, const std::vector<std::string>& names) {
    return authority.issue_server(web_.public_key(), "web", names, kServerDays, kNow).value();
  }
  Judgement of(const Authority& authority, const Issued& issued, int purpose) {
    return {issued.chain_pem, authority.certificate_pem(), "", purpose, kNow, "", ""};
  }
  static void expect(const Error& error, Code code, const std::string& detail) {
    EXPECT_EQ(error.code, code) << error.detail;
    EXPECT_THAT(error.detail, HasSubstr(detail));
  }

  test::TempFolder folder_;
  PrivateKey till_ = PrivateKey::generate(Algorithm::p256);
  PrivateKey web_ = PrivateKey::generate(Algorithm::p256);
};

TEST_F(Ca, ATillIsAClientForNinetyDays) {
  const Authority authority = make();
  const Issued issued = terminal(authority);
  Judgement wish = of(authority, issued, X509_PURPOSE_SSL_CLIENT);
  EXPECT_EQ(judge(wish), X509_V_OK);
  wish.at_us = kNow - 4 * kMinuteUs;  // a clock that lags
  EXPECT_EQ(judge(wish), X509_V_OK);
  wish.at_us = kNow - 6 * kMinuteUs;
  EXPECT_EQ(judge(wish), X509_V_ERR_CERT_NOT_YET_VALID);
  wish.at_us = kNow + 90 * kDayUs - kSecondUs;
  EXPECT_EQ(judge(wish), X509_V_OK);
  wish.at_us = kNow + 90 * kDayUs + kSecondUs;
  EXPECT_EQ(judge(wish), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(judge(of(authority, issued, X509_PURPOSE_SSL_SERVER)), X509_V_ERR_INVALID_PURPOSE);
  EXPECT_EQ(judge(of(authority, issued, X509_PURPOSE_CRL_SIGN)), X509_V_ERR_INVALID_PURPOSE);

  const auto certificate = test::read_certificate(issued.chain_pem);
  char name[80];
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
  EXPECT_EQ(name, hash_text(till_.public_key().id()));
  EXPECT_EQ(X509_get0_serialNumber(certificate.get())->length, 16);
  EXPECT_TRUE(issued.chain_pem.ends_with(authority.certificate_pem()));
}

TEST_F(Ca, AServerIsItsNames) {
  const Authority authority = make();
  const Issued issued =
      server(authority, {"localhost", "DNS:Points.Example", "*.bq.example", "IP:127.0.0.1", "::1"});
  Judgement wish = of(authority, issued, X509_PURPOSE_SSL_SERVER);
  for (const char* host : {"localhost", "points.example", "a.bq.example"}) {
    wish.host = host;
    EXPECT_EQ(judge(wish), X509_V_OK) << host;
  }
  for (const char* host : {"web", "example", "points.example.cn", "a.b.bq.example", "127.0.0.1"}) {
    wish.host = host;
    EXPECT_EQ(judge(wish), X509_V_ERR_HOSTNAME_MISMATCH) << host;
  }
  wish.host.clear();
  for (const char* address : {"127.0.0.1", "::1"}) {
    wish.address = address;
    EXPECT_EQ(judge(wish), X509_V_OK) << address;
  }
  wish.address = "127.0.0.2";
  EXPECT_EQ(judge(wish), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(judge(of(authority, issued, X509_PURPOSE_SSL_CLIENT)), X509_V_ERR_INVALID_PURPOSE);
}

TEST_F(Ca, AnotherTownsIsNotTrusted) {
  const Authority authority = make();
  const Authority other = Authority::create(folder_.path("other"), "八桥镇 demo", kNow).value();
  Judgement wish = of(other, terminal(authority), X509_PURPOSE_SSL_CLIENT);
  EXPECT_NE(judge(wish), X509_V_OK);  // the same name, another key
}

TEST_F(Ca, RevocationIsSeen) {
  const Authority authority = make();
  const Issued first = terminal(authority), second = terminal(authority);
  Judgement wish = of(authority, first, X509_PURPOSE_SSL_CLIENT);
  wish.crl_pem = crl();
  EXPECT_EQ(judge(wish), X509_V_OK);

  const Record record = authority.revoke(first.serial, kNow + kSecondUs).value();
  EXPECT_EQ(record.revoked_us, kNow + kSecondUs);
  EXPECT_EQ(record.name, "shop 1");
  wish.crl_pem = crl();
  EXPECT_EQ(judge(wish), X509_V_ERR_CERT_REVOKED);
  wish.chain_pem = second.chain_pem;
  EXPECT_EQ(judge(wish), X509_V_OK);

  // As other tools print a serial; again is no failure, and keeps the first date.
  std::string shown;
  for (std::size_t i = 0; i < 32; i += 2) {
    for (const char c : first.serial.substr(i, 2)) shown += static_cast<char>(std::toupper(c));
    shown += i < 30 ? ":" : "";
  }
  EXPECT_EQ(authority.revoke(shown, kNow + kHourUs).value().revoked_us, kNow + kSecondUs);
  expect(authority.revoke(std::string(32, '0'), kNow).error(), Code::not_found,
         "no certificate has the serial");
  for (const char* bad : {"", "12", "zz345678901234567890123456789012"})
    expect(authority.revoke(bad, kNow).error(), Code::bad_config, "32 hex digits");
}

TEST_F(Ca, TheListIsRefreshedDailyAndCompletedAfterACrash) {
  const Authority authority = make();
  const Issued issued = terminal(authority);
  EXPECT_FALSE(authority.refresh_crl(kNow + kHourUs).value());
  EXPECT_FALSE(authority.refresh_crl(kNow + kDayUs).value());
  EXPECT_TRUE(authority.refresh_crl(kNow + kDayUs + kMinuteUs).value());
  EXPECT_FALSE(authority.refresh_crl(kNow + kDayUs + kHourUs).value());
  EXPECT_TRUE(authority.refresh_crl(kNow + kDayUs + kHourUs, true).value());
  EXPECT_TRUE(authority.refresh_crl(kNow).value());  // a list from the future

  // Between the index and the list.
  const std::string before = crl();
  authority.revoke(issued.serial, kNow + kSecondUs).value();
  folder_.write("ca/ca.crl", before);
  EXPECT_TRUE(authority.refresh_crl(kNow + kMinuteUs).value());
  Judgement wish = of(authority, issued, X509_PURPOSE_SSL_CLIENT);
  wish.crl_pem = crl();
  EXPECT_EQ(judge(wish), X509_V_ERR_CERT_REVOKED);
  wish.at_us = kNow + 29 * kDayUs;
  EXPECT_EQ(judge(wish), X509_V_ERR_CERT_REVOKED);
  wish.at_us = kNow + 31 * kDayUs;
  EXPECT_EQ(judge(wish), X509_V_ERR_CRL_HAS_EXPIRED);

  for (const char* bad : {"", "garbage"}) {
    folder_.write("ca/ca.crl", bad);
    EXPECT_TRUE(authority.refresh_crl(kNow + kMinuteUs).value());
  }
  std::filesystem::remove(folder_.path("ca/ca.crl"));
  EXPECT_TRUE(authority.refresh_crl(kNow + kMinuteUs).value());
  EXPECT_FALSE(authority.refresh_crl(kNow + kMinuteUs).value());
}

TEST_F(Ca, NumbersOfListsGrowAlsoWhenTheClockGoesBack) {
  const Authority authority = make();
  const auto number = [&] {
    const auto list = test::read_pem<X509_CRL>(crl(), PEM_read_bio_X509_CRL, X509_CRL_free);
    auto* value =
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.get(), NID_crl_number, nullptr, nullptr));
    std::uint64_t result = 0;
    ASN1_INTEGER_get_uint64(&result, value);
    ASN1_INTEGER_free(value);
    return result;
  };
  std::uint64_t last = number();
  for (const TimeUs at_us : {kNow + 5, kNow + 5, kNow - kDayUs, kNow + kDayUs}) {
    authority.refresh_crl(at_us, true).value();
    EXPECT_GT(number(), last);
    last = number();
  }
}

TEST_F(Ca, IsMadeOnceWithASecretKey) {
  const Authority authority = make();
  EXPECT_EQ(authority.not_after_us(), kNow + 3653 * kDayUs);
  for (const auto& [file, mode] :
       {std::pair<const char*, mode_t>{"ca/ca.key", 0600}, {"ca/ca.crt", 0644}, {"ca/ca.crl", 0644}}) {
    struct stat status {};
    ASSERT_EQ(::stat(folder_.path(file).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, mode) << file;
  }
  const std::string key = folder_.read("ca/ca.key"), certificate = folder_.read("ca/ca.crt");
  expect(Authority::create(folder_.path("ca"), "again", kNow).error(), Code::bad_config, "never overwritten");
  EXPECT_EQ(folder_.read("ca/ca.key"), key);
  EXPECT_EQ(folder_.read("ca/ca.crt"), certificate);
  // A lone key of somebody's is not overwritten either.
  std::filesystem::create_directory(folder_.path("half"));
  folder_.write("half/ca.key", "mine");
  expect(Authority::create(folder_.path("half"), "x", kNow).error(), Code::bad_config, "half/ca.key exists");
  EXPECT_EQ(folder_.read("half/ca.key"), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_.path("half/ca.db")));
}

TEST_F(Ca, OpensOnlyWhatFitsTogether) {
  make();
  expect(Authority::open(folder_.path("none")).error(), Code::bad_config,
         "defenbao-certs init --dir " + folder_.path("none"));
  const std::string key = folder_.read("ca/ca.key");
  folder_.write("ca/ca.key", key, 0640);
  expect(Authority::open(folder_.path("ca")).error(), Code::bad_config, "chmod 600");
  folder_.write("ca/ca.key", till_.to_pem());
  expect(Authority::open(folder_.path("ca")).error(), Code::bad_config, "is not the key of");
  folder_.write("ca/ca.key", key);
  const std::string certificate = folder_.read("ca/ca.crt");
  folder_.write("ca/ca.crt", "garbage");
  expect(Authority::open(folder_.path("ca")).error(), Code::bad_config, "is not a certificate");
  const test::MadeCertificate leaf = test::make_certificate({});
  folder_.write("ca/ca.crt", leaf.certificate_pem);
  folder_.write("ca/ca.key", leaf.key_pem);
  expect(Authority::open(folder_.path("ca")).error(), Code::bad_config, "is not an authority's certificate");
  folder_.write("ca/ca.crt", certificate);
  folder_.write("ca/ca.key", key);
  EXPECT_TRUE(Authority::open(folder_.path("ca")).has_value());
}

TEST_F(Ca, RefusesWhatMakesNoSense) {
  const Authority authority = make();
  const PublicKey key = till_.public_key();
  expect(authority.issue_terminal(make_request(till_, "x").substr(1), "n", kNow).error(), Code::malformed,
         "request");
  for (const std::string& bad :
       {std::string(), std::string("a\nrevoked"), std::string(65, 'x'), std::string("\xff")}) {
    EXPECT_EQ(authority.issue_terminal(key, bad, 90, kNow).error().code, Code::bad_config) << bad;
    EXPECT_EQ(Authority::create(folder_.path("new"), bad, kNow).error().code, Code::bad_config) << bad;
  }
  for (const int days : {0, -1, 398})
    expect(authority.issue_terminal(key, "n", days, kNow).error(), Code::bad_config, "days");
  const PublicKey ed25519 = PrivateKey::generate(Algorithm::ed25519).public_key();
  expect(authority.issue_terminal(ed25519, "n", 90, kNow).error(), Code::bad_config, "P-256");
  expect(authority.issue_server(key, "n", {}, 90, kNow).error(), Code::bad_config, "at least one name");
  for (const char* bad : {"", "IP:localhost", "DNS:", "a b", "-a", "a..b", "*.com", "a.*.com", "127.0.0",
                          "IP:1.2.3.4.5", "é", "localhost,DNS:evil", "DNS:127.0.0.1"})
    expect(authority.issue_server(key, "n", {bad}, 90, kNow).error(), Code::bad_config,
           "neither a host name nor");
  EXPECT_TRUE(authority.list().value().empty());

  // Nothing outlives the authority.
  const TimeUs end_us = authority.not_after_us();
  EXPECT_EQ(authority.issue_terminal(key, "n", 90, end_us - kDayUs).value().not_after_us, end_us);
  expect(authority.issue_terminal(key, "n", 90, end_us).error(), Code::bad_config, "expired on");
}

TEST_F(Ca, TwoHandsAtOnceLoseNothing) {
  make();
  constexpr int kThreads = 4, kEach = 12;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      const Authority own = Authority::open(folder_.path("ca")).value();
      for (int i = 0; i < kEach; ++i) own.revoke(terminal(own).serial, kNow).value();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Authority authority = Authority::open(folder_.path("ca")).value();
  const std::vector<Record> records = authority.list().value();
  EXPECT_EQ(records.size(), static_cast<std::size_t>(kThreads * kEach));
  for (const Record& record : records) EXPECT_EQ(record.revoked_us, kNow);
  EXPECT_FALSE(authority.refresh_crl(kNow).value());  // all of them are in the list
}

}  // namespace
}  // namespace dfb::certs
