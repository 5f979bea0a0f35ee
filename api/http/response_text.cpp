#include "api/http/response_text.h"

#include <algorithm>
#include <ctime>
#include <string_view>

#include "ledger/base/check.h"

namespace dfb::http {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, size};
}

bool equal_names(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool has(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return equal_names(header.first, name); });
}

bool is_name(std::string_view text) {
  const auto good = [](unsigned char c) { return c > 0x20 && c < 0x7F && c != ':'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), good);
}

bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7F; });
}

}  // namespace

bool is_sendable(const Response& response) {
  if (response.status < 200 || response.status > 599 || !is_value(response.content_type)) return false;
  return std::all_of(response.headers.begin(), response.headers.end(),
                     [](const auto& header) { return is_name(header.first) && is_value(header.second); });
}

std::string response_text(const Response& response, const ResponseStyle& style) {
  DFB_CHECK(is_sendable(response));
  const bool bodyless = response.status == 204 || response.status == 304;
  std::string out;
  out.reserve(512 + (style.head || bodyless ? 0 : response.body.size()));
  const auto line = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason(response.status)).append("\r\n");
  line("Date", http_date());
  if (!bodyless) {
    if (!response.content_type.empty()) line("Content-Type", response.content_type);
    line("Content-Length", std::to_string(response.body.size()));
  }
  for (const auto& [name, value] : response.headers) line(name, value);
  if (!has(response, "Cache-Control")) line("Cache-Control", "no-store");
  if (!has(response, "Content-Security-Policy")) {
    line("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }
  line("X-Content-Type-Options", "nosniff");
  line("Referrer-Policy", "no-referrer");
  if (style.hsts) line("Strict-Transport-Security", "max-age=31536000");
  line("Connection", style.keep_alive ? "keep-alive" : "close");
  out.append("\r\n");
  if (!style.head && !bodyless) out.append(response.body);
  return out;
}

}  // namespace dfb::http
