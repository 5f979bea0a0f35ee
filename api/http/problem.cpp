#include "api/http/problem.h"

#include <algorithm>
#include <boost/json.hpp>

namespace dfb::http {
namespace {

bool is_inner(Code code) {
  return code == Code::internal || code == Code::io_error || code == Code::corrupt ||
         code == Code::bad_config;
}

std::string title(Code code) {
  std::string text(name(code));
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

Response document(const Error& error, int status, const boost::json::object& more) {
  boost::json::object body;
  body["type"] = "/refusals#" + std::string(name(error.code));
  body["title"] = title(error.code);
  body["status"] = status;
  if (!error.detail.empty() && !is_inner(error.code)) body["detail"] = error.detail;
  body["code"] = name(error.code);
  body["number"] = static_cast<int>(error.code);
  for (const auto& member : more) body[member.key()] = member.value();

  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = boost::json::serialize(body);
  if (error.code == Code::busy) response.headers.emplace_back("Retry-After", "1");
  if (error.code == Code::shutting_down) response.headers.emplace_back("Retry-After", "5");
  if (error.code == Code::rate_limited) response.headers.emplace_back("Retry-After", "10");
  if (error.code == Code::unauthenticated) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

int status_of(Code code) {
  switch (code) {
    case Code::malformed:
    case Code::unsupported_version:
      return 400;
    case Code::unauthenticated:
      return 401;
    case Code::forbidden:
      return 403;
    case Code::not_found:
      return 404;
    case Code::method_not_allowed:
      return 405;
    case Code::too_large:
      return 413;
    case Code::unsupported_media_type:
      return 415;
    case Code::rate_limited:
      return 429;
    case Code::internal:
    case Code::io_error:
    case Code::corrupt:
    case Code::bad_config:
      return 500;
    case Code::unreachable:
      return 502;
    case Code::busy:
    case Code::shutting_down:
    case Code::read_only:
      return 503;
    case Code::timed_out:
      return 504;
    default:
      return 422;
  }
}

Response problem(const Error& error) { return document(error, status_of(error.code), {}); }
Response problem(const Error& error, const boost::json::object& more) {
  return document(error, status_of(error.code), more);
}
Response problem(const Error& error, int status) { return document(error, status, {}); }

}  // namespace dfb::http
