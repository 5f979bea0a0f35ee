// The log for everybody: checkpoint and tiles in public, entry bundles by an auditor's token. Layout:
// c2sp.org/tlog-tiles.
#include "api/routes/table.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/tile.h"
#include "ledger/store/log_reader.h"

namespace dfb::routes {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr const char* kForever = "public, max-age=31536000, immutable";

Result<http::Response> checkpoint(const Call& call) {
  const auto head = call.services.writer.head();
  if (head->note.empty()) return fail(Code::not_found, "the log is empty");
  return http::Response{200, "text/plain; charset=utf-8", head->note, {{"Cache-Control", "no-cache"}}};
}

Result<void> may_read_entries(const Call& call) {
  if (call.services.entries_open) return ok();
  const std::string_view header = call.request.header("authorization");
  const bool known = call.services.auditor_token && header.starts_with(kBearer) &&
                     sha256(header.substr(kBearer.size())) == *call.services.auditor_token;
  if (!known)
    return fail(Code::unauthenticated, "entries are for auditors: send the token that the town gave you");
  return ok();
}

Result<http::Response> tile(const Call& call) {
  auto path = log::parse_tile_path("tile/" + call.path.at("rest"));
  if (!path) return fail(Code::not_found, "no such tile");
  const auto head = call.services.writer.head();
  const auto view = call.services.store.snapshot();
  store::LogReader reader(*view, *head);
  if (path->entries) DFB_TRY_VOID(may_read_entries(call));
  DFB_TRY(std::string bytes, path->entries ? reader.bundle(path->index, path->width)
                                           : reader.tile(path->level, path->index, path->width));
  const char* cache =
      path->entries && !call.services.entries_open ? "private, max-age=31536000, immutable" : kForever;
  return http::Response{200, "application/octet-stream", std::move(bytes), {{"Cache-Control", cache}}};
}

}  // namespace

void add_log(std::vector<Route>& table) {
  table.push_back({"GET",
                   "/log/checkpoint",
                   Access::anyone,
                   "The newest signed checkpoint",
                   {},
                   {},
                   checkpoint,
                   200,
                   "text/plain"});
  table.push_back({"GET",
                   "/log/tile/{rest...}",
                   Access::anyone,
                   "Tiles, and entry bundles for auditors",
                   {},
                   {},
                   tile,
                   200,
                   "application/octet-stream"});
}

}  // namespace dfb::routes
