// The OpenAPI 3.1 document of a list of operations. Schemas come from schema_of<T>() in json.h.
// Threads: pure.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

namespace dfb::http {

struct Operation {
  std::string method, pattern;  // as in RouteEntry
  std::string summary;
  std::string access;                 // who may call it, in the words of the API's documents
  std::vector<std::string> security;  // any one of these schemes admits: bearer, mutualTLS; empty: anyone
  boost::json::object input;          // schema of the JSON body; empty: no body
  boost::json::object output;         // schema of the JSON answer; empty: any, or none for 204
  int status = 200;
  std::string output_type = "application/json";
  std::vector<std::string> query;  // names of optional query values
};

// Each operation also has the problem document as its default answer.
boost::json::object openapi_document(const std::string& title, const std::string& version,
                                     const std::vector<Operation>& operations);

}  // namespace dfb::http
