// Routes: method and path pattern to handler. Patterns have names in braces for one segment
// (/v1/residents/{account}) or, last, for the rest (/log/tile/{rest...}). A known path with another method is
// 405 with Allow; else 404; both problems.
//
// Where several patterns match, the one that is more literal from the left is taken, whatever the order of
// add(): a word before a {name}, a {name} before a {rest...}. A {rest...} is not taken where another pattern without
// one knows the path, whatever its method: who gets what can only be posted is told so, and does not get a page. A
// {name} matches one segment that is not empty; a {rest...} may be empty. Threads: immutable once built.
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
  // REQUIRES: a well-formed pattern, and no route before it with the same method and the same shape.
  void add(RouteEntry route);
  // HEAD is answered as GET; the server then sends no body, but its length.
  Response handle(const Request& request) const;

 private:
  struct Compiled {
    RouteEntry route;
    std::vector<std::string> segments;
    std::string shape;  // a character a segment: less is more literal
  };
  std::vector<Compiled> routes_;
};

}  // namespace dfb::http
