#include "api/http/router.h"

#include <set>
#include <utility>

#include "api/http/problem.h"
#include "ledger/base/check.h"

namespace dfb::http {
namespace {

constexpr char kLiteral = 'a', kName = 'b', kRest = 'c';

// /a//b → "a", "", "b"; the slash before the first segment is taken off.
std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

char kind_of(const std::string& segment) {
  if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return kLiteral;
  return segment.size() > 5 && segment.compare(segment.size() - 4, 3, "...") == 0 ? kRest : kName;
}

std::string name_in(const std::string& segment) {
  const std::size_t tail = kind_of(segment) == kRest ? 4 : 1;
  return segment.substr(1, segment.size() - 1 - tail);
}

bool match(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
           PathValues& values) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= path.size()) return false;
    const char kind = kind_of(pattern[i]);
    if (kind == kRest) {
      std::string rest = path[i];
      for (std::size_t k = i + 1; k < path.size(); ++k) rest += "/" + path[k];
      values[name_in(pattern[i])] = std::move(rest);
      return true;
    }
    if (kind == kLiteral ? path[i] != pattern[i] : path[i].empty()) return false;
    if (kind == kName) values[name_in(pattern[i])] = path[i];
  }
  return pattern.size() == path.size();
}

}  // namespace

void Router::add(RouteEntry route) {
  DFB_CHECK(!route.pattern.empty() && route.pattern.front() == '/');
  Compiled compiled;
  compiled.segments = split(route.pattern);
  for (std::size_t i = 0; i < compiled.segments.size(); ++i) {
    const std::string& segment = compiled.segments[i];
    const char kind = kind_of(segment);
    DFB_CHECK(kind != kLiteral || segment.find_first_of("{}") == std::string::npos);
    DFB_CHECK(kind != kRest || i + 1 == compiled.segments.size());
    compiled.shape += kind;
  }
  for (const Compiled& other : routes_) {
    if (other.route.method != route.method || other.shape != compiled.shape) continue;
    bool same = true;
    for (std::size_t i = 0; i < compiled.segments.size(); ++i) {
      if (compiled.shape[i] == kLiteral && compiled.segments[i] != other.segments[i]) same = false;
    }
    DFB_CHECK(!same);
  }
  compiled.route = std::move(route);
  routes_.push_back(std::move(compiled));
}

Response Router::handle(const Request& request) const {
  const std::string_view wanted = request.method == "HEAD" ? std::string_view("GET") : request.method;
  const std::vector<std::string> path = split(request.path.empty() ? "/" : request.path);
  const Compiled* best = nullptr;
  PathValues best_values;
  std::set<std::string> allowed;
  bool only_rest = true;  // nothing matched that names each of the path's segments
  for (const Compiled& candidate : routes_) {
    PathValues values;
    if (!match(candidate.segments, path, values)) continue;
    const bool rest = candidate.shape.back() == kRest;
    if (rest && !only_rest) continue;
    if (!rest && std::exchange(only_rest, false)) {
      allowed.clear();
      best = nullptr;
    }
    allowed.insert(candidate.route.method);
    if (candidate.route.method != wanted || (best && best->shape <= candidate.shape)) continue;
    best = &candidate;
    best_values = std::move(values);
  }
  if (best) return best->route.handler(request, best_values);
  if (allowed.empty()) return problem(fail(Code::not_found, "there is nothing at this path"));
  if (allowed.count("GET")) allowed.insert("HEAD");
  std::string list;
  for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
  Response response = problem(fail(Code::method_not_allowed, "this path takes " + list));
  response.headers.emplace_back("Allow", list);
  return response;
}

}  // namespace dfb::http
