// The real terminal with a receipt printer: what it is sent is what the screen shows, and no printer's
// trouble holds a sale up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/live_town.h"
#include "tests/support/paper.h"

namespace dfb::e2e {
namespace {

using test::TcpPrinter;
using testing::HasSubstr;

// The lines as the terminal writes them: large ones have their indent doubled, and a code stands as its text.
std::string text_of(const test::Paper& paper) {
  std::string out;
  for (const test::PrintedLine& line : paper.lines) {
    const std::size_t indent = line.large ? line.text.find_first_not_of(' ') : 0;
    out += std::string(indent, ' ') + line.text + "\n";
    if (&line == &paper.lines[paper.lines.size() - 2])
      for (const test::PrintedQr& code : paper.codes) out += code.text + "\n";
  }
  return out;
}

TEST(Printing, ASaleARefundACopyAndATestPage) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  TcpPrinter printer(TcpPrinter::Manner::prints);
  const auto terminal = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--printer", printer.address(), "--paper", "80"});
    return town.terminal(till, words);
  };
  const Finished sale = terminal({"sale", "--code", town.pay_code(phone), "--points", "30", "--yes"});
  ASSERT_EQ(sale.status, 0) << sale.out << sale.err;
  const test::Paper sold = test::print(printer.jobs(1).at(0));
  EXPECT_EQ(sold.trouble, "");
  EXPECT_THAT(sale.out, HasSubstr(text_of(sold)));
  ASSERT_EQ(sold.codes.size(), 1U);
  EXPECT_THAT(sold.codes[0].text, testing::StartsWith(town.url() + "/#receipt="));
  const std::string number = sold.codes[0].text.substr(
      town.url().size() + 10, sold.codes[0].text.rfind('.') - town.url().size() - 10);

  const Finished refund = terminal({"refund", "--sale", number, "--points", "10", "--memo", "goods damaged"});
  ASSERT_EQ(refund.status, 0) << refund.out << refund.err;
  const test::Paper given_back = test::print(printer.jobs(2).at(1));
  EXPECT_THAT(refund.out, HasSubstr(text_of(given_back)));
  EXPECT_THAT(text_of(given_back), HasSubstr("Goods damaged"));

  const Finished copy = terminal({"reprint", "--sale", number});
  EXPECT_EQ(copy.status, 0) << copy.err;
  EXPECT_EQ(copy.out, text_of(test::print(printer.jobs(3).at(2))));
  EXPECT_THAT(copy.out, testing::AllOf(HasSubstr("COPY"), HasSubstr(number), HasSubstr("-30")));
  const Finished last = terminal({"reprint"});
  EXPECT_THAT(last.out, testing::AllOf(HasSubstr("COPY"), HasSubstr("POINTS GIVEN BACK")));
  EXPECT_EQ(terminal({"reprint", "--sale", "999999"}).status, 2);

  const Finished page = terminal({"print-test"});
  EXPECT_EQ(page.status, 0) << page.err;
  EXPECT_THAT(page.out, HasSubstr(std::string("123456789012345678901234567890123456789012345678\n")));
  EXPECT_EQ(test::print(printer.jobs(5).at(4)).trouble, "");
}

TEST(Printing, ASaleIsDoneWhateverThePrinterDoes) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  TcpPrinter stuck(TcpPrinter::Manner::stuck);
  for (const std::string& address :
       {std::string("/dev/full"), std::string("tcp://127.0.0.1:1"), stuck.address()}) {
    const auto begin = std::chrono::steady_clock::now();
    const Finished sale = town.terminal(till, {"--printer", address, "--printer-qr", "image", "sale",
                                               "--code", town.pay_code(phone), "--points", "5", "--yes"});
    EXPECT_EQ(sale.status, 0) << address << sale.err;
    EXPECT_THAT(sale.out, HasSubstr("DONE: 5 points"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(30));
    if (address != stuck.address()) {
      EXPECT_THAT(sale.err, HasSubstr("check paper and cable"));
    }
    const Finished test_page =
        town.terminal(till, {"--printer", address, "--printer-qr", "image", "print-test"});
    EXPECT_TRUE(test_page.status == 2 || address == stuck.address());
  }
  EXPECT_EQ(town.balance(phone), before - 15);
  EXPECT_EQ(town.terminal(till, {"--printer", "usb://x", "status"}).status, 2);
  EXPECT_EQ(town.terminal(till, {"print-test"}).status, 2) << "no printer was named";
  EXPECT_EQ(town.terminal(till, {"--paper", "70", "print-test"}).status, 2);
}

}  // namespace
}  // namespace dfb::e2e
