// A response as the bytes that go over the line, with the headers that every answer has.
// Threads: pure.
#pragma once
#include <string>

#include "api/http/message.h"

namespace dfb::http {

struct ResponseStyle {
  bool keep_alive = true;
  bool head = false;  // length, but no body
  bool hsts = false;
};

// Adds Date, Content-Length, Connection, X-Content-Type-Options, Referrer-Policy and, unless the handler gave
// its own, Cache-Control: no-store and a Content-Security-Policy that allows nothing. REQUIRES:
// is_sendable(response).
std::string response_text(const Response& response, const ResponseStyle& style);

// False for a status outside 200..599 and for header text that would break the line.
bool is_sendable(const Response& response);

}  // namespace dfb::http
