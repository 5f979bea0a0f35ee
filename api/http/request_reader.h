// One HTTP/1.1 request out of the bytes of a connection. No I/O: the fuzzer and the tests feed it directly.
// Threads: one at a time.
#pragma once
#include <memory>
#include <string>

#include "api/http/message.h"
#include "ledger/base/result.h"

namespace dfb::http {

class RequestReader {
 public:
  enum class Progress { more, header, done };

  RequestReader(std::size_t header_bytes_max, std::size_t body_bytes_max);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  // Takes what it can from the front of `arrived`. `header` once, as soon as the header stands; then `more`
  // or `done`; what is left in `arrived` after `done` belongs to the next request. Errors end the connection:
  // malformed, too_large.
  Result<Progress> feed(std::string& arrived);

  bool has_header() const;        // false: a too_large was about the header
  bool keep_alive() const;        // REQUIRES: has_header()
  bool expects_continue() const;  // REQUIRES: has_header(). The client waits for 100 before it sends the body
  const Request& header() const;  // without a body; empty before has_header()
  Request take();                 // REQUIRES: the last feed() was `done`

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dfb::http
