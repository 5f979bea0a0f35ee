#include "api/http/json.h"

#include <gtest/gtest.h>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "api/http/openapi.h"

namespace dfb::http {
namespace {

BOOST_DEFINE_ENUM_CLASS(Level, phone, verified)

struct Lot {
  std::string day;
  std::int32_t points = 0;
};
BOOST_DESCRIBE_STRUCT(Lot, (), (day, points))

struct Person {
  std::string account;
  std::int64_t balance = 0;
  std::uint16_t tries = 0;
  bool known = false;
  Level level = Level::phone;
  std::vector<Lot> lots;
  std::optional<std::string> refused;
  std::map<std::string, std::int64_t> limits;
};
BOOST_DESCRIBE_STRUCT(Person, (), (account, balance, tries, known, level, lots, refused, limits))

const std::string kPerson = R"({"account":"7ZK","balance":-5,"tries":65535,"known":true,"level":"verified",)"
                            R"("lots":[{"day":"2026-12-31","points":20}],"limits":{"code_points":100}})";

TEST(Json, ReadsAndWritesTheSame) {
  const auto person = from_json<Person>(kPerson);
  ASSERT_TRUE(person) << to_string(person.error());
  EXPECT_EQ(person->balance, -5);
  EXPECT_EQ(person->level, Level::verified);
  EXPECT_EQ(person->lots.at(0).points, 20);
  EXPECT_FALSE(person->refused);
  EXPECT_EQ(to_json(*person), kPerson);

  Person refused = *person;
  refused.refused = "余额";
  const auto again = from_json<Person>(to_json(refused));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->refused, "余额");
  EXPECT_TRUE(from_json<Lot>(" {\"points\" : 1 ,\n\"day\":\"\\u4f59\"} "));
}

std::string with(std::string_view part, std::string_view other) {
  std::string text = kPerson;
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), other);
}

TEST(Json, NamesTheFieldThatIsWrong) {
  const std::pair<std::string, std::string> rows[] = {
      {with("\"balance\":-5,", ""), "the field balance is missing"},
      {with("\"points\":20", "\"point\":20"), "the field lots[0].points is missing"},
      {with("\"points\":20", "\"points\":20,\"x\":1"), "the field lots[0].x is unknown"},
      {with("\"known\":true", "\"known\":true,\"other\":1"), "the field other is unknown"},
      {with("\"known\":true", "\"known\":true,\"known\":true"), "the field known stands there twice"},
      {with("\"known\":true", "\"known\":true,\"\\u006bnown\":true"), "the field known stands there twice"},
      {with("\"points\":20", "\"points\":20,\"points\":20"), "the field points stands there twice"},
      {with("\"code_points\":100", "\"a\":1,\"b\":2,\"a\":3"), "the field a stands there twice"},
      {with("\"known\":true", "\"known\":1"), "the field known must be true or false"},
      {with("\"known\":true", "\"known\":null"), "the field known must be true or false"},
      {with("-5", "5.0"), "the field balance must be an integer"},
      {with("-5", "\"5\""), "the field balance must be an integer"},
      {with("-5", "9223372036854775808"), "the field balance is out of range"},
      {with("-5", "1e400"), "the body is no JSON"},
      {with("65535", "65536"), "the field tries is out of range"},
      {with("65535", "-1"), "the field tries is out of range"},
      {with("\"points\":20", "\"points\":2147483648"), "the field lots[0].points is out of range"},
      {with("\"verified\"", "\"Verified\""), "the field level is none of the words"},
      {with("\"verified\"", "\"verified\\u0000\""), "the field level is none of the words"},
      {with("\"verified\"", "1"), "the field level must be a string"},
      {with("\"7ZK\"", "7"), "the field account must be a string"},
      {with("\"limits\":{", "\"refused\":null,\"limits\":{"), "the field refused must be a string"},
      {with("[{\"day\":\"2026-12-31\",\"points\":20}]", "{}"), "the field lots must be an array"},
      {with("{\"code_points\":100}", "[]"), "the field limits must be an object"},
      {with("\"code_points\":100", "\"code_points\":\"x\""),
       "the field limits.code_points must be an integer"},
      {"[]", "the body must be an object"},
      {"", "the body is no JSON"},
      {"{", "the body is no JSON"},
      {kPerson + "x", "the body is no JSON"},
      {kPerson + kPerson, "the body is no JSON"},
      {"{\"account\":\"\xFF\"}", "the body is no JSON"},
      {"{\"account\":\"\\ud800\"}", "the body is no JSON"},
      {"{'account':1}", "the body is no JSON"},
      {"{\"account\":1,}", "the body is no JSON"},
      {"/**/{}", "the body is no JSON"},
      {"\xEF\xBB\xBF{}", "the body is no JSON"},
      {std::string(17, '[') + std::string(17, ']'), "the body is no JSON"},
      {"{\"a\n\x80\":1}", "the body is no JSON"},
  };
  for (const auto& [text, problem] : rows) {
    const auto result = from_json<Person>(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, Code::malformed);
    EXPECT_EQ(result.error().detail.substr(0, problem.size()), problem) << text << "\n"
                                                                        << result.error().detail;
  }
}

TEST(Json, SameNameInDifferentObjectsIsNotTwice) {
  EXPECT_TRUE(parse_json(R"([{"a":{"a":{"a":1}}},{"a":[{"a":1},{"a":2}]}])"));
  EXPECT_FALSE(parse_json(R"({"b":{"a":1},"a":1,"b":1})"));
}

TEST(Json, SchemaFollowsTheStruct) {
  const boost::json::value wanted = boost::json::parse(R"({
    "type":"object",
    "properties":{
      "account":{"type":"string"},
      "balance":{"type":"integer","format":"int64"},
      "tries":{"type":"integer","format":"int32","minimum":0},
      "known":{"type":"boolean"},
      "level":{"type":"string","enum":["phone","verified"]},
      "lots":{"type":"array","items":{"type":"object","properties":{"day":{"type":"string"},
        "points":{"type":"integer","format":"int32"}},"required":["day","points"],"additionalProperties":false}},
      "refused":{"type":"string"},
      "limits":{"type":"object","additionalProperties":{"type":"integer","format":"int64"}}},
    "required":["account","balance","tries","known","level","lots","limits"],
    "additionalProperties":false})");
  EXPECT_EQ(boost::json::value(schema_of<Person>()), wanted) << boost::json::serialize(schema_of<Person>());
}

TEST(OpenApi, DescribesEveryOperation) {
  const auto document = openapi_document(
      "Points", "1",
      {{"GET",
        "/v1/me/entries/{seq}",
        "One entry",
        "session",
        {"bearer"},
        {},
        schema_of<Lot>(),
        200,
        "application/json",
        {"limit"}},
       {"DELETE", "/v1/me/entries/{seq}", "x", "till, session", {"mutualTLS", "bearer"}, {}, {}, 204, "", {}},
       {"POST", "/v1/qr", "A picture", "anyone", {}, schema_of<Lot>(), {}, 200, "image/svg+xml", {}},
       {"GET", "/log/tile/{rest...}", "Tiles", "anyone", {}, {}, {}, 200, "application/octet-stream", {}}});
  const boost::json::value value = document;
  EXPECT_EQ(value.at("openapi"), "3.1.0");
  const auto& get = value.at_pointer("/paths/~1v1~1me~1entries~1{seq}/get");
  EXPECT_EQ(get.at("operationId"), "get_v1_me_entries_seq");
  EXPECT_EQ(get.at_pointer("/parameters/0/name"), "seq");
  EXPECT_EQ(get.at_pointer("/parameters/0/required"), true);
  EXPECT_EQ(get.at_pointer("/parameters/1/in"), "query");
  EXPECT_EQ(get.at_pointer("/security/0").as_object().begin()->key(), "bearer");
  EXPECT_EQ(get.at_pointer("/responses/200/content/application~1json/schema/type"), "object");
  EXPECT_EQ(get.at_pointer("/responses/default/$ref"), "#/components/responses/problem");
  const auto& removed = value.at_pointer("/paths/~1v1~1me~1entries~1{seq}/delete");
  EXPECT_EQ(removed.at("security").as_array().size(), 2u);
  EXPECT_FALSE(removed.at_pointer("/responses/204").as_object().contains("content"));
  EXPECT_EQ(value.at_pointer("/paths/~1v1~1qr/post/requestBody/required"), true);
  EXPECT_EQ(value.at_pointer("/paths/~1v1~1qr/post/responses/200/content/image~1svg+xml/schema/type"),
            "string");
  EXPECT_TRUE(value.at("paths").as_object().contains("/log/tile/{rest}"));
}

}  // namespace
}  // namespace dfb::http
