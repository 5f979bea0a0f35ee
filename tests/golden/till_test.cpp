// What tills read and write: the codes on paper and phones, and the journal's chain of hashes, as
// vectors.json has them (signed_test.cpp).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "terminal/scan/pickup_code.h"
#include "terminal/scan/receipt_code.h"
#include "terminal/till/history.h"
#include "terminal/till/journal.h"

namespace dfb::terminal {
namespace {

namespace bj = boost::json;

const bj::array& vectors(std::string_view name) {
  static const bj::value value = [] {
    std::ifstream file(std::string(DFB_GOLDEN_DIR) + "/signed/vectors.json");
    std::stringstream text;
    text << file.rdbuf();
    return bj::parse(text.str());
  }();
  return value.as_object().at(name).as_array();
}
std::string text_of(const bj::value& object, std::string_view field) {
  return bj::value_to<std::string>(object.at(field));
}

TEST(Till, ReceiptCodesAreReadAndWrittenAlike) {
  ASSERT_GE(vectors("receipt_codes").size(), 1u);
  for (const auto& vector : vectors("receipt_codes")) {
    const auto code = parse_receipt_url(text_of(vector, "text"));
    ASSERT_TRUE(code) << to_string(code.error());
    EXPECT_EQ(code->seq, vector.at("seq").as_int64());
    EXPECT_EQ(to_string(code->shop), text_of(vector, "shop"));
    EXPECT_EQ(receipt_url(text_of(vector, "server"), *code), text_of(vector, "text"));
  }
}

TEST(Till, PickUpCodesNameTheirHold) {
  ASSERT_GE(vectors("pickup_codes").size(), 1u);
  for (const auto& vector : vectors("pickup_codes")) {
    const auto hold = parse_pickup_url(text_of(vector, "text"));
    ASSERT_TRUE(hold) << to_string(hold.error());
    EXPECT_EQ(to_string(*hold), text_of(vector, "hold"));
  }
}

TEST(Till, JournalLinesFollowOneAnother) {
  ASSERT_GE(vectors("journal").size(), 4u);
  Chain read, written;
  for (const auto& vector : vectors("journal")) {
    const auto line = bj::value_to<std::string>(vector);
    const auto record = read.next(line);
    ASSERT_TRUE(record) << to_string(record.error()) << "\n" << line;
    EXPECT_EQ(written.add(record->at_us, record->what, record->text), line + "\n");
  }
  EXPECT_EQ(written.head(), read.head());
  Chain alone;
  EXPECT_FALSE(alone.next(bj::value_to<std::string>(vectors("journal").at(1))))
      << "a line without the one before";
}

// What a start makes of the X reports in it: one of before they stood in the ledger, and one that does.
TEST(Till, JournalsXReportsOfBothFormsAreRead) {
  Chain chain;
  History history;
  std::int64_t taken = 0;
  for (const auto& vector : vectors("journal")) {
    const Record record = chain.next(bj::value_to<std::string>(vector)).value();
    if (record.what != What::open && record.what != What::xreport && record.what != What::done) continue;
    const auto added = history.add(record);
    ASSERT_TRUE(added) << to_string(added.error()) << "\n" << record.text;
    ++taken;
  }
  EXPECT_EQ(taken, 4);
  ASSERT_EQ(history.past().size(), 1U);
  const Past& reading = history.past().front();
  EXPECT_EQ(reading.kind, Kind::xreport);
  EXPECT_EQ(reading.phase, Phase::done);
  EXPECT_EQ(reading.number, 2);
  EXPECT_EQ(reading.report->total, 640);
  EXPECT_EQ(reading.report->cash_fen, 1250);
  EXPECT_EQ(reading.report->voids, 1);
  EXPECT_EQ(history.x_number(), 2);
}

}  // namespace
}  // namespace dfb::terminal
