// What keeps a till at work by itself: certificates that renew themselves, and a doctor who says what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "certs/authority.h"
#include "certs/request.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TillUpkeep : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return till_.folder + "/" + name; }
  std::string read(const std::string& name) const { return must(read_file(file(name), 100'000), name); }
  // In the place of the till's own: one of `days`, of which `gone` are over.
  void give_certificate(int days, int gone) {
    const auto authority = must(certs::Authority::open(town_.path("ca")), "ca");
    const auto issued = must(authority.issue_terminal(till_.key.public_key(), "old", days,
                                                      SystemClock().now_us() - gone * kDayUs),
                             "a certificate");
    std::ofstream(file("till.crt"), std::ios::trunc) << issued.chain_pem;
  }
  TimeUs left() const {
    return must(certs::validity_of(read("till.crt")), "till.crt").until_us - SystemClock().now_us();
  }
  LiveTown town_;
  const Till till_ = town_.enrol_till(1);
};

TEST_F(TillUpkeep, ACertificateIsLeftAloneUntilAThirdOfItIsLeft) {
  give_certificate(90, 50);
  const std::string before = read("till.crt");
  EXPECT_EQ(town_.terminal(till_, {"status"}).status, 0);
  EXPECT_EQ(read("till.crt"), before);
  give_certificate(90, 61);
  const Finished status = town_.terminal(till_, {"status"});
  EXPECT_EQ(status.status, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("The certificate was renewed"));
  EXPECT_GT(left(), 89 * kDayUs);
}

TEST_F(TillUpkeep, ATillThatWasOffForTooLongComesBackByItself) {
  give_certificate(90, 200);
  ASSERT_LT(left(), 0);
  const Finished sale =
      town_.terminal(till_, {"sale", "--code", town_.pay_code(town_.resident(1)), "--points", "5", "--yes"});
  EXPECT_EQ(sale.status, 0) << sale.out << sale.err;
  EXPECT_GT(left(), 89 * kDayUs);
}

// A console is left running for months.
TEST_F(TillUpkeep, TheConsoleRenewsItsCertificateWhileItServes) {
  give_certificate(90, 61);
  std::filesystem::rename(file("till.crt"), file("aged.crt"));
  give_certificate(90, 10);
  const Finished done = demo::run(
      {"/bin/sh", "-c", "(sleep 2; cp \"$1/aged.crt\" \"$1/till.crt\"; echo status; sleep 1; echo quit) | \"$2\" --dir \"$1\" --lang en --console",
       "sh", till_.folder, program("terminal")});
  EXPECT_EQ(done.status, 0) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("The certificate was renewed"));
  EXPECT_GT(left(), 89 * kDayUs);
}

TEST_F(TillUpkeep, WithoutTheTownItIsToldInTheLastWeek) {
  town_.stop();
  give_certificate(90, 70);
  EXPECT_THAT(town_.terminal(till_, {"status"}).out, Not(HasSubstr("certificate")));
  give_certificate(90, 85);
  EXPECT_THAT(town_.terminal(till_, {"status"}).out, HasSubstr("CARE: the certificate ends "));
}

TEST_F(TillUpkeep, TheDoctorFindsNothing) {
  const Finished seen = town_.terminal(till_, {"doctor"});
  EXPECT_EQ(seen.status, 0) << seen.out << seen.err;
  EXPECT_THAT(seen.out, AllOf(HasSubstr("[ok]  Disk: "), HasSubstr("[ok]  Certificate: until "), HasSubstr("[ok]  Line: "),
                              HasSubstr("[ok]  Clock: "), HasSubstr("[ok]  Ledger: "),
                              HasSubstr("Nothing has to be put right")));
  EXPECT_THAT(demo::run({program("terminal"), "--dir", till_.folder, "--lang", "zh", "doctor"}).out,
              HasSubstr("一切正常"));
}

TEST_F(TillUpkeep, TheDoctorSaysWhatToDo) {
  ::chmod(file("till.key").c_str(), 0644);
  Finished seen = town_.terminal(till_, {"doctor"});
  EXPECT_EQ(seen.status, 1);
  EXPECT_THAT(seen.out, HasSubstr("run chmod 600 " + file("till.key")));
  ::chmod(file("till.key").c_str(), 0600);
  town_.stop();
  give_certificate(90, 91);
  seen = town_.terminal(till_, {"doctor", "--scanner", "/dev/input/by-id/none-event-kbd", "--printer",
                                   "tcp://127.0.0.1:1"});
  EXPECT_EQ(seen.status, 1);
  EXPECT_THAT(seen.out, AllOf(HasSubstr("[X]   Certificate: until "), HasSubstr("run renew with the line up"),
                              HasSubstr("[X]   Line: "), HasSubstr("[X]   Scanner: "),
                              HasSubstr("[X]   Printer: 127.0.0.1: "),
                              HasSubstr("things have to be put right")));
  give_certificate(90, -1);  // of tomorrow: this machine's clock went back
  EXPECT_THAT(town_.terminal(till_, {"doctor"}).out,
              AllOf(HasSubstr("[X]   Clock: "), HasSubstr("timedatectl set-ntp true"), HasSubstr("which says 20")));
  std::filesystem::remove(file("journal"));
  EXPECT_THAT(town_.terminal(till_, {"doctor"}).out, HasSubstr("[X]   Folder: "));
}

// The town goes on from an older copy of its ledger, with other entries.
TEST_F(TillUpkeep, AnotherHistoryIsAnAlarmForDoctorAndStatus) {
  const Phone phone = town_.resident(1);
  const auto copy = [this](const std::string& from, const std::string& to) {
    for (const char* name : {"ledger.db", "ledger.db-wal"}) {
      std::filesystem::remove(town_.path(to + name));
      if (std::filesystem::exists(town_.path(from + name)))
        std::filesystem::copy_file(town_.path(from + name), town_.path(to + name));
    }
  };
  town_.stop();
  std::filesystem::create_directory(town_.path("old"));
  copy("", "old/");
  town_.start();
  ASSERT_EQ(town_.terminal(till_, {"sale", "--code", town_.pay_code(phone), "--points", "5", "--yes"}).status, 0);
  EXPECT_EQ(town_.terminal(till_, {"status"}).status, 0);
  town_.stop();
  copy("old/", "");
  town_.start();
  Finished seen = town_.terminal(till_, {"doctor"});  // the town has fewer entries than the till has verified
  EXPECT_EQ(seen.status, 1) << seen.out;
  EXPECT_THAT(seen.out, HasSubstr("[X]   Ledger: "));
  for (int i = 0; i < 3; ++i) town_.enrol();
  seen = town_.terminal(till_, {"doctor"});
  EXPECT_EQ(seen.status, 1) << seen.out;
  EXPECT_THAT(seen.out, HasSubstr("[X]   Ledger: ALARM: the town's log is not the history"));
  seen = town_.terminal(till_, {"status"});
  EXPECT_EQ(seen.status, 2) << seen.out;
  EXPECT_THAT(seen.out, AllOf(HasSubstr("ALARM: "), Not(HasSubstr("Nothing is unsettled"))));
}

TEST_F(TillUpkeep, PracticeReachesNeitherTheTownNorTheFolder) {
  const Phone phone = town_.resident(1);
  const std::int64_t before = town_.balance(phone);
  const std::string journal = read("journal");
  town_.stop();
  const std::string code = town_.pay_code(phone);
  const Finished done =
      demo::run({program("terminal"), "--dir", till_.folder, "--lang", "en", "--console", "--practice"},
                code + "\n30\n\nstatus\nquit\n");
  EXPECT_EQ(done.status, 0) << done.out << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("PRACTICE"), HasSubstr("DONE: 30 points")));
  EXPECT_EQ(read("journal"), journal);
  town_.start();
  EXPECT_EQ(town_.balance(phone), before);
  EXPECT_EQ(town_.terminal(till_, {"sale", "--code", town_.pay_code(phone), "--points", "5", "--yes"}).status, 0)
      << "what was practised with is still good";
}

}  // namespace
}  // namespace dfb::e2e
