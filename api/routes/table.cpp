#include "api/routes/table.h"

#include "api/http/openapi.h"
#include "api/http/static_files.h"

namespace dfb::routes {
namespace {

// The document leaves out what is wrong inside the server, so it goes to the log.
http::Response refuse(const Services& services, const Route& route, const Error& error) {
  if (http::status_of(error.code) == 500)
    services.log(route.method + " " + route.pattern + ": " + to_string(error));
  return http::problem(error);
}

// With or without parameters: JSON is UTF-8 in any case.
bool is_json(std::string_view content_type) {
  return content_type.substr(0, content_type.find(';')) == "application/json";
}

http::RouteEntry entry_of(const Route& route, Services& services) {
  return {route.method, route.pattern,
          [&route, &services](const http::Request& request, const http::PathValues& path) {
            const auto caller = identify(services, request, route.access);
            if (!caller) return refuse(services, route, caller.error());
            if (!route.input.empty() && !is_json(request.header("content-type")))
              return http::problem(fail(Code::unsupported_media_type, "send application/json"));
            auto response = route.handler(Call{services, request, path, *caller});
            return response ? *std::move(response) : refuse(services, route, response.error());
          }};
}

}  // namespace

const std::vector<Route>& table() {
  static const std::vector<Route> rows = [] {
    std::vector<Route> all;
    add_town(all), add_sessions(all), add_commands(all), add_me(all), add_accounts(all), add_budgets(all),
        add_tills(all), add_leaves(all), add_cards(all), add_quotes(all), add_goods(all), add_reservations(all), add_offline(all),
        add_staff(all), add_shifts(all), add_proposals(all), add_roots(all), add_log(all);
    return all;
  }();
  return rows;
}

Result<http::Router> town_router(Services& services) {
  http::Router router;
  for (const Route& route : table())
    if (route.access != Access::till) router.add(entry_of(route, services));
  // What the interface does not know is no page either, whatever the method.
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
    router.add({method, "/v1/{rest...}", [&services](const http::Request& request, const http::PathValues&) {
                  const auto caller = identify(services, request, Access::anyone);
                  return http::problem(caller ? fail(Code::not_found, "there is nothing at this path") : caller.error());
                }});
  if (!services.pages_dir.empty()) {
    http::StaticOptions options;
    options.directory = services.pages_dir;
    DFB_TRY(const auto files, http::StaticFiles::open(std::move(options)));
    router.add(
        {"GET", "/{rest...}", [files, &services](const http::Request& request, const http::PathValues& path) {
           const auto caller = identify(services, request, Access::anyone);
           return caller ? files.serve(request, path.at("rest")) : http::problem(caller.error());
         }});
  }
  return router;
}

http::Router till_router(Services& services) {
  http::Router router;
  for (const Route& route : table())
    if (route.access == Access::till || (route.access == Access::anyone && route.method == "GET"))
      router.add(entry_of(route, services));
  return router;
}

std::string openapi_document() {
  std::vector<http::Operation> operations;
  for (const Route& route : table()) {
    std::vector<std::string> security;
    if (route.access != Access::anyone)
      security.push_back(route.access == Access::till ? "mutualTLS" : "bearer");
    operations.push_back({route.method, route.pattern, route.summary, std::string(name(route.access)),
                          security, route.input, route.output, route.status, route.output_type, route.query});
  }
  return boost::json::serialize(http::openapi_document("德分宝 Defenbao", "1", operations));
}

}  // namespace dfb::routes
