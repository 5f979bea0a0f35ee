// defenbao-audit as a program: its arguments, its exit status, what it writes where.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "api/demo/process.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;
using dfb::demo::Finished;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AuditProgram : public ::testing::Test {
 protected:
  void SetUp() override { lived().town.write(folder_.path("log")); }

  Finished run(std::vector<std::string> more, bool with_key = true) const {
    std::vector<std::string> arguments = {DFB_BIN_DIR "/defenbao-audit", "--log", folder_.path("log"),
                                          "--lang", "en"};
    if (with_key) arguments.insert(arguments.end(), {"--key", key_});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return dfb::demo::run(arguments);
  }
  void expect_could_not(const Finished& finished, const std::string& why) const {
    EXPECT_EQ(finished.status, 2) << finished.out << finished.err;
    EXPECT_THAT(finished.err, StartsWith("defenbao-audit: "));
    EXPECT_THAT(finished.err, HasSubstr(why));
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  }

  TempFolder folder_;
  std::string key_ = log::format_vkey(vkey_of(log_key()));
};

TEST_F(AuditProgram, ASoundLog) {
  const Finished finished = run({});
  EXPECT_EQ(finished.status, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("verdict: sound\n"));
  EXPECT_EQ(finished.err, "") << "no progress bar where there is no terminal";
}

TEST_F(AuditProgram, TheKeyMayStandInAFile) {
  const std::string file = folder_.write("log.vkey", key_ + "\n");
  EXPECT_EQ(run({"--key", file}, false).status, 0);
}

TEST_F(AuditProgram, TheFirstEntrysHashMayStandInAFile) {
  const std::string right = hash_text(log::leaf_hash(lived().town.leaves()[0]));
  EXPECT_EQ(run({"--genesis", right}).status, 0);
  EXPECT_EQ(run({"--genesis", folder_.write("genesis.hash", right + "\n")}).status, 0);
  const std::string other = hash_text(log::leaf_hash("another first entry"));
  EXPECT_EQ(run({"--genesis", folder_.write("genesis.hash", other + "\n")}).status, 1);
  expect_could_not(run({"--genesis", folder_.write("genesis.hash", "no hash\n")}), "genesis.hash");
  expect_could_not(run({"--genesis", folder_.path("nowhere")}), "--genesis");
}

TEST_F(AuditProgram, AnotherTownsKeyIsAskedAbout) {
  const std::string other = log::format_vkey(vkey_of(log_key(), "other.example/points"));
  // Of another town; and of this town's name, as after an exchange of files.
  for (const auto& [key, what] :
       {std::pair(other, "unknown_key"), {log::format_vkey(vkey_of(PrivateKey::generate(Algorithm::ed25519))), "log key"}}) {
    const Finished finished = run({"--key", key}, false);
    EXPECT_EQ(finished.status, 1) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr(what));
    EXPECT_THAT(finished.out, HasSubstr(" (is --key this town's key?)\n"));
  }
  const Finished chinese = dfb::demo::run(
      {DFB_BIN_DIR "/defenbao-audit", "--log", folder_.path("log"), "--key", other, "--lang", "zh"});
  EXPECT_THAT(chinese.out, HasSubstr("（--key 是这个镇的公钥吗？）\n"));
}

TEST_F(AuditProgram, OneByteOfACopyNamesTheEntry) {
  ASSERT_EQ(run({"--save", folder_.path("copy")}).status, 0);
  const std::string path = "tile/entries/000.p/" + std::to_string(lived().town.size());
  std::string bundle = folder_.read("copy/" + path);
  const auto at = bundle.find("\"points\":40");
  ASSERT_NE(at, std::string::npos);
  bundle[at + 9] = '9';
  dfb::test::write_log_file(folder_.path("copy"), path, bundle);
  const Finished finished = dfb::demo::run(
      {DFB_BIN_DIR "/defenbao-audit", "--log", folder_.path("copy"), "--key", key_, "--lang", "zh"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, HasSubstr("第 " + std::to_string(lived().award) + " 条：哈希：应为 "));
  EXPECT_THAT(finished.out, HasSubstr("结论：账本有误"));
}

TEST_F(AuditProgram, JsonIsOneDocumentForEveryVerdict) {
  EXPECT_EQ(boost::json::parse(run({"--json"}).out).at("verdict").as_string(), "sound");
  std::filesystem::remove(folder_.path("log/checkpoint"));
  const Finished finished = run({"--json"});
  EXPECT_EQ(finished.status, 2);
  const auto json = boost::json::parse(finished.out);
  EXPECT_EQ(json.at("verdict").as_string(), "could_not_check");
  EXPECT_EQ(json.at("could_not_check").at("code").as_string(), "not_found");
  expect_could_not(finished, "checkpoint");
  expect_could_not(run({}), "checkpoint");
}

TEST_F(AuditProgram, AccountsAsOfAnEntry) {
  const std::string resident = to_string(lived().town.town.resident.account),
                    shop = to_string(lived().town.town.shop.account);
  const Finished finished =
      run({"--as-of", std::to_string(lived().sale), "--account", resident, "--account", shop, "--json"});
  ASSERT_EQ(finished.status, 0) << finished.out << finished.err;
  const auto accounts = boost::json::parse(finished.out).at("as_of").at("accounts");
  EXPECT_EQ(accounts.as_array().at(0).at("balance").as_int64(), 20);
  EXPECT_EQ(accounts.as_array().at(1).at("balance").as_int64(), 30);
  EXPECT_THAT(run({"--as-of", "2026-11-24", "--account", resident}).out, HasSubstr("As of entry "));
  expect_could_not(run({"--as-of", "3"}), "--account");
  expect_could_not(run({"--account", resident}), "--as-of");
  expect_could_not(run({"--as-of", "3", "--account", "x"}), "--account x");
  expect_could_not(run({"--as-of", "soon", "--account", resident}), "--as-of soon");
  expect_could_not(run({"--as-of", "3", "--account", resident, "--tree-only"}), "--tree-only");
  expect_could_not(run({"--as-of", "100000", "--account", resident}), "the log ends with entry");
}

TEST_F(AuditProgram, MemoryAndTemporaryFolder) {
  EXPECT_EQ(run({"--memory", "1", "--temp", folder_.path()}).status, 0);
  expect_could_not(run({"--memory", "0"}), "--memory");
  expect_could_not(run({"--temp", folder_.path("none")}), "--temp");
}

TEST_F(AuditProgram, WrongArgumentsAreNamed) {
  expect_could_not(run({"--frobnicate"}), "frobnicate");
  expect_could_not(run({}, false), "--key");
  expect_could_not(run({"--key", "nonsense"}, false), "--key is neither a vkey line nor a file");
  expect_could_not(run({"--key", folder_.write("bad", "no key\n")}, false), "bad: ");
  expect_could_not(run({"--receipt", folder_.write("receipt", "")}), "--entry");
  expect_could_not(run({"--checkpoint", folder_.path("none")}), "there is no such file");
  expect_could_not(run({"--lang", "fr"}), "--lang");
  expect_could_not(run({"--save", folder_.path("log")}), "not empty");
}

}  // namespace
}  // namespace dfb::audit
