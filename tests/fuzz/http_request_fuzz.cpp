// Requests: however the bytes arrive, the reader says the same; and what it accepts has a path that is safe
// to route.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "api/http/request_reader.h"
#include "api/http/target.h"
#include "ledger/base/check.h"

namespace dfb::http {
namespace {

// All requests of a connection as one text. How soon an unfinished one is known to be bad may depend on the
// split.
std::string read_all(std::string_view bytes, std::size_t step) {
  std::string story, arrived;
  RequestReader reader(1024, 1024);
  std::size_t sent = 0;
  for (;;) {
    const auto progress = reader.feed(arrived);
    if (!progress) return story;
    if (*progress == RequestReader::Progress::done) {
      const bool keep_alive = reader.keep_alive();
      const Request request = reader.take();
      DFB_CHECK(!request.path.empty() && request.path.front() == '/' && is_utf8(request.path));
      DFB_CHECK(request.path.find('\0') == std::string::npos && request.body.size() <= 1024);
      story += request.method + "|" + request.path + "|" + request.query + "|" + request.body + "|";
      for (const auto& [name, value] : request.headers) story += name + ":" + value + "|";
      if (!keep_alive) return story;
      reader = RequestReader(1024, 1024);
    }
    if (*progress != RequestReader::Progress::more) continue;
    if (sent == bytes.size()) return story;
    arrived += bytes.substr(sent, step);
    sent = std::min(bytes.size(), sent + step);
  }
}

void try_input(std::string_view bytes) {
  const std::string whole = read_all(bytes, bytes.size() + 1);
  DFB_CHECK(read_all(bytes, 1) == whole);
  DFB_CHECK(read_all(bytes, 13) == whole);
}

}  // namespace
}  // namespace dfb::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::http::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
