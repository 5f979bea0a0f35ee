// The log for everybody: checkpoint and tiles in public, entry bundles by an auditor's token. Layout:
// c2sp.org/tlog-tiles.
#include "api/routes/table.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/tile.h"
#include "ledger/store/log_reader.h"
#include "ledger/writer/log_keys.h"

namespace dfb::routes {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr const char* kForever = "public, max-age=31536000, immutable";

http::Response note(const std::string& text) {
  return {200, "text/plain; charset=utf-8", text, {{"Cache-Control", "no-cache"}}};
}

// With the cosignatures that there are by now; it is never older for want of them.
Result<http::Response> checkpoint(const Call& call) {
  const auto head = call.services.writer.head();
  if (head->note.empty()) return fail(Code::not_found, "the log is empty");
  const auto known = call.services.cosigned_newest ? call.services.cosigned_newest() : nullptr;
  return note(known && known->checkpoint == head->checkpoint ? known->note : head->note);
}

// Under load the newest checkpoint is newer than any cosignature, so this one has a place of its own.
Result<http::Response> cosigned(const Call& call) {
  const auto known = call.services.cosigned ? call.services.cosigned() : nullptr;
  if (!known) return fail(Code::not_found, "no witness has cosigned this log yet");
  return note(known->note);
}

Result<WitnessesView> witnesses(const Call& call) {
  if (!call.services.witnesses) return WitnessesView{};
  return WitnessesView{call.services.witnesses()};
}

// A till that has seen another root than this log had tells of a second history: that is for people to hear.
Result<Nothing> cosign_as_till(const Call& call, const CosignatureBody& body) {
  Services& services = call.services;
  const auto key = services.keys.key(call.caller.key);
  if (!key) return fail(Code::key_not_enrolled, "the ledger does not know this till's key");
  DFB_TRY(auto cosignature, programme::check_till_cosignature(services.origin, *key, body.checkpoint,
                                                              body.cosignature, body.vkey, body.signature));
  const auto head = services.writer.head();
  const auto view = services.store.snapshot();
  store::LogReader reader(*view, *head);
  const log::Checkpoint& seen = cosignature.checkpoint;
  bool ours = seen.size <= head->checkpoint.size;
  if (ours) {
    DFB_TRY(const Hash root, log::root(seen.size, reader));
    ours = root == seen.root;
  }
  if (!ours) {
    services.log("the till " + hash_text(call.caller.key) + " has verified another history of " +
                 std::to_string(seen.size) + " entries: " + base64_encode(seen.root.view()));
    return fail(Code::inconsistent, "this log has another root for that size");
  }
  services.till_cosignatures->put(std::move(cosignature));
  return Nothing{};
}

Result<CosignaturesView> till_cosignatures(const Call& call) {
  CosignaturesView out;
  for (auto& one : call.services.till_cosignatures->newest())
    out.cosignatures.push_back({hash_text(one.till), log::format_checkpoint(one.checkpoint),
                                std::move(one.line), std::move(one.vkey), std::move(one.signature),
                                one.checkpoint.size, one.time_s});
  return out;
}

// From the first key that the log had to the one that it has now, for whoever trusts any of them.
Result<LogKeysView> log_keys(const Call& call) {
  const auto head = call.services.writer.head();
  const auto view = call.services.store.snapshot();
  DFB_TRY(auto changes, log_key_changes(*view, *head));
  LogKeysView out;
  for (auto& one : changes)
    out.changes.push_back(
        {std::move(one.vkey), one.until_us, std::move(one.entry), log::format_receipt(one.receipt)});
  return out;
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
                   "/log/cosigned",
                   Access::anyone,
                   "The newest checkpoint that witnesses cosigned",
                   {},
                   {},
                   cosigned,
                   200,
                   "text/plain"});
  table.push_back(without_body("GET", "/v1/witnesses", Access::anyone,
                               "Who cosigns this log, and how far they have come", witnesses));
  table.push_back(with_body("POST", "/v1/log/cosignatures", Access::till,
                            "The till cosigns the log that it has seen", cosign_as_till));
  table.push_back(without_body("GET", "/v1/log/cosignatures", Access::anyone,
                               "The newest cosignature of each till", till_cosignatures));
  table.push_back(without_body("GET", "/v1/log/keys", Access::anyone,
                               "Every change of the log's key, each proven under the key before it",
                               log_keys));
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
