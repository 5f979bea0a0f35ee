#include "api/http/openapi.h"

#include <algorithm>
#include <cctype>

namespace dfb::http {
namespace {

using boost::json::array;
using boost::json::object;

// /log/tile/{rest...} → /log/tile/{rest}, and the names in braces.
std::string path_of(const std::string& pattern, std::vector<std::string>& names) {
  std::string path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    path += pattern[i];
    if (pattern[i] != '{') continue;
    const std::size_t end = pattern.find('}', i);
    std::string name = pattern.substr(i + 1, end - i - 1);
    if (name.size() > 3 && name.compare(name.size() - 3, 3, "...") == 0) name.resize(name.size() - 3);
    path += name + "}";
    names.push_back(std::move(name));
    i = end;
  }
  return path;
}

// GET /v1/me/entries/{seq} → get_v1_me_entries_seq
std::string operation_id(const Operation& operation) {
  std::string id;
  for (const char c : operation.method + operation.pattern) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      id += static_cast<char>(std::tolower(c));
    else if (!id.empty() && id.back() != '_')
      id += '_';
  }
  while (!id.empty() && id.back() == '_') id.pop_back();
  return id;
}

object parameter(const std::string& name, const char* in) {
  return {{"name", name},
          {"in", in},
          {"required", std::string_view(in) == "path"},
          {"schema", object{{"type", "string"}}}};
}

object content(const std::string& type, const object& schema) {
  return {{"content", object{{type, object{{"schema", schema}}}}}};
}

object answer(const Operation& operation) {
  object out{{"description", operation.status == 201 ? "made" : "done"}};
  if (operation.status != 204) {
    const object text{{"type", "string"}};
    const object& schema =
        operation.output.empty() && operation.output_type != "application/json" ? text : operation.output;
    for (const auto& member : content(operation.output_type, schema)) out[member.key()] = member.value();
  }
  return out;
}

object describe(const Operation& operation, const std::vector<std::string>& names) {
  object out{{"operationId", operation_id(operation)},
             {"summary", operation.summary},
             {"description", "May be called by: " + operation.access + "."},
             {"x-access", operation.access}};
  array security;
  for (const std::string& scheme : operation.security) security.push_back(object{{scheme, array()}});
  out["security"] = std::move(security);
  array parameters;
  for (const std::string& name : names) parameters.push_back(parameter(name, "path"));
  for (const std::string& name : operation.query) parameters.push_back(parameter(name, "query"));
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (!operation.input.empty()) {
    object body = content("application/json", operation.input);
    body["required"] = true;
    out["requestBody"] = std::move(body);
  }
  out["responses"] = object{{std::to_string(operation.status), answer(operation)},
                            {"default", object{{"$ref", "#/components/responses/problem"}}}};
  return out;
}

object components() {
  const object text{{"type", "string"}}, number{{"type", "integer"}};
  const object problem{{"type", "object"},
                       {"properties", object{{"type", text},
                                             {"title", text},
                                             {"status", number},
                                             {"detail", text},
                                             {"code", text},
                                             {"number", number}}},
                       {"required", array{"type", "title", "status", "code", "number"}}};
  object refused = content("application/problem+json", object{{"$ref", "#/components/schemas/problem"}});
  refused["description"] = "A problem document (RFC 9457) with the refusal's code and number";
  return {{"schemas", object{{"problem", problem}}},
          {"responses", object{{"problem", std::move(refused)}}},
          {"securitySchemes", object{{"bearer", object{{"type", "http"}, {"scheme", "bearer"}}},
                                     {"mutualTLS", object{{"type", "mutualTLS"}}}}}};
}

}  // namespace

object openapi_document(const std::string& title, const std::string& version,
                        const std::vector<Operation>& operations) {
  object paths;
  for (const Operation& operation : operations) {
    std::vector<std::string> names;
    const std::string path = path_of(operation.pattern, names);
    std::string method = operation.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!paths.contains(path)) paths[path] = object();
    paths[path].as_object()[method] = describe(operation, names);
  }
  return {{"openapi", "3.1.0"},
          {"info", object{{"title", title},
                          {"version", version},
                          {"license", object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", array{object{{"url", "/"}}}},
          {"paths", std::move(paths)},
          {"components", components()}};
}

}  // namespace dfb::http
