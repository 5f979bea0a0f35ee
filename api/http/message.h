// HTTP as plain values: what handlers see. Beast and Asio stay behind this folder's sources.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dfb::http {

struct Request {
  std::string method;                                        // GET, POST, …
  std::string path;                                          // decoded; begins with /; UTF-8 without NUL
  std::string query;                                         // raw, without ?
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string
      client_certificate;  // DER of the verified client certificate; empty on ports without mutual TLS
  std::string remote;      // address of the peer

  std::string_view header(std::string_view lower_name) const;  // the first, or empty
  // The first of that name, with %XX and + decoded as forms write them; empty if absent or wrongly encoded.
  std::string query_value(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Runs on a worker thread and may block. Must not throw; what escapes becomes a 500 problem.
using Handler = std::function<Response(const Request&)>;

}  // namespace dfb::http
