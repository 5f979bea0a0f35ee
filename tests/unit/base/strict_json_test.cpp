#include "ledger/base/strict_json.h"

#include <gtest/gtest.h>

namespace dfb::json {
namespace {

TEST(StrictJson, AcceptsTheSubset) {
  for (const char* good : {"0", "-1", "9007199254740991", "-9007199254740991", "\"\"", "\"a b~\"", "[]", "{}",
                           "{\"a\":[1,\"x\",{\"b\":[]}]}", "[[[[]]]]"})
    EXPECT_TRUE(parse(good)) << good;
}

TEST(StrictJson, RefusesAllElse) {
  for (std::string bad :
       {"", " 1", "1 ", "01", "-0", "1.0", "1e3", "+1", "-", "9007199254740992", "true", "null", "\"\\n\"", "\"\n\"",
        "\"\x7f\"", "\"\xc3\xa9\"", "\"a", "[1,]", "[,1]", "[1 ,2]", "{\"a\":1,\"a\":2}", "{\"a\"}", "{a:1}", "{\"a\":1,}",
        "[[[[[]]]]]", "{}{}", "[1]]"})
    EXPECT_FALSE(parse(bad)) << bad;
  EXPECT_FALSE(parse(std::string_view("1\0", 2)));
}

TEST(StrictJson, FieldsRefuseMissingUnknownAndWrong) {
  auto value = parse("{\"n\":5,\"t\":\"abc\",\"l\":[1],\"o\":{}}").value();
  Fields all(value);
  EXPECT_EQ(all.integer("n", 0, 9), 5);
  EXPECT_EQ(all.text("t", 3), "abc");
  EXPECT_EQ(all.array("l", 1).size(), 1u);
  EXPECT_TRUE(all.object("o").empty());
  EXPECT_TRUE(all.done());
  Fields unknown(value);
  unknown.integer("n", 0, 9);
  EXPECT_EQ(unknown.done().error().code, Code::malformed);
  Fields missing(value);
  missing.text("x", 9);
  EXPECT_NE(missing.done().error().detail.find("x is missing"), std::string::npos);
  Fields range(value);
  range.integer("n", 6, 9);
  EXPECT_FALSE(range.done());
  Fields size(value);
  size.text("t", 2);
  EXPECT_FALSE(size.done());
  auto number = parse("7").value();
  EXPECT_FALSE(Fields(number).done());
}

TEST(StrictJson, WriterRoundTrips) {
  Writer writer;
  writer.begin_object().field("v", 1).key("l").begin_array();
  writer.begin_array().value("2026-12-31").value(20).end_array();
  writer.begin_array().end_array().end_array().field("t", "x").end_object();
  EXPECT_EQ(writer.text(), "{\"v\":1,\"l\":[[\"2026-12-31\",20],[]],\"t\":\"x\"}");
  EXPECT_TRUE(parse(writer.text()));
}

}  // namespace
}  // namespace dfb::json
