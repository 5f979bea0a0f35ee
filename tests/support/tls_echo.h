// A tiny web server for tests of clients: TLS (or plain TCP) on a free loopback port, one thread a
// connection, and an answer that the test writes byte for byte, so that it can also be wrong.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/made_certificate.h"

namespace dfb::test {

struct SeenRequest {
  std::string head;  // request line and headers
  std::string body;
};

// The whole answer; empty closes the connection; nothing at all keeps it open, silent, until the server ends.
using Answer = std::function<std::optional<std::string>(const SeenRequest&)>;

// HTTP/1.1 with Content-Length.
std::string http_answer(int status, const std::string& body, const std::string& more_headers = "");

class TlsEcho {
 public:
  struct Options {
    bool tls = true;
    std::string answer_to_hello;  // without TLS: what a client's TLS hello is answered with, if anything
    MadeCertificate certificate;
    std::string client_ca_pem;  // not empty: client certificates of this authority demanded
    Answer answer;
  };
  explicit TlsEcho(Options options);
  ~TlsEcho();  // closes all connections
  TlsEcho(const TlsEcho&) = delete;
  TlsEcho& operator=(const TlsEcho&) = delete;

  std::uint16_t port() const;
  std::string url(const std::string& host = "localhost") const;  // https://host:port, or http://
  int connections() const;                                       // accepted so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dfb::test
