// The roots change the town's keys by files that go from hand to hand: the real programs, a town at work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/base/encoding.h"
#include "ledger/base/files.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class RootKeys : public testing::Test {
 protected:
  // As on a machine without any configuration of a server.
  Finished tool(std::vector<std::string> words) const {
    words.insert(words.begin(), program("server"));
    return demo::run(words);
  }
  std::string public_half(const std::string& name, bool make = false) const {
    std::vector<std::string> words{"key", "--file", town.path("keys/" + name + ".pem")};
    if (make) words.push_back("--make");
    const Finished made = tool(std::move(words));
    if (made.status != 0) throw std::runtime_error(made.err);
    return made.out.substr(0, made.out.size() - 1);
  }
  Finished propose(const std::string& file, std::vector<std::string> more, bool yes = true) const {
    std::vector<std::string> words{"propose",       "--origin", town.facts().origin,         "--file",
                                   town.path(file), "--key",    town.path("keys/root-1.pem")};
    words.insert(words.end(), more.begin(), more.end());
    if (yes) words.push_back("--yes");
    return tool(std::move(words));
  }
  Finished sign(const std::string& file, const std::string& key) const {
    return tool({"sign", "--origin", town.facts().origin, "--file", town.path(file), "--key",
                 town.path("keys/" + key + ".pem"), "--yes"});
  }
  // The file as it is, which is what the operator's curl sends.
  Result<Json> send(const std::string& file) {
    const std::string text = must(read_file(town.path(file), 100'000), file);
    return town.client().post("/v1/root-commands", boost::json::parse(text));
  }
  void set_server_keys(const std::string& value) {
    std::ostringstream text;
    text << std::ifstream(town.path("server.conf")).rdbuf();
    std::string conf = text.str();
    const auto at = conf.find("server-key = ");
    conf.replace(at, conf.find('\n', at) - at, "server-key = " + value);
    std::ofstream(town.path("server.conf"), std::ios::trunc) << conf;
  }
  std::string quoted(const std::string& name) const {
    return "\"" + town.path("keys/" + name + ".pem") + "\"";
  }
  std::string server_now() {
    return std::string(must(town.client().get("/v1/town"), "the town").at("server_key").as_string());
  }
  std::string id_of(const std::string& name) const { return hash_text(town.key(name).public_key().id()); }

  LiveTown town;
};

TEST_F(RootKeys, ARootGivesWayByAFileThatThreePeopleSign) {
  const std::string fresh = public_half("root-4", true);
  EXPECT_THAT(tool({"key", "--file", town.path("keys/root-4.pem"), "--make"}).status, 2)
      << "a key file is never replaced";
  const std::vector<std::string> words{
      "--act", "roots", "--new", public_half("root-1"), public_half("root-2"), fresh, "--threshold", "2"};
  const Finished unsaid = propose("roots.json", words, false);
  EXPECT_EQ(unsaid.status, 2) << "nobody typed yes";
  EXPECT_FALSE(file_exists(town.path("roots.json")));
  const Finished proposed = propose("roots.json", words);
  ASSERT_EQ(proposed.status, 0) << proposed.err;
  EXPECT_THAT(proposed.out, HasSubstr("本镇的根密钥换成以下 3 把"));
  EXPECT_THAT(proposed.out, HasSubstr("The town's roots become these 3, of whom 2 sign"));
  EXPECT_THAT(proposed.out, HasSubstr(id_of("root-4")));
  EXPECT_THAT(proposed.out, HasSubstr(town.facts().origin));
  EXPECT_EQ(propose("roots.json", words).status, 2) << "a file is never replaced";
  EXPECT_EQ(send("roots.json").error().code, Code::possession_not_proven);
  ASSERT_EQ(sign("roots.json", "root-4").status, 0);
  EXPECT_EQ(send("roots.json").error().code, Code::too_few_roots);
  const Finished signed_third = sign("roots.json", "root-2");
  ASSERT_EQ(signed_third.status, 0) << signed_third.err;
  EXPECT_THAT(signed_third.out, HasSubstr("signed by: " + id_of("root-4")));
  const Finished twice = sign("roots.json", "root-2");
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("signed already"));
  must(send("roots.json"), "the roots");
  EXPECT_EQ(must(send("roots.json"), "once more").at("known").as_bool(), true);

  const PrivateKey one = town.key("root-1"), gone = town.key("root-3"), next = town.key("root-4");
  const book::GrantRole grant{town.resident(1).account, book::Role::auditor, "/", SystemClock().now_us(), 0};
  Client client = town.client();
  EXPECT_EQ(client.post("/v1/root-commands", town.entrant().sign(grant, {&one, &gone})).error().code,
            Code::key_revoked);
  must(client.post("/v1/root-commands", town.entrant().sign(grant, {&next, &one})), "by the new root");
  EXPECT_EQ(town.audit().status, 0);
}

TEST_F(RootKeys, TheServersKeyChangesWhileItRuns) {
  const Till till = town.enrol_till(1);
  const std::string fresh = public_half("server-2", true);
  const std::vector<std::string> words{"--act", "server_key", "--new", fresh, "--until", "2099-12-31"};
  ASSERT_EQ(propose("server.json", words).status, 0);
  for (const char* key : {"root-2", "server-2"}) ASSERT_EQ(sign("server.json", key).status, 0) << key;
  const auto early = send("server.json");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::unknown_key);
  EXPECT_THAT(early.error().detail, HasSubstr("server-key"));
  town.stop();
  set_server_keys("[" + quoted("server") + ", " + quoted("server-2") + "]");
  town.start();
  EXPECT_EQ(server_now(), id_of("server"));
  must(send("server.json"), "the server's key");
  EXPECT_EQ(server_now(), id_of("server-2"));
  town.enrol();  // by the former key, as a page would that was open before
  EXPECT_EQ(town.terminal(till, {"sale", "--code", town.pay_code(town.resident(1)), "--points", "2", "--yes"})
                .status,
            0);
  EXPECT_EQ(town.audit().status, 0);
}

TEST_F(RootKeys, ACopiedServerKeyEndsAtOnceAndAStartWithItAloneSaysWhatIsMissing) {
  const std::string fresh = public_half("server-2", true);
  town.stop();
  set_server_keys("[" + quoted("server") + ", " + quoted("server-2") + "]");
  town.start();
  const Finished proposed = propose("server.json", {"--act", "server_key", "--new", fresh, "--until", "now"});
  ASSERT_EQ(proposed.status, 0) << proposed.err;
  EXPECT_THAT(proposed.out, HasSubstr("revoked at once"));
  for (const char* key : {"root-2", "server-2"}) ASSERT_EQ(sign("server.json", key).status, 0) << key;
  must(send("server.json"), "the server's key");
  EXPECT_THROW(town.enrol(), std::runtime_error) << "by the key that was copied";
  town.stop();
  set_server_keys(quoted("server"));
  Process server = town.launch();
  const auto ended = server.wait(seconds(60));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 2);
  EXPECT_THAT(ended->err, HasSubstr("server-key"));
  set_server_keys(quoted("server-2"));
  town.start();
  EXPECT_EQ(server_now(), id_of("server-2"));
  EXPECT_EQ(town.audit().status, 0);
}

TEST_F(RootKeys, TheToolRefusesWhatCannotBeMeant) {
  const std::string one = public_half("root-1");
  struct Case {
    std::vector<std::string> words;
    const char* says;
  };
  for (const auto& [words, says] : {
           Case{{"--act", "roots", "--new", "abc"}, "public key"},
           Case{{"--act", "roots", "--new", one, one, "--threshold", "2"}, "all different"},
           Case{{"--act", "roots", "--new", one, "--threshold", "2"}, "threshold"},
           Case{{"--act", "server_key", "--new", one, one, "--until", "now"}, "one key"},
           Case{{"--act", "server_key", "--new", one, "--until", "soon"}, "--until"},
           Case{{"--act", "log_key", "--new", "x+00000000+AAAA", "--until", "now"}, "--until"},
           Case{{"--act", "genesis", "--new", one}, "--act"},
       }) {
    const Finished refused = propose("never.json", words);
    EXPECT_EQ(refused.status, 2) << says;
    EXPECT_THAT(refused.err, HasSubstr(says));
    EXPECT_FALSE(file_exists(town.path("never.json")));
  }
  const Finished nameless =
      tool({"sign", "--file", town.path("server.conf"), "--key", town.path("keys/root-1.pem")});
  EXPECT_EQ(nameless.status, 2);
  EXPECT_THAT(nameless.err, HasSubstr("--origin"));
  EXPECT_EQ(sign("server.conf", "root-1").status, 2) << "no command at all";
}

// From a document to a task that pays by it: tried, signed by two administrators' key files, sent.
TEST_F(RootKeys, APolicyIsTriedAndPublishedByTwoKeyFiles) {
  ASSERT_EQ(town.audit({"--save", town.path("copy")}).status, 0);
  std::string line;  // of the present policy
  for (const auto& file : std::filesystem::recursive_directory_iterator(town.path("copy/tile/entries"))) {
    if (!file.is_regular_file()) continue;
    const std::string bytes = must(read_file(file.path(), 20'000'000), "the bundle");
    const auto at = bytes.find("{\"v\":1,\"op\":\"policy\"");
    if (at != bytes.npos && bytes.compare(bytes.find("\"act\":", at), 15, "\"act\":\"publish\"") == 0)
      line = bytes.substr(at, bytes.find('\n', at) - at);
  }
  ASSERT_FALSE(line.empty());
  boost::json::object present = boost::json::parse(line).as_object();
  auto& rules = present.at("rules").as_array();
  const auto patrol =
      std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return rule.at("id") == "patrol"; });
  const auto write = [&](const std::string& name) {
    std::ofstream(town.path(name)) << boost::json::object{{"rules", rules}, {"limits", present.at("limits")}};
    return town.path(name);
  };
  const auto propose_policy = [&](const std::string& file, const std::string& document) {
    return tool({"propose", "--origin", town.facts().origin, "--act", "policy", "--document", document,
                 "--policy-version", "2", "--key", town.path("keys/administrator-1.pem"), "--file",
                 town.path(file), "--yes"});
  };
  patrol->as_object()["caps"] = boost::json::array();
  const Finished unfit = propose_policy("unfit.signed", write("unfit.json"));
  EXPECT_EQ(unfit.status, 2);
  EXPECT_THAT(unfit.err, HasSubstr("a rule without an officer's proof and without a cap"));
  EXPECT_FALSE(file_exists(town.path("unfit.signed")));

  patrol->as_object()["caps"] = boost::json::array{"account/day:1"};
  patrol->as_object()["points"] = 60;
  const Finished proposed = propose_policy("policy.signed", write("policy.json"));
  ASSERT_EQ(proposed.status, 0) << proposed.err;
  EXPECT_THAT(proposed.out, HasSubstr("发布第 2 版规则，入账即生效"));
  EXPECT_THAT(proposed.out, HasSubstr("  patrol: 60, account/day:1\n"));
  const Finished tried = town.audit({"--try-policy", town.path("policy.signed")});
  EXPECT_EQ(tried.status, 0) << tried.err;
  EXPECT_THAT(tried.out, HasSubstr("A policy on trial"));
  EXPECT_EQ(send("policy.signed").error().code, Code::needs_second_person);
  ASSERT_EQ(sign("policy.signed", "administrator-2").status, 0);
  must(send("policy.signed"), "the policy");
  const auto shown = must(town.signed_in(town.resident(1).key).get("/v1/tasks"), "the tasks");
  for (const auto& task : shown.at("tasks").as_array()) {
    if (task.at("rule").as_string() == "patrol") {
      EXPECT_EQ(task.at("points").as_int64(), 60);
    }
  }
  EXPECT_EQ(town.audit().status, 0);
}

}  // namespace
}  // namespace dfb::e2e
