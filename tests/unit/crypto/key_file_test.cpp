#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/crypto/keys.h"

namespace dfb {
namespace {

class KeyFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "dfb-key-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name) const { return folder_ + "/" + name; }
  std::string folder_;
};

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(KeyFile, PemRoundTrip) {
  for (const Algorithm algorithm : {Algorithm::p256, Algorithm::ed25519}) {
    const PrivateKey key = PrivateKey::generate(algorithm);
    const std::string pem = key.to_pem();
    EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const PrivateKey again = PrivateKey::from_pem(pem).value();
    EXPECT_EQ(again.to_pem(), pem);
    EXPECT_EQ(again.public_key().spki(), key.public_key().spki());
    EXPECT_TRUE(key.public_key().verify("m", again.sign("m")));
  }
}

TEST_F(KeyFile, RefusesOtherPem) {
  const std::string pem = PrivateKey::generate(Algorithm::p256).to_pem();
  // `openssl genpkey -algorithm X25519`, `openssl ecparam -name secp384r1 -genkey | openssl pkcs8 -topk8
  // -nocrypt`
  const std::string x25519 =
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n"
      "-----END PRIVATE KEY-----\n";
  for (const std::string& bad : {std::string(), std::string("hello"), pem.substr(0, pem.size() / 2), x25519,
                                 "-----BEGIN EC PRIVATE KEY-----" + pem.substr(27)}) {
    const Result<PrivateKey> key = PrivateKey::from_pem(bad);
    ASSERT_FALSE(key.has_value()) << bad;
    EXPECT_EQ(key.error().code, Code::malformed);
  }
}

TEST_F(KeyFile, SavedForItsOwnerAloneAndNeverReplaced) {
  const PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  ASSERT_TRUE(save_private_key(path("log.key"), key).has_value());
  struct stat status {};
  ASSERT_EQ(::stat(path("log.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(load_private_key(path("log.key")).value().public_key().id(), key.public_key().id());

  const std::string before = read(path("log.key"));
  EXPECT_EQ(save_private_key(path("log.key"), PrivateKey::generate(Algorithm::p256)).error().code,
            Code::io_error);
  EXPECT_EQ(read(path("log.key")), before);
}

TEST_F(KeyFile, RefusesAFileThatOthersMayRead) {
  ASSERT_TRUE(save_private_key(path("k"), PrivateKey::generate(Algorithm::p256)).has_value());
  for (const mode_t mode : {0640, 0604, 0610, 0602, 0644}) {
    ASSERT_EQ(::chmod(path("k").c_str(), mode), 0);
    const Result<PrivateKey> key = load_private_key(path("k"));
    ASSERT_FALSE(key.has_value()) << mode;
    EXPECT_EQ(key.error().code, Code::bad_config);
    EXPECT_NE(key.error().detail.find("chmod 600 " + path("k")), std::string::npos) << key.error().detail;
  }
  ASSERT_EQ(::chmod(path("k").c_str(), 0400), 0);
  EXPECT_TRUE(load_private_key(path("k")).has_value());
}

TEST_F(KeyFile, MissingFolderAndGarbage) {
  EXPECT_EQ(load_private_key(path("none")).error().code, Code::io_error);
  EXPECT_EQ(load_private_key(folder_).error().code, Code::bad_config);
  EXPECT_EQ(save_private_key(path("no/such"), PrivateKey::generate(Algorithm::p256)).error().code,
            Code::io_error);
  std::ofstream(path("garbage")) << "not a key";
  ASSERT_EQ(::chmod(path("garbage").c_str(), 0600), 0);
  EXPECT_EQ(load_private_key(path("garbage")).error().code, Code::malformed);
}

}  // namespace
}  // namespace dfb
