// defenbao-witness as a program: init, options that do not fit, one town's checkpoint, kill -9.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>

#include "api/demo/process.h"
#include "ledger/fetch/http_client.h"
#include "ledger/log/cosignature.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/witness/golden_log.h"

namespace dfb::witness {
namespace {

using namespace test;
using demo::Finished;
using demo::Process;
using testing::HasSubstr;

const std::string kProgram = DFB_BIN_DIR "/defenbao-witness";

class WitnessProgram : public testing::Test {
 protected:
  Finished init() {
    return demo::run({kProgram, "init", "--dir", folder.path("w"), "--name", "witness.example/town", "--log",
                      text_of(golden().at("vkey")), "--port", std::to_string(port)});
  }
  std::unique_ptr<Process> start() {
    auto process = std::make_unique<Process>(
        std::vector<std::string>{kProgram, "--config", folder.path("w/witness.conf")});
    EXPECT_TRUE(process->wait_for(" ready: ")) << process->err();
    return process;
  }
  Result<fetch::Response> post(const std::string& body, const std::string& path = "/add-checkpoint") {
    fetch::HttpClient http{fetch::Options{}};
    return http.post("http://127.0.0.1:" + std::to_string(port) + path, "text/plain", body);
  }
  Finished refused(const std::vector<std::string>& words) {
    std::vector<std::string> all = {kProgram};
    all.insert(all.end(), words.begin(), words.end());
    const Finished finished = demo::run(all);
    EXPECT_EQ(finished.status, 2) << finished.out << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
    return finished;
  }

  dfb::test::TempFolder folder;
  const std::uint16_t port = demo::free_port();
};

TEST_F(WitnessProgram, InitMakesAKeyThatIsItsOwnersAndPrintsTheVkey) {
  const Finished finished = init();
  ASSERT_EQ(finished.status, 0) << finished.err;
  const auto vkey = log::parse_vkey(finished.out.substr(0, finished.out.size() - 1));
  ASSERT_TRUE(vkey) << finished.out;
  EXPECT_EQ(vkey->type, log::NoteKeyType::cosignature);
  EXPECT_EQ(vkey->name, "witness.example/town");
  EXPECT_EQ(folder.read("w/witness.vkey"), finished.out);
  struct stat status {};
  ASSERT_EQ(::stat(folder.path("w/witness.pem").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(init().status, 2) << "a key is never replaced";
}

TEST_F(WitnessProgram, CosignsAndGoesOnAfterKillAndAfterTerm) {
  const Finished made = init();
  ASSERT_EQ(made.status, 0) << made.err;
  const auto vkey = log::parse_vkey(made.out.substr(0, made.out.size() - 1)).value();
  auto process = start();
  fetch::HttpClient http{fetch::Options{}};
  EXPECT_EQ(http.get("http://127.0.0.1:" + std::to_string(port) + "/healthz").value().body,
            R"({"status":"ok"})");
  const auto answer = post(submission(0, 257)).value();
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string text = log::format_checkpoint({kLog, 257, golden_root(257)});
  EXPECT_TRUE(log::verify_cosignature(text, log::parse_note_signatures(answer.body).value().front(), vkey));
  process->kill();
  process = start();
  const auto conflict = post(submission(0, 257)).value();
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "257\n");
  EXPECT_EQ(post(submission(257, 1000)).value().status, 200);
  EXPECT_EQ(post("", "/add-checkpoint").value().status, 400);
  EXPECT_EQ(post(submission(1000, 1000), "/elsewhere").value().status, 404);
  EXPECT_EQ(post(std::string(kSubmissionBytesMax + 1, 'x')).value().status, 413);
  process->signal(SIGTERM);
  const auto ended = process->wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 0) << ended->err;
  EXPECT_THAT(ended->err, HasSubstr("stopped on"));
}

TEST_F(WitnessProgram, WhatDoesNotFitIsSaidInOneLine) {
  EXPECT_EQ(demo::run({kProgram, "--help"}).status, 0);
  EXPECT_THAT(refused({}).err, HasSubstr("init"));
  EXPECT_THAT(refused({"--nonsense"}).err, HasSubstr("--help"));
  EXPECT_THAT(refused({"init", "--dir", folder.path("x"), "--name", "two words", "--log", "y"}).err,
              HasSubstr("no spaces"));
  EXPECT_THAT(refused({"init", "--dir", folder.path("x"), "--name", "w", "--log", "no-vkey"}).err,
              HasSubstr("vkey"));
  ASSERT_EQ(init().status, 0);
  const std::string config = folder.path("w/witness.conf");
  EXPECT_THAT(refused({"--config", config, "--address", "0.0.0.0"}).err, HasSubstr("certificate"));
  EXPECT_THAT(refused({"--config", config, "--prefix", "x/"}).err, HasSubstr("--prefix"));
  folder.write("w/witness.conf", folder.read("w/witness.conf") + "mispelt = 1\n");
  EXPECT_THAT(refused({"--config", config}).err, HasSubstr("mispelt"));
}

TEST_F(WitnessProgram, TwoProcessesNeverShareAState) {
  ASSERT_EQ(init().status, 0);
  const auto first = start();
  EXPECT_THAT(
      refused({"--config", folder.path("w/witness.conf"), "--port", std::to_string(demo::free_port())}).err,
      HasSubstr("in use"));
}

}  // namespace
}  // namespace dfb::witness
