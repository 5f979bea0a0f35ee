#include <gtest/gtest.h>
#include <sys/stat.h>

#include <mutex>

#include "api/http/server.h"
#include "tests/unit/http/tls_peer.h"

namespace dfb::http {
namespace {

using test::Answer;
using test::Authority;
using test::Client;
using test::Folder;

// A port with mutual TLS, whose handler answers with the size of the client's certificate.
class MutualTlsTest : public ::testing::Test {
 protected:
  MutualTlsTest() : town_(folder_, "town"), clients_(folder_, "tills"), identity_(town_.issue("server")) {
    port_.cert_file = identity_.cert_file;
    port_.key_file = identity_.key_file;
    port_.client_ca_file = clients_.ca_file();
    port_.crl_file = clients_.write_crl({});
    port_.handler = [](const Request& request) {
      return Response{200, "text/plain", std::to_string(request.client_certificate.size()), {}};
    };
    hooks_.log = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_ += line + "\n";
    };
  }
  void start() {
    auto server = Server::start({port_}, {}, hooks_);
    ASSERT_TRUE(server) << to_string(server.error());
    server_ = std::move(*server);
  }
  Client connect(const Authority::Issued* identity, SSL_SESSION* resume = nullptr, bool tls12 = false) {
    Client::Options options;
    options.ca_file = town_.ca_file();
    if (identity) {
      options.cert_file = identity->cert_file;
      options.key_file = identity->key_file;
    }
    options.resume = resume;
    options.tls12 = tls12;
    return Client(server_->port(0), options);
  }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  Folder folder_;
  Authority town_, clients_;
  Authority::Issued identity_;
  Port port_;
  Hooks hooks_;
  std::mutex mutex_;
  std::string log_;
  std::unique_ptr<Server> server_;
};

TEST_F(MutualTlsTest, OnlyCertificatesOfTheAuthorityEnter) {
  start();
  const auto good = clients_.issue("till"), expired = clients_.issue("old", -1);
  Authority other(folder_, "others");
  const auto rogue = other.issue("rogue");
  Authority twin(folder_, "tills-twin");
  for (const bool tls12 : {false, true}) {
    EXPECT_GT(std::stoi("0" + connect(&good, nullptr, tls12).ask("GET", "/").body), 200);
    EXPECT_EQ(connect(nullptr, nullptr, tls12).ask("GET", "/").status, 0);
    EXPECT_EQ(connect(&rogue, nullptr, tls12).ask("GET", "/").status, 0);
    EXPECT_EQ(connect(&expired, nullptr, tls12).ask("GET", "/").status, 0);
  }
}

TEST_F(MutualTlsTest, RevocationIsSeenOnAConnectionThatIsOpen) {
  start();
  const auto bad = clients_.issue("bad"), good = clients_.issue("good");
  Client before = connect(&bad);
  EXPECT_EQ(before.ask("GET", "/").status, 200);
  clients_.write_crl({bad.serial});
  const Answer refused = before.ask("POST", "/", "body");
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("\"code\":\"forbidden\""), std::string::npos);
  EXPECT_TRUE(before.at_end());
  EXPECT_EQ(connect(&bad).ask("GET", "/").status, 403);
  EXPECT_EQ(connect(&good).ask("GET", "/").status, 200);
}

TEST_F(MutualTlsTest, RevocationIsSeenOnAResumedSession) {
  start();
  const auto bad = clients_.issue("bad");
  for (const bool tls12 : {false, true}) {
    clients_.write_crl({});
    SSL_SESSION* session = nullptr;
    {
      Client first = connect(&bad, nullptr, tls12);
      ASSERT_EQ(first.ask("GET", "/").status, 200);  // TLS 1.3 gives the session after the handshake
      session = first.session();
    }
    {
      Client again = connect(&bad, session, tls12);
      EXPECT_EQ(again.ask("GET", "/").status, 200);
      EXPECT_TRUE(again.resumed());
    }
    clients_.write_crl({bad.serial});
    {
      Client third = connect(&bad, session, tls12);
      EXPECT_EQ(third.ask("GET", "/").status, 403);
      EXPECT_TRUE(third.resumed());
    }
    SSL_SESSION_free(session);
  }
}

TEST_F(MutualTlsTest, DamagedListLeavesTheFormerInForce) {
  start();
  const auto bad = clients_.issue("bad"), good = clients_.issue("good");
  const std::string path = clients_.write_crl({bad.serial});
  EXPECT_EQ(connect(&bad).ask("GET", "/").status, 403);
  for (const std::string content :
       {"", "garbage", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"}) {
    test::write_file(path, content);
    EXPECT_EQ(connect(&bad).ask("GET", "/").status, 403);
    EXPECT_EQ(connect(&good).ask("GET", "/").status, 200);
  }
  std::filesystem::remove(path);
  EXPECT_EQ(connect(&bad).ask("GET", "/").status, 403);
  EXPECT_NE(log().find("the former list of revoked certificates stays in force"), std::string::npos) << log();
  clients_.write_crl({good.serial});
  EXPECT_EQ(connect(&bad).ask("GET", "/").status, 200);
  EXPECT_EQ(connect(&good).ask("GET", "/").status, 403);
}

// A timer that failed closes no shop: the list is used on, and it is said.
TEST_F(MutualTlsTest, AListThatHasRunOutWarnsAndStaysInForce) {
  const auto bad = clients_.issue("bad"), good = clients_.issue("good");
  clients_.write_crl({bad.serial}, -30);
  start();
  const std::string warning = "has run out and stays in force";
  EXPECT_NE(log().find(warning), std::string::npos) << "at the start: " << log();
  EXPECT_EQ(server_->warnings().size(), 1u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(connect(&good).ask("GET", "/").status, 200);
  EXPECT_EQ(connect(&bad).ask("GET", "/").status, 403);
  EXPECT_EQ(log().find(warning), log().rfind(warning)) << "once, not with each request";
  clients_.write_crl({bad.serial});
  EXPECT_TRUE(server_->warnings().empty());
  clients_.write_crl({bad.serial}, -30);
  EXPECT_EQ(server_->warnings().size(), 1u);
  EXPECT_NE(log().find(warning), log().rfind(warning)) << "another one that has run out";
}

TEST_F(MutualTlsTest, RenewedCertificateIsPickedUp) {
  start();
  const auto good = clients_.issue("till");
  Client before = connect(&good);
  EXPECT_EQ(before.ask("GET", "/").status, 200);
  Authority next(folder_, "next");
  next.issue("server");  // the same files, another authority: the old trust no longer fits
  EXPECT_FALSE(connect(&good).connected());
  EXPECT_EQ(before.ask("GET", "/").status, 200);
  EXPECT_NE(log().find("the renewed certificate"), std::string::npos) << log();
  test::write_file(identity_.cert_file, "garbage");
  Client::Options options;
  options.ca_file = next.ca_file();
  options.cert_file = good.cert_file;
  options.key_file = good.key_file;
  EXPECT_EQ(Client(server_->port(0), options).ask("GET", "/").status, 200);
  EXPECT_NE(log().find("the former certificate stays in use"), std::string::npos) << log();
}

TEST_F(MutualTlsTest, BadFilesAreNamedAtStart) {
  const auto other = town_.issue("other"), expired = town_.issue("expired", -1);
  const std::string garbage = folder_ / "garbage.pem", none = folder_ / "none.pem";
  test::write_file(garbage, "garbage");
  ::chmod(garbage.c_str(), 0600);
  const std::string open_key = folder_ / "open.key";
  std::filesystem::copy_file(identity_.key_file, open_key);
  ::chmod(open_key.c_str(), 0644);
  const struct {
    std::string Port::*member;
    std::string value, says;
  } rows[] = {
      {&Port::cert_file, none, none + ": No such file"},
      {&Port::cert_file, garbage, garbage + ": holds no certificate"},
      {&Port::cert_file, expired.cert_file, expired.cert_file + ": has expired"},
      {&Port::key_file, none, none + ": No such file"},
      {&Port::key_file, garbage, garbage + ": holds no private key"},
      {&Port::key_file, other.key_file,
       other.key_file + ": is not the key of the certificate " + identity_.cert_file},
      {&Port::key_file, open_key, open_key + ": everybody may read it; run chmod 600"},
      {&Port::client_ca_file, none, none + ": No such file"},
      {&Port::client_ca_file, garbage, garbage + ": holds no certificate"},
      {&Port::crl_file, none, none + ": No such file"},
      {&Port::crl_file, garbage, garbage + ": holds no sound list"},
      {&Port::crl_file, town_.write_crl({}), ": is not signed by " + clients_.ca_file()},
  };
  for (const auto& row : rows) {
    Port port = port_;
    port.*row.member = row.value;
    const auto server = Server::start({port}, {});
    ASSERT_FALSE(server) << row.says;
    EXPECT_EQ(server.error().code, Code::bad_config);
    EXPECT_NE(server.error().detail.find(row.says), std::string::npos) << row.says << "\n"
                                                                       << server.error().detail;
  }
}

}  // namespace
}  // namespace dfb::http
