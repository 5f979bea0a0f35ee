// A bad line between the real terminal and the real town: what is lost ends in a cancel, and nobody is
// charged for nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <thread>

#include "api/demo/fault_proxy.h"
#include "ledger/base/encoding.h"
#include "terminal/setup.h"
#include "terminal/till/records.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

// Lijing's shop and a customer, with a line between that can be made bad.
class Line : public testing::Test {
 protected:
  void SetUp() override {
    terminal::Setup setup = terminal::load_setup({till_.folder}).value();
    setup.terminal_url = "https://localhost:" + std::to_string(line_.port());
    must(terminal::write_file(till_.folder + "/terminal.json", terminal::format_setup(setup)), "the setup");
  }

  // A console whose customer is there and whose amount waits for Enter.
  Process console_before_confirming(int points) {
    Process console({program("terminal"), "--dir", till_.folder, "--lang", "en", "--ask-after-ms", "500",
                     "--cancel-after-ms", "1500", "--retry-ms", "200", "--console"});
    EXPECT_TRUE(console.wait_for("Ready.")) << console.out() << console.err();
    console.write(town_.pay_code(phone_) + "\n");
    EXPECT_TRUE(console.wait_for("王*")) << console.out() << console.err();
    console.write(std::to_string(points) + "\n");
    EXPECT_TRUE(console.wait_for("Enter")) << console.out() << console.err();
    return console;
  }
  void mend() {
    line_.cut(true);
    std::this_thread::sleep_for(milliseconds(300));
    line_.lose_answers(false), line_.lose_requests(false), line_.cut(false);
  }
  void end(Process& console) {
    EXPECT_TRUE(console.wait_for("CANCELLED", seconds(60))) << console.out() << console.err();
    console.write("quit\n");
    const auto finished = console.wait();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, 0) << finished->out << finished->err;
  }
  // The last sale that the till's journal says was sent, with the very bytes.
  SignedLine last_sale() {
    std::ifstream journal(till_.folder + "/journal");
    SignedLine found;
    const auto read = terminal::read_journal(journal, [&](const terminal::Record& record) -> Result<void> {
      if (record.what != terminal::What::sent) return ok();
      const auto fields = boost::json::parse(record.text);
      found.payload = base64url_decode(std::string(fields.at("payload").as_string())).value();
      found.signatures = {{till_.key.public_key().id(),
                           base64url_decode(std::string(fields.at("signature").as_string())).value()}};
      found.id = book::parse_payload(found.payload).value().id;
      return ok();
    });
    EXPECT_TRUE(read);
    return found;
  }

  LiveTown town_;
  const Till till_ = town_.enrol_till(1);
  const Phone phone_ = town_.resident(1);
  const std::int64_t before_ = town_.balance(phone_);
  demo::FaultProxy line_{static_cast<std::uint16_t>(town_.port() + 1)};
};

TEST_F(Line, AnAnswerThatIsLostEndsInACancel) {
  Process console = console_before_confirming(20);
  line_.lose_answers(true);
  console.write("\n");
  ASSERT_TRUE(console.wait_for("NOT KNOWN YET")) << console.out();
  EXPECT_EQ(town_.balance(phone_), before_ - 20) << "the sale itself did arrive";
  std::this_thread::sleep_for(milliseconds(1500));
  mend();
  end(console);
  EXPECT_EQ(town_.balance(phone_), before_) << "undone in full";

  const SignedLine sale = last_sale();
  Client till = town_.client(till_);
  const auto late = till.post("/v1/redemptions", sale);
  ASSERT_TRUE(late) << to_string(late.error());
  EXPECT_TRUE(late->at("known").as_bool()) << "the first answer, and nothing new";
  EXPECT_EQ(town_.balance(phone_), before_) << "the late retry charges nobody";
}

TEST_F(Line, ARequestThatNeverArrivesIsBurnt) {
  Process console = console_before_confirming(20);
  line_.lose_requests(true);
  console.write("\n");
  ASSERT_TRUE(console.wait_for("NOT KNOWN YET")) << console.out();
  EXPECT_EQ(town_.balance(phone_), before_) << "nothing arrived";
  std::this_thread::sleep_for(milliseconds(1500));
  mend();
  end(console);
  EXPECT_EQ(town_.balance(phone_), before_);

  const SignedLine sale = last_sale();
  Client till = town_.client(till_);
  const auto late = till.post("/v1/redemptions", sale);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::id_burnt);
  EXPECT_EQ(town_.balance(phone_), before_) << "the late retry charges nobody";
  const auto asked = till.get("/v1/commands/" + to_string(sale.id));
  ASSERT_TRUE(asked) << to_string(asked.error());
  EXPECT_EQ(asked->at("refused").as_string(), "id_burnt");
}

TEST_F(Line, ATownThatDiesDuringASaleIsAskedAgainWhenItIsBack) {
  Process console = console_before_confirming(20);
  line_.lose_answers(true);
  console.write("\n");
  ASSERT_TRUE(console.wait_for("NOT KNOWN YET")) << console.out();
  EXPECT_EQ(town_.balance(phone_), before_ - 20);
  town_.kill();
  std::this_thread::sleep_for(milliseconds(1500));
  town_.start();
  mend();
  end(console);
  EXPECT_EQ(town_.balance(phone_), before_);
}

TEST_F(Line, ATerminalThatDiesDuringASaleSettlesItAtItsNextStart) {
  Process console = console_before_confirming(20);
  line_.lose_answers(true);
  console.write("\n");
  ASSERT_TRUE(console.wait_for("NOT KNOWN YET")) << console.out();
  console.kill();
  EXPECT_EQ(town_.balance(phone_), before_ - 20);
  mend();
  const Finished settled = town_.terminal(till_, {"settle"});
  EXPECT_EQ(settled.status, 0) << settled.out << settled.err;
  const auto asked = town_.client(till_).get("/v1/commands/" + to_string(last_sale().id));
  ASSERT_TRUE(asked) << to_string(asked.error());
  const std::int64_t after = town_.balance(phone_);
  if (settled.out.find("CANCELLED") != std::string::npos)
    EXPECT_EQ(after, before_);
  else
    EXPECT_EQ(after, before_ - 20) << settled.out;
}

TEST(Redemption, IsAnsweredAgainAfterARestartThatForgotThePresentation) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  const std::string code = town.pay_code(phone);
  const SignedLine sale = town.redeem(till, phone, code, 7);
  Client counter = town.client(till);
  EXPECT_EQ(counter.post("/v1/redemptions", sale).error().code, Code::not_presented);
  ASSERT_TRUE(counter.post("/v1/presentations", Json{{"code", code}}));
  const auto first = counter.post("/v1/redemptions", sale);
  ASSERT_TRUE(first) << to_string(first.error());
  town.kill();
  town.start();
  const auto again = counter.post("/v1/redemptions", sale);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_TRUE(again->at("known").as_bool());
  EXPECT_EQ(again->at("entry"), first->at("entry"));
  EXPECT_EQ(town.balance(phone), before - 7);
  // Another sale with the code that the restart forgot is no retry.
  EXPECT_EQ(counter.post("/v1/redemptions", town.redeem(till, phone, code, 7)).error().code,
            Code::not_presented);
}

}  // namespace
}  // namespace dfb::e2e
