// An HTTPS client on libcurl for the small programs: terminal, auditor, demo clients.
//
// Keeps its connection between calls. TLS 1.2 or newer; the server's certificate and name are always checked,
// against `ca_file` if there is one, else the system's authorities. Threads: one at a time.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::fetch {

struct Options {
  std::string ca_file;              // PEM
  std::string cert_file, key_file;  // the client's own, PEM, for mutual TLS; both or neither
  std::string bearer_token;         // sent as Authorization when not empty
  long connect_timeout_ms = 5000;
  long timeout_ms = 30000;  // the whole exchange
  std::size_t body_bytes_max = 8 * 1024 * 1024;
};

struct Response {
  int status = 0;
  std::string content_type, body;
  long retry_after_s = 0;
};

class HttpClient {
 public:
  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // Any HTTP status is a Response, redirects too: none is followed. https anywhere, http to this machine
  // alone. unreachable: the server cannot have acted; no connection, name or TLS, the detail says which and
  // what to do. timed_out: the server may have acted; no answer in time, or it broke off in the middle.
  // too_large: the answer was; the server has acted.
  // bad_config: a file that cannot be used, a key file that others may read, a bad address.
  // A kept connection that the server has closed meanwhile is opened anew and the request sent again,
  // whatever its method: requests that must not take effect twice carry an id.
  Result<Response> get(const std::string& url);
  Result<Response> post(const std::string& url, const std::string& content_type, const std::string& body);
  Result<Response> send(const std::string& method, const std::string& url, const std::string& content_type,
                        const std::string& body);
  void set_bearer_token(std::string token);
  void set_timeout_ms(long timeout_ms);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dfb::fetch
