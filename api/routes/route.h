// A route: method, path, who may, input, output, handler. Authority is not optional: the only way to make one
// names it.
//
// Who may: `anyone`; `session` (a live device key of an account that is not closed); `officer` (a session
// whose account is an officer or administrator now); `administrator` (one whose account is that now); `till`
// (the client certificate of an enrolled till). Each request asks the ledger anew, so a revoked key is
// refused at once. Handlers run on worker threads.
#pragma once
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "api/http/json.h"
#include "api/http/message.h"
#include "api/http/problem.h"
#include "api/http/router.h"
#include "api/routes/services.h"
#include "api/routes/types.h"

namespace dfb::routes {

enum class Access : std::uint8_t { anyone, session, officer, administrator, till };
std::string_view name(Access access);

// Who asks. For `anyone` all is empty.
struct Caller {
  KeyId key;
  book::Account account;
  std::vector<book::Grant> grants;  // in force now
  bool holds(book::Role role) const;
};

struct Call {
  Services& services;
  const http::Request& request;
  const http::PathValues& path;
  const Caller& caller;
};

struct Route {
  std::string method, pattern;
  Access access = Access::anyone;
  std::string summary;
  boost::json::object input, output;  // JSON schemas; empty: no body, or not JSON
  std::function<Result<http::Response>(const Call&)> handler;
  // For the API's document alone: what a good answer is.
  int status = 200;
  std::string output_type = "application/json";
  std::vector<std::string> query = {};
};

// rate_limited, unauthenticated, forbidden, key_revoked, account_closed.
Result<Caller> identify(Services& services, const http::Request& request, Access access);

inline http::Response render(const auto& output) {
  return {200, "application/json", http::to_json(output), {}};
}
http::Response render(const CommandAnswer& answer);  // 201, 200, or a 422 problem with the entry in it

// Result<Out> handler(const Call&, const In&), the body parsed strictly.
template <class In, class Out>
Route with_body(std::string method, std::string pattern, Access access, std::string summary,
                Result<Out> (*handler)(const Call&, const In&)) {
  return {std::move(method),
          std::move(pattern),
          access,
          std::move(summary),
          http::schema_of<In>(),
          http::schema_of<Out>(),
          [handler](const Call& call) -> Result<http::Response> {
            DFB_TRY(const In input, http::from_json<In>(call.request.body));
            DFB_TRY(const Out output, handler(call, input));
            return render(output);
          }};
}

// Result<Out> handler(const Call&).
template <class Out>
Route without_body(std::string method, std::string pattern, Access access, std::string summary,
                   Result<Out> (*handler)(const Call&)) {
  return {std::move(method),
          std::move(pattern),
          access,
          std::move(summary),
          {},
          http::schema_of<Out>(),
          [handler](const Call& call) -> Result<http::Response> {
            DFB_TRY(const Out output, handler(call));
            return render(output);
          }};
}

}  // namespace dfb::routes
