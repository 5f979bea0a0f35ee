// The program itself, before any town answers: wrong options, files and folders, each with one clear line and
// status 2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "api/demo/process.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/note.h"
#include "terminal/setup.h"
#include "terminal/till/records.h"
#include "tests/support/temp_folder.h"

namespace dfb::terminal {
namespace {

using dfb::demo::Finished;
using testing::HasSubstr;

const std::string kProgram = DFB_BIN_DIR "/defenbao-terminal";

class ProgramTest : public testing::Test {
 protected:
  // A folder as enrolment leaves it; nothing listens at its server.
  void SetUp() override {
    setup.server = "https://localhost:" + std::to_string(port);
    setup.terminal_url = "https://localhost:" + std::to_string(port + 1);
    setup.origin = "bq.example/points";
    setup.log_vkey = log::format_vkey(log::make_vkey(setup.origin, log::NoteKeyType::ed25519,
                                                     PrivateKey::generate(Algorithm::ed25519).public_key()));
    setup.shop = {0x5000000000000001};
    setup.till = key.public_key().id();
    setup.name_zh = "丽景超市";
    setup.name_en = "Lijing Store";
    folder.write("terminal.json", format_setup(setup));
    folder.write("till.key", key.to_pem());
    folder.write("till.crt", "");
    folder.write("ca.crt", "");
    Journal journal = Journal::open(folder.path("journal"), [](const Record&) { return ok(); }).value();
    journal.append(1, What::open, open_text({setup.origin, setup.shop, setup.till})).value();
  }
  Finished run(std::vector<std::string> arguments, std::string_view input = "") {
    arguments.insert(arguments.begin(), {kProgram, "--lang", "en"});
    return dfb::demo::run(arguments, input);
  }
  Finished run_here(std::vector<std::string> arguments, std::string_view input = "") {
    arguments.insert(arguments.begin(), {"--dir", folder.path()});
    return run(std::move(arguments), input);
  }
  void expect_stop(const std::string& why) {
    const Finished finished = run_here({"status"});
    EXPECT_EQ(finished.status, 2);
    EXPECT_THAT(finished.err, HasSubstr(why));
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  }

  dfb::test::TempFolder folder;
  std::uint16_t port = dfb::demo::free_port(2);
  PrivateKey key = PrivateKey::generate(Algorithm::p256);
  terminal::Setup setup;
};

TEST_F(ProgramTest, Options) {
  EXPECT_EQ(run({"--help"}).status, 0);
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run_here({}).status, 2);
  EXPECT_EQ(run_here({"--no-such-flag"}).status, 2);
  EXPECT_EQ(run_here({"dance"}).status, 2);
  EXPECT_EQ(run_here({"sale", "--points", "30"}).status, 2);
  EXPECT_EQ(run_here({"sale", "--code", "X", "--points", "0"}).status, 2);
  EXPECT_EQ(run_here({"sale", "--code", "X", "--image", "Y", "--points", "1"}).status, 2);
  EXPECT_EQ(dfb::demo::run({kProgram, "--dir", folder.path(), "--lang", "fr", "status"}).status, 2);
  EXPECT_EQ(run_here({"--console", "status"}).status, 2);
  EXPECT_EQ(run_here({"--kiosk", "status"}).status, 2);
  EXPECT_EQ(run_here({"--kiosk", "--console"}).status, 2);
  EXPECT_EQ(run_here({"--kiosk", "--kiosk-port", "65536"}).status, 2);
}

TEST_F(ProgramTest, WithoutALineNothingHappens) {
  const Finished status = run_here({"status"});
  EXPECT_EQ(status.status, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("The line is down"));
  EXPECT_THAT(status.out, HasSubstr("Lijing Store"));
  const Finished sale = run_here({"sale", "--code", std::string(120, 'A'), "--points", "30", "--yes"});
  EXPECT_EQ(sale.status, 1);
  EXPECT_THAT(sale.out, HasSubstr("REFUSED: "));
  EXPECT_EQ(run_here({"settle"}).status, 0);
  const Finished refund = run_here({"refund", "--sale", "17", "--points", "30"});
  EXPECT_EQ(refund.status, 1);
  EXPECT_THAT(refund.out, HasSubstr("has to ask the town, which does not answer"));
  const Finished console = run_here({"--console"}, "last\nquit\n");
  EXPECT_EQ(console.status, 0);
  EXPECT_THAT(console.out, HasSubstr("No sales yet"));
  EXPECT_THAT(dfb::demo::run({kProgram, "--dir", folder.path(), "--lang", "zh", "status"}).out,
              HasSubstr("线路不通"));
}

TEST_F(ProgramTest, AnImageThatIsNone) {
  const Finished finished =
      run_here({"sale", "--image", folder.write("x.png", "x"), "--points", "30", "--yes"});
  EXPECT_EQ(finished.status, 2);
  EXPECT_THAT(finished.err, HasSubstr("a PNG picture is wanted"));
  const Finished console = run_here({"--console", "--image", folder.path("x.png")}, "quit\n");
  EXPECT_EQ(console.status, 2);
  EXPECT_THAT(console.err, HasSubstr("a PNG picture is wanted"));
  EXPECT_EQ(run_here({"--image", folder.path("x.png"), "status"}).status, 2);
}

TEST_F(ProgramTest, AFolderThatIsNoTerminals) {
  folder.write("terminal.json", "{}");
  expect_stop("terminal.json");
  std::filesystem::remove(folder.path("terminal.json"));
  expect_stop("defenbao-terminal enrol --server");
}

TEST_F(ProgramTest, KeysThatCannotBeUsed) {
  folder.write("till.key", key.to_pem(), 0644);
  expect_stop("chmod 600");
  folder.write("till.key", "rubbish", 0600);
  expect_stop("enrolled anew");
  folder.write("till.key", PrivateKey::generate(Algorithm::p256).to_pem());
  expect_stop("another terminal's key");
  std::filesystem::remove(folder.path("till.key"));
  expect_stop("till.key");
}

TEST_F(ProgramTest, JournalsThatCannotBeUsed) {
  const std::string whole = folder.read("journal");
  folder.write("journal", whole + "1 2 seen {\"size");
  const Finished torn = run_here({"status"});
  EXPECT_EQ(torn.status, 0);
  EXPECT_THAT(torn.out, HasSubstr("last line was torn"));
  EXPECT_EQ(folder.read("journal"), whole);
  folder.write("journal", whole + whole);
  expect_stop("line 2: the line does not continue the one before it");
  std::string changed = whole;
  changed[2] ^= 1;
  folder.write("journal", changed);
  expect_stop("line 1: ");
  folder.write("journal", "");
  expect_stop("another terminal's, or empty");
  std::filesystem::remove(folder.path("journal"));
  expect_stop("journal is missing");
  EXPECT_FALSE(std::filesystem::exists(folder.path("journal")))
      << "a missing journal is not made good in silence";
}

TEST_F(ProgramTest, TwoAtATime) {
  dfb::demo::Process first({kProgram, "--dir", folder.path(), "--lang", "en", "--console"});
  ASSERT_TRUE(first.wait_for("Ready."));
  expect_stop("another terminal program");
  EXPECT_TRUE(first.write("quit\n"));
  EXPECT_EQ(first.wait()->status, 0);
}

TEST_F(ProgramTest, ThePageIsServedUntilItIsStopped) {
  const Finished nowhere = run_here({"--kiosk", "--kiosk-port", "0", "--kiosk-pages", folder.path("none")});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("folder of pages"));
  const std::vector<std::string> words = {kProgram, "--dir",   folder.path(),  "--lang",
                                          "en",     "--kiosk", "--kiosk-port", std::to_string(port + 1)};
  dfb::demo::Process first(words);
  ASSERT_TRUE(first.wait_for("http://127.0.0.1:" + std::to_string(port + 1) + "/#token="));
  expect_stop("another terminal program");
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait()->status, 0);
}

TEST_F(ProgramTest, EnrolmentThatCannotBegin) {
  const auto enrol = [&](const std::string& server, const std::string& code, const std::string& dir) {
    return run({"--dir", dir, "enrol", "--server", server, "--ca", folder.path("ca.crt"), "--code", code});
  };
  const std::string good(32, '0'), fresh = folder.path("fresh");
  EXPECT_THAT(enrol(setup.server, "0000-1111", fresh).err, HasSubstr("32 characters"));
  EXPECT_THAT(enrol("http://localhost:1", good, fresh).err, HasSubstr("https://HOST:PORT"));
  EXPECT_THAT(enrol(setup.server, good, folder.path()).err, HasSubstr("enrolled; choose another folder"));
  const Finished nobody = enrol(setup.server, good, fresh);
  EXPECT_EQ(nobody.status, 2);
  EXPECT_EQ(std::count(nobody.err.begin(), nobody.err.end(), '\n'), 1) << nobody.err;
}

}  // namespace
}  // namespace dfb::terminal
