// The strictness of the payload reader, from the examples of docs/formats.md: every field of every command is
// left out, renamed and given another type in turn.
#include <gtest/gtest.h>

#include "ledger/book/command.h"
#include "tests/support/documented.h"
#include "tests/support/write_json.h"

namespace dfb::book {
namespace {

using test::documented;

// internal stands for a payload that is well formed.
Code code_of(const std::string& line) {
  auto payload = parse_payload(line);
  return payload ? Code::internal : payload.error().code;
}

// Calls f(object) for every object inside `value`, the outermost first.
template <class F>
void each_object(json::Value& value, F f) {
  if (auto* object = std::get_if<json::Object>(&value.data)) {
    f(*object);
    for (std::size_t i = 0; i < object->size(); ++i) each_object((*object)[i].second, f);
  } else if (auto* items = std::get_if<json::Array>(&value.data)) {
    for (auto& item : *items) each_object(item, f);
  }
}

TEST(BookPayload, NoFieldMayBeMissingUnknownOrOfAnotherType) {
  int tried = 0;
  for (const auto& line : documented("payload")) {
    auto whole = json::parse(line).value();
    each_object(whole, [&](json::Object& object) {
      for (std::size_t i = 0; i < object.size(); ++i, ++tried) {
        const auto kept = object;
        const std::string name = object[i].first;
        object.erase(object.begin() + static_cast<std::ptrdiff_t>(i));
        bool may_be_left_out = name == "site" ||
                               (name == "task" && line.find("\"op\":\"record\"") != line.npos) ||
                               name == "linked" || name == "continues";
        EXPECT_EQ(code_of(test::json_text(whole)), may_be_left_out ? Code::internal : Code::malformed)
            << name << line;
        object = kept;
        object[i].first += "x";
        EXPECT_EQ(code_of(test::json_text(whole)), Code::malformed) << name << line;
        object = kept;
        object.emplace_back("extra", json::Value{std::int64_t{1}});
        EXPECT_EQ(code_of(test::json_text(whole)), Code::malformed) << name << line;
        object = kept;
        bool is_number = std::holds_alternative<std::int64_t>(object[i].second.data);
        object[i].second = is_number ? json::Value{std::string("1")} : json::Value{std::int64_t{1}};
        EXPECT_EQ(code_of(test::json_text(whole)), Code::malformed) << name << line;
        object[i].second = std::get_if<json::Object>(&kept[i].second.data) ? json::Value{json::Array{}}
                                                                           : json::Value{json::Object{}};
        EXPECT_EQ(code_of(test::json_text(whole)), Code::malformed) << name << line;
        object = kept;
      }
    });
  }
  EXPECT_GT(tried, 400);
}

TEST(BookPayload, FieldsMayComeInAnyOrder) {
  for (const auto& line : documented("payload")) {
    auto whole = json::parse(line).value();
    each_object(whole, [](json::Object& object) { std::reverse(object.begin(), object.end()); });
    auto payload = parse_payload(test::json_text(whole));
    ASSERT_TRUE(payload) << to_string(payload.error()) << line;
    EXPECT_EQ(format_payload(*payload), line);
  }
}

TEST(BookPayload, ManyRootsAreRefused) {
  auto payload = parse_payload(documented("payload", R"("act":"genesis")")).value();
  auto& roots = std::get<Genesis>(payload.body).roots;
  for (char c = 'a'; roots.size() < 15; ++c) roots.push_back(roots.front().substr(0, 90) + c);
  EXPECT_EQ(code_of(format_payload(payload)), Code::internal);
  roots.push_back(roots.front().substr(0, 90) + 'z');
  EXPECT_EQ(code_of(format_payload(payload)), Code::malformed);
}

TEST(BookPayload, ALargePolicyFits) {
  auto payload = parse_payload(documented("payload", R"("act":"publish")")).value();
  auto& rules = std::get<PublishPolicy>(payload.body).policy.rules;
  while (rules.size() < 72) rules.push_back(rules.front());
  auto line = format_payload(payload);
  EXPECT_LT(line.size(), 20'000u);
  EXPECT_EQ(format_payload(parse_payload(line).value()), line);
}

TEST(BookPayload, AQuoteIsTheRedemptionsOwn) {
  auto payload = parse_payload(documented("payload", R"("kind":"quote")")).value();
  EXPECT_EQ(quote_line(payload), documented("quote").front());
  auto before = quote_line(payload);
  auto& transfer = std::get<Transfer>(payload.body);
  std::get<QuoteProof>(transfer.proof).signature = std::string(64, 'x');
  EXPECT_EQ(quote_line(payload), before) << "a signature does not sign itself";
  transfer.points.value += 1;
  EXPECT_NE(quote_line(payload), before);
}

}  // namespace
}  // namespace dfb::book
