#include "api/http/request_reader.h"

#include <algorithm>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <limits>

#include "api/http/target.h"
#include "ledger/base/check.h"

namespace dfb::http {
namespace beast = boost::beast;

struct RequestReader::State {
  beast::http::request_parser<beast::http::string_body> parser;
  Request request;
  bool reported_header = false;
  std::size_t header_bytes = 0;  // taken so far
  std::size_t header_bytes_max = 0;

  void take_header();
};

namespace {

std::string lower(beast::string_view text) {
  std::string out(text.data(), text.size());
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Error error_of(const beast::error_code& error) {
  if (error == beast::http::error::header_limit)
    return fail(Code::too_large, "the request's header is too large");
  if (error == beast::http::error::body_limit)
    return fail(Code::too_large, "the request's body is too large");
  return fail(Code::malformed, "this is no HTTP/1.1 request: " + error.message());
}

}  // namespace

void RequestReader::State::take_header() {
  reported_header = true;
  const auto& message = parser.get();
  request.method.assign(message.method_string().data(), message.method_string().size());
  for (const auto& field : message) {
    request.headers.emplace_back(lower(field.name_string()),
                                 std::string(field.value().data(), field.value().size()));
  }
}

RequestReader::RequestReader(std::size_t header_bytes_max, std::size_t body_bytes_max)
    : state_(std::make_unique<State>()) {
  state_->parser.header_limit(
      std::numeric_limits<std::uint32_t>::max());  // Beast's own count is only approximate
  state_->header_bytes_max = header_bytes_max;
  state_->parser.body_limit(body_bytes_max);
}

RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

bool RequestReader::has_header() const { return state_->reported_header; }
bool RequestReader::keep_alive() const { return state_->parser.get().keep_alive(); }
const Request& RequestReader::header() const { return state_->request; }

bool RequestReader::expects_continue() const {
  return state_->parser.get().version() >= 11 && !state_->parser.is_done() &&
         lower(state_->parser.get()[beast::http::field::expect]) == "100-continue";
}

Result<RequestReader::Progress> RequestReader::feed(std::string& arrived) {
  auto& parser = state_->parser;
  std::size_t used = 0;
  while (!parser.is_done() && used < arrived.size()) {
    beast::error_code error;
    used += parser.put(boost::asio::const_buffer(arrived.data() + used, arrived.size() - used), error);
    if (error == beast::http::error::need_more) break;
    if (error == beast::http::error::body_limit && !state_->reported_header) state_->take_header();
    if (error) return error_of(error);
    if (parser.is_header_done() && !state_->reported_header) break;
  }
  arrived.erase(0, used);
  if (!state_->reported_header) {
    state_->header_bytes += used;
    const std::size_t size = state_->header_bytes + (parser.is_header_done() ? 0 : arrived.size());
    if (size > state_->header_bytes_max) return fail(Code::too_large, "the request's header is too large");
  }
  if (parser.is_header_done() && !state_->reported_header) {
    state_->take_header();
    parser.eager(true);
    const auto& message = parser.get();
    Request& request = state_->request;
    // Beast 1.81 trips over some trailers of chunked bodies, and no client of ours sends any: RFC 9112 §6.3
    // allows this.
    if (message.count(beast::http::field::transfer_encoding) != 0) {
      return fail(Code::malformed, "the body must come with a Content-Length, not in chunks");
    }
    DFB_TRY(Target target, parse_target(std::string_view(message.target().data(), message.target().size())));
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    return Progress::header;
  }
  return parser.is_done() ? Progress::done : Progress::more;
}

Request RequestReader::take() {
  DFB_CHECK(state_->parser.is_done());
  state_->request.body = std::move(state_->parser.get().body());
  return std::move(state_->request);
}

}  // namespace dfb::http
