// A small client of the API for one person with a device key, as a phone or an officer's machine would be.
// Threads: one.
#pragma once
#include <boost/json/value.hpp>
#include <string>

#include "api/demo/entrant.h"
#include "ledger/fetch/http_client.h"

namespace dfb::demo {

// What the server said: a JSON value, or a problem as an Error whose code is the problem's.
using Json = boost::json::value;

class Client {
 public:
  Client(std::string base_url, fetch::Options options)
      : base_url_(std::move(base_url)), http_(std::move(options)) {}

  Result<Json> get(const std::string& path);
  Result<Json> post(const std::string& path, const Json& body);
  // A signed command as the API takes it; `more` are the route's own fields.
  Result<Json> post(const std::string& path, const SignedLine& line, boost::json::object more = {});
  Result<std::string> get_text(const std::string& path);  // not_found unless the status is 200
  Result<void> sign_in(const PrivateKey& device, const std::string& origin, Random& random);

 private:
  Result<Json> answer(Result<fetch::Response> response);
  std::string base_url_;
  fetch::HttpClient http_;
};

}  // namespace dfb::demo
