// What tills read and write: the codes on paper and phones, and the journal's chain of hashes, as
// vectors.json has them (signed_test.cpp).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "terminal/scan/pickup_code.h"
#include "terminal/scan/receipt_code.h"
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

}  // namespace
}  // namespace dfb::terminal
