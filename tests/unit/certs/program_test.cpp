// defenbao-certs as a second process, and `openssl` as the stranger who checks what it makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/demo/process.h"
#include "certs/request.h"
#include "tests/support/temp_folder.h"

namespace dfb::certs {
namespace {

using demo::Finished;
using ::testing::HasSubstr;

class Program : public ::testing::Test {
 protected:
  Finished certs(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), DFB_BIN_DIR "/defenbao-certs");
    return demo::run(arguments, "", {{}, folder_.path()});
  }
  Finished openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    return demo::run(arguments, "", {{}, folder_.path()});
  }
  void must(const Finished& finished) { ASSERT_EQ(finished.status, 0) << finished.out << finished.err; }
  void refused(const Finished& finished, int status, const std::string& what) {
    EXPECT_EQ(finished.status, status) << finished.out << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(what));
    EXPECT_TRUE(finished.err.starts_with("defenbao-certs: ")) << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
    EXPECT_EQ(finished.out, "");
  }
  void init() { must(certs({"init", "--dir", "ca", "--name", "八桥镇 demo"})); }
  boost::json::array list() {
    const Finished listed = certs({"list", "--dir", "ca", "--json"});
    EXPECT_EQ(listed.status, 0) << listed.err;
    return boost::json::parse(listed.out).as_array();
  }
  test::TempFolder folder_;
};

TEST_F(Program, AStrangerVerifiesServerAndTill) {
  init();
  must(certs({"issue", "server", "--dir", "ca", "--name", "web", "--san", "localhost", "--san",
              "IP:127.0.0.1", "--out", "server"}));
  must(openssl({"verify", "-x509_strict", "-CAfile", "ca/ca.crt", "-purpose", "sslserver", "-verify_hostname",
                "localhost", "server.crt"}));
  must(openssl({"verify", "-CAfile", "ca/ca.crt", "-verify_ip", "127.0.0.1", "server.crt"}));
  EXPECT_NE(openssl({"verify", "-CAfile", "ca/ca.crt", "-purpose", "sslclient", "server.crt"}).status, 0);
  struct stat status {};
  ASSERT_EQ(::stat(folder_.path("server.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);

  const PrivateKey till = PrivateKey::generate(Algorithm::p256);
  folder_.write("till.csr", make_request(till, "till"));
  folder_.write("till.key", till.to_pem());
  must(certs({"issue", "terminal", "--dir", "ca", "--name", "shop 1", "--csr", "till.csr", "--out", "till"}));
  must(certs({"issue", "terminal", "--dir", "ca", "--name", "shop 1", "--key", "till.key", "--out", "again",
              "--days", "7"}));
  for (const char* file : {"till.crt", "again.crt"})
    must(openssl({"verify", "-x509_strict", "-CAfile", "ca/ca.crt", "-purpose", "sslclient", "-crl_check",
                  "-CRLfile", "ca/ca.crl", file}));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("again.key")));
}

TEST_F(Program, RevokesAndLists) {
  init();
  EXPECT_THAT(certs({"list", "--dir", "ca"}).out, HasSubstr("nothing issued"));
  must(
      certs({"issue", "server", "--dir", "ca", "--name", "站 web", "--san", "localhost", "--out", "server"}));
  boost::json::array records = list();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].at("name").as_string(), "站 web");
  EXPECT_EQ(records[0].at("state").as_string(), "valid");
  const std::string serial(records[0].at("serial").as_string());

  must(certs({"revoke", "--dir", "ca", serial}));
  EXPECT_EQ(list()[0].at("state").as_string(), "revoked");
  EXPECT_THAT(certs({"list", "--dir", "ca"}).out, HasSubstr(serial));
  const Finished shown = openssl({"crl", "-in", "ca/ca.crl", "-CAfile", "ca/ca.crt", "-noout", "-text"});
  EXPECT_THAT(shown.err, HasSubstr("verify OK"));
  std::string upper = serial;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  EXPECT_THAT(shown.out, HasSubstr("Serial Number: " + upper));
  const Finished verified =
      openssl({"verify", "-CAfile", "ca/ca.crt", "-crl_check", "-CRLfile", "ca/ca.crl", "server.crt"});
  EXPECT_NE(verified.status, 0);
  EXPECT_THAT(verified.err, HasSubstr("certificate revoked"));

  const std::string before = folder_.read("ca/ca.crl");
  must(certs({"crl", "--dir", "ca"}));
  EXPECT_NE(folder_.read("ca/ca.crl"), before);
}

// A certificate opens a port; what a till's key may sign is the ledger's business, which the officer is told.
TEST_F(Program, RevokingATillSaysThatItsKeySignsOn) {
  init();
  folder_.write("till.key", PrivateKey::generate(Algorithm::p256).to_pem());
  must(certs({"issue", "terminal", "--dir", "ca", "--name", "shop 1", "--key", "till.key", "--out", "till"}));
  must(certs({"issue", "server", "--dir", "ca", "--name", "web", "--san", "localhost", "--out", "server"}));
  for (const auto& record : list()) {
    const Finished done = certs({"revoke", "--dir", "ca", std::string(record.at("serial").as_string())});
    must(done);
    if (record.at("kind").as_string() == "terminal")
      EXPECT_THAT(done.out, testing::AllOf(HasSubstr("authority/revoke"), HasSubstr("/v1/revocations")));
    else
      EXPECT_THAT(done.out, testing::Not(HasSubstr("authority/revoke")));
  }
}

TEST_F(Program, NeverOverwrites) {
  init();
  const std::string key = folder_.read("ca/ca.key");
  refused(certs({"init", "--dir", "ca"}), 1, "never overwritten");
  EXPECT_EQ(folder_.read("ca/ca.key"), key);
  const std::vector<std::string> issue{"issue", "server", "--dir",     "ca",    "--name",
                                       "web",   "--san",  "localhost", "--out", "server"};
  folder_.write("server.key", "mine");
  refused(certs(issue), 1, "server.key exists");
  EXPECT_EQ(folder_.read("server.key"), "mine");
  std::filesystem::remove(folder_.path("server.key"));
  folder_.write("server.crt", "mine");
  refused(certs(issue), 1, "server.crt exists");
  EXPECT_EQ(folder_.read("server.crt"), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_.path("server.key")));
  EXPECT_TRUE(list().empty());
}

TEST_F(Program, AKeyIsKeptAtRenewal) {
  init();
  must(certs({"issue", "server", "--dir", "ca", "--name", "web", "--san", "localhost", "--out", "a"}));
  must(certs({"issue", "server", "--dir", "ca", "--name", "web", "--san", "localhost", "--key", "a.key",
              "--out", "b"}));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("b.key")));
  const auto key_of = [&](const char* file) {
    return openssl({"x509", "-in", file, "-noout", "-pubkey"}).out;
  };
  EXPECT_EQ(key_of("a.crt"), key_of("b.crt"));
}

TEST_F(Program, SaysInOneLineWhatIsWrong) {
  refused(certs({}), 2, "subcommand is required");
  refused(certs({"frob"}), 2, "unknown argument 'frob'");
  refused(certs({"init"}), 2, "--dir is required");
  refused(certs({"init", "--dir", "ca", "--frob"}), 2, "unknown argument '--frob'");
  refused(certs({"list", "--dir", "ca"}), 1, "defenbao-certs init --dir ca");
  init();
  refused(certs({"issue", "terminal", "--dir", "ca", "--name", "x", "--out", "x"}), 2, "--csr");
  refused(certs({"issue", "server", "--dir", "ca", "--name", "x", "--san", "a b", "--out", "x"}), 2,
          "neither a host name");
  refused(
      certs({"issue", "server", "--dir", "ca", "--name", "x", "--san", "a", "--days", "398", "--out", "x"}),
      2, "--days");
  refused(certs({"revoke", "--dir", "ca", "12"}), 2, "32 hex digits");
  refused(certs({"revoke", "--dir", "ca", std::string(32, '0')}), 1, "no certificate has the serial");
  refused(certs({"issue", "terminal", "--dir", "ca", "--name", "x", "--csr", "none", "--out", "x"}), 1,
          "none: No such file");
  folder_.write("bad.csr", "garbage");
  refused(certs({"issue", "terminal", "--dir", "ca", "--name", "x", "--csr", "bad.csr", "--out", "x"}), 1,
          "bad.csr: not a");
  refused(certs({"issue", "server", "--dir", "ca", "--name", "x", "--san", "a", "--out", "no/such/x"}), 1,
          "no/such/x.key");
  folder_.write("open.key", PrivateKey::generate(Algorithm::p256).to_pem(), 0644);
  refused(certs({"issue", "terminal", "--dir", "ca", "--name", "x", "--key", "open.key", "--out", "x"}), 1,
          "chmod 600");
  EXPECT_TRUE(list().empty());
  ASSERT_EQ(::chmod(folder_.path("ca/ca.key").c_str(), 0644), 0);
  refused(certs({"list", "--dir", "ca"}), 1, "chmod 600 ca/ca.key");
}

TEST_F(Program, AFullDiskLeavesNothingInTheWayOfTheNextAttempt) {
  const auto on_full_disk = [&](const std::string& blocks, const std::string& folder) {
    return demo::run({"/bin/sh", "-c", "trap '' XFSZ; ulimit -f " + blocks + "; exec \"$@\"", "sh",
                      DFB_BIN_DIR "/defenbao-certs", "init", "--dir", folder},
                     "", {{}, folder_.path()});
  };
  refused(on_full_disk("0", "ca"), 1, "ca/ca.db: File too large; no authority was made: free some space");
  EXPECT_FALSE(std::filesystem::exists(folder_.path("ca")));
  std::filesystem::create_directory(folder_.path("ca"));
  refused(on_full_disk("0", "ca"), 1, "ca/ca.db: File too large");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path("ca")));
  init();
}

TEST_F(Program, ALostKeyComesBackFromTheBackupAndNotFromInit) {
  init();
  std::filesystem::remove(folder_.path("ca/ca.key"));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"list", "--dir", "ca"},
        {"issue", "server", "--dir", "ca", "--name", "x", "--san", "a", "--out", "x"},
        {"revoke", "--dir", "ca", std::string(32, '0')}})
    refused(certs(words), 1, "ca/ca.key is missing, which belongs to what is in ca: copy it back from the backup");
}

TEST_F(Program, Helps) {
  const Finished help = certs({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* word : {"init", "issue", "revoke", "list", "crl", "Example", "Exit status"})
    EXPECT_THAT(help.out, HasSubstr(word));
  EXPECT_THAT(certs({"issue", "server", "--help"}).out, HasSubstr("--san"));
}

}  // namespace
}  // namespace dfb::certs
