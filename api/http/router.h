// Routes: method and path pattern to handler. Patterns have names in braces for one segment (/v1/residents/{account})
// or, last, for the rest (/log/tile/{rest...}). A known path with another method is 405 with Allow; else 404; both problems.
// Threads: immutable once built.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "api/http/message.h"

namespace dfb::http {

using PathValues = std::map<std::string, std::string>;

struct RouteEntry {
  std::string method, pattern;
  std::function<Response(const Request&, const PathValues&)> handler;
};

class Router {
 public:
  void add(RouteEntry route);
  Response handle(const Request& request) const;  // HEAD is answered as GET without a body

 private:
  std::vector<RouteEntry> routes_;
};

}  // namespace dfb::http
