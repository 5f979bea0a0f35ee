// Who may speak to the till's page server: the page that it served itself, opened with the token of this
// start.
//
// The server listens on loopback, which every page of every site in every browser on this machine can reach.
//   Host    exactly 127.0.0.1:port or localhost:port: a foreign name that resolves to loopback is refused
//   Origin  the page's own on every request that is not a GET; no other one on any
//   Sec-Fetch-Site, where the browser sends it: same-origin, or none for what a person opened
//   token   on everything but the page's files: 32 random bytes of this start, which no foreign page can read
// Nothing is ever answered to a preflight. Threads: immutable but for the port; check() from any.
#pragma once
#include <atomic>
#include <string>

#include "api/http/message.h"
#include "ledger/base/bytes.h"
#include "ledger/base/random.h"
#include "ledger/base/result.h"

namespace dfb::terminal::kiosk {

class Guard {
 public:
  static constexpr std::string_view kTokenHeader = "x-defenbao-token";

  explicit Guard(Random& random);
  // Before it is called nobody may do anything.
  void set_port(std::uint16_t port) { port_ = port; }
  // unauthenticated: the token is wrong or missing. forbidden: anything else.
  Result<void> check(const http::Request& request, bool is_file) const;
  // Printed once, for the browser of this machine.
  std::string start_url() const;

 private:
  std::string token_;
  Hash token_hash_;
  std::atomic<std::uint16_t> port_{0};
};

}  // namespace dfb::terminal::kiosk
