// The API's document against the API: what it says that a route takes and gives is what the route takes and
// gives.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using boost::json::value;
using testing::HasSubstr;

// Something of the schema's type: the members that it requires, each empty or nought.
value sample(const object& schema) {
  const std::string type(schema.at("type").as_string());
  if (type == "string") return "";
  if (type == "integer" || type == "number") return 0;
  if (type == "boolean") return false;
  if (type == "array") return boost::json::array{sample(schema.at("items").as_object())};
  object made;
  if (const auto* properties = schema.if_contains("properties"))
    for (const auto& name :
         schema.contains("required") ? schema.at("required").as_array() : boost::json::array())
      made[name.as_string()] = sample(properties->as_object().at(name.as_string()).as_object());
  return made;
}

// Every $ref leads somewhere in the document.
void expect_refs(const value& part, const object& document) {
  if (const auto* array = part.if_array())
    for (const auto& one : *array) expect_refs(one, document);
  const auto* members = part.if_object();
  if (!members) return;
  for (const auto& member : *members) {
    expect_refs(member.value(), document);
    if (member.key() != "$ref") continue;
    boost::system::error_code error;
    const std::string target(member.value().as_string());
    ASSERT_EQ(target.front(), '#') << target;
    EXPECT_TRUE(value(document).find_pointer(target.substr(1), error)) << target;
  }
}

class Document : public ApiTown {
 protected:
  const object& operation(const Route& route) const {
    std::string pattern = route.pattern, method = route.method;
    if (const auto dots = pattern.find("..."); dots != pattern.npos) pattern.erase(dots, 3);
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    return document.at("paths").as_object().at(pattern).as_object().at(method).as_object();
  }
  // As somebody who may.
  http::Response ask(const Route& route, const std::string& path, const std::string& body = "") {
    if (route.access == Access::till) return at_till(town.town.shop, route.method, path, body);
    const std::string token =
        route.access == Access::anyone
            ? ""
            : sign_in(route.access == Access::session ? town.town.resident.key : town.town.admin_a.key);
    return at_town(route.method, path, body, token);
  }
  void expect_shape(const std::string& method, const std::string& pattern, const http::Response& answer) {
    const auto route = std::find_if(table().begin(), table().end(), [&](const Route& one) {
      return one.method == method && one.pattern == pattern;
    });
    ASSERT_NE(route, table().end()) << pattern;
    ASSERT_LT(answer.status, 300) << pattern << answer.body;
    EXPECT_EQ(departs(boost::json::parse(answer.body), route->output, pattern), "");
  }

  const object document = boost::json::parse(openapi_document()).as_object();
};

TEST_F(Document, IsWholeAndNamesWhoMay) {
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  expect_refs(document, document);
  std::size_t operations = 0;
  for (const auto& path : document.at("paths").as_object()) operations += path.value().as_object().size();
  EXPECT_EQ(operations, table().size()) << "one for each route, and no other";
  for (const Route& route : table()) {
    const object& described = operation(route);
    EXPECT_EQ(described.at("x-access").as_string(), name(route.access)) << route.pattern;
    EXPECT_FALSE(described.at("summary").as_string().empty()) << route.pattern;
    EXPECT_EQ(described.contains("requestBody"), !route.input.empty()) << route.pattern;
    EXPECT_TRUE(described.at("responses").as_object().contains(std::to_string(route.status)))
        << route.pattern;
    EXPECT_TRUE(described.at("responses").as_object().contains("default")) << route.pattern;
  }
}

TEST_F(Document, ItsInputsAreWhatTheParserTakes) {
  int asked = 0;
  for (const Route& route : table()) {
    if (route.input.empty()) continue;
    const auto answer_to = [&](const value& body) {
      return ask(route, route.pattern, boost::json::serialize(body));
    };
    const object good = sample(route.input).as_object();
    // Wrong inside, but nothing is missing, unknown or of another type.
    const auto whole = answer_to(good);
    EXPECT_EQ(whole.body.find("missing"), std::string::npos) << route.pattern << whole.body;
    EXPECT_EQ(whole.body.find("unknown field"), std::string::npos) << route.pattern << whole.body;
    const auto* required = route.input.if_contains("required");
    for (const auto& name : required ? required->as_array() : boost::json::array()) {
      object less = good, other = good;
      less.erase(name.as_string());
      other[name.as_string()] = nullptr;
      for (const object& body : {less, other}) {
        const auto answer = answer_to(body);
        EXPECT_EQ(answer.status, 400) << route.pattern;
        EXPECT_THAT(answer.body, HasSubstr(std::string(name.as_string()))) << route.pattern;
      }
    }
    object more = good;
    more["colour"] = 1;
    const auto answer = answer_to(more);
    EXPECT_EQ(answer.status, 400) << route.pattern;
    EXPECT_THAT(answer.body, HasSubstr("colour")) << route.pattern;
    ++asked;
  }
  EXPECT_GE(asked, 14);
}

// Every other test's good answers are looked at likewise, where they come in: api_town.h.
TEST_F(Document, ItsOutputsAreWhatTheRoutesGive) {
  ASSERT_TRUE(town.run(town.town.check_in(town.town.resident)));
  const auto get = [&](const std::string& pattern, const std::string& path) {
    const auto route = std::find_if(table().begin(), table().end(), [&](const Route& one) {
      return one.method == "GET" && one.pattern == pattern;
    });
    ASSERT_NE(route, table().end());
    expect_shape("GET", pattern, ask(*route, path));
  };
  for (const char* plain : {"/healthz", "/readyz", "/v1/town", "/v1/me", "/v1/me/entries", "/v1/tasks",
                            "/v1/till", "/v1/budgets", "/v1/log/keys", "/v1/witnesses"})
    get(plain, plain);
  const auto seq = town.writer->head()->checkpoint.size - 1;
  const std::string as_of = "?as_of=" + std::to_string(seq);
  get("/v1/me", "/v1/me" + as_of);
  for (const std::string pattern : {"/v1/residents/", "/v1/accounts/"})
    for (const std::string& query : {std::string(), as_of})
      get(pattern + "{account}", pattern + to_string(town.town.resident.account) + query);
  get("/v1/me/entries/{seq}", "/v1/me/entries/" + std::to_string(seq));

  const auto pay = town.town.pay_code(town.town.resident, 100);
  expect_shape("POST", "/v1/presentations",
               at_till(town.town.shop, "POST", "/v1/presentations",
                       boost::json::serialize(object{{"code", pay.text()}})));
  const auto sale = town.town.redeem(town.town.resident, 5, town.town.shop, pay);
  expect_shape("POST", "/v1/redemptions", at_till(town.town.shop, "POST", "/v1/redemptions", body_of(sale)));
  get("/v1/commands/{id}", "/v1/commands/" + to_string(sale.id));
  get("/v1/me/commands/{id}", "/v1/me/commands/" + to_string(sale.id));
}

TEST_F(Document, OtherContentTypesAreNotParsed) {
  http::Request request;
  request.method = "POST", request.path = "/v1/sessions/challenge", request.body = R"({"key":"x"})";
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
    request.headers = {{"content-type", type}};
    EXPECT_EQ(town_hall.handle(request).status, 415) << type;
  }
  for (const char* type : {"application/json", "application/json; charset=utf-8"}) {
    request.headers = {{"content-type", type}};
    EXPECT_EQ(town_hall.handle(request).status, 400) << type;
  }
}

TEST_F(Document, AQrCodeIsAPicture) {
  const std::string token = sign_in(town.town.resident.key);
  const auto picture = at_town("POST", "/v1/qr", R"({"text":"HELLO"})", token);
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.content_type, "image/svg+xml");
  EXPECT_THAT(picture.body, HasSubstr("<svg"));
  for (const std::string& text : {std::string(), std::string(401, 'x')})
    EXPECT_EQ(at_town("POST", "/v1/qr", boost::json::serialize(object{{"text", text}}), token).status, 400);
}

}  // namespace
}  // namespace dfb::routes
