// Health, OpenAPI and the town's public facts.
#include "api/programme/labels.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/base/encoding.h"

namespace dfb::routes {
namespace {

Result<StatusView> health(const Call&) { return StatusView{"ok"}; }

Result<ReadyView> ready(const Call& call) {
  if (call.services.draining()) return fail(Code::shutting_down, "the server is stopping");
  if (call.services.store.snapshot()->size() < call.services.writer.head()->checkpoint.size)
    return fail(Code::internal, "the store lags behind the writer");
  auto warnings = call.services.warnings();
  const char* status = warnings.empty() ? "ok" : "degraded";
  return ReadyView{status, std::move(warnings)};
}

Result<http::Response> openapi(const Call&) {
  static const std::string document = openapi_document();
  return http::Response{200, "application/json", document, {}};
}

Result<TownView> town(const Call& call) {
  Services& services = call.services;
  const auto view = services.store.snapshot();
  auto keys = log_vkeys(*view, services.log_vkey);
  std::string newest = keys.back();
  DFB_TRY(const PrivateKey server, services.server_keys.newest(*view, services.clock.now_us()));
  TownView town{services.origin,
                std::move(newest),
                std::move(keys),
                hash_text(server.public_key().id()),
                services.clock.now_us(),
                "",
                "",
                {},
                limits_in_force(*view, services.clock.now_us())};
  if (const auto label = programme::find_label(view->sql(), "town", "town"))
    town.name_zh = label->zh, town.name_en = label->en;
  for (const auto& label : programme::labels(view->sql(), "scope"))
    town.scopes.push_back({label.id, label.zh, label.en});
  return town;
}

}  // namespace

void add_town(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/healthz", Access::anyone, "The process answers", health));
  table.push_back(
      without_body("GET", "/readyz", Access::anyone, "Ready for work; fails while stopping", ready));
  table.push_back({"GET", "/v1/openapi.json", Access::anyone, "This document", {}, {}, openapi});
  table.push_back(
      without_body("GET", "/v1/town", Access::anyone, "The town's public facts, keys and limits", town));
}

}  // namespace dfb::routes
