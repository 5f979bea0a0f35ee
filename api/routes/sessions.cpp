// Signing in by a device key, and out.
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/base/encoding.h"

namespace dfb::routes {
namespace {

Result<ChallengeView> challenge(const Call& call, const ChallengeBody& body) {
  Services& services = call.services;
  DFB_TRY_VOID(services.sign_ins.take(call.request.remote, services.clock.now_us()));
  DFB_TRY(const KeyId key, parse_hash_text(body.key));
  const auto row = services.store.snapshot()->get<book::KeyRow>({key});
  if (!row || row->use != book::KeyUse::device)
    return fail(Code::unknown_key, "this device is not enrolled here");
  return ChallengeView{base64url_encode(services.sessions.challenge(key))};
}

Result<SessionView> open(const Call& call, const SessionBody& body) {
  Services& services = call.services;
  DFB_TRY(const KeyId id, parse_hash_text(body.key));
  DFB_TRY(const std::string nonce, base64url_decode(body.nonce));
  DFB_TRY(const std::string client_nonce, base64url_decode(body.client_nonce));
  DFB_TRY(const std::string signature, base64url_decode(body.signature));
  const auto key = services.keys.key(id);
  if (!key) return fail(Code::unknown_key, "this device is not enrolled here");
  DFB_TRY(const auto opened, services.sessions.open(*key, nonce, client_nonce, signature));
  // The new token must stand the same test as on every later request.
  http::Request request = call.request;
  request.headers = {{"authorization", "Bearer " + opened.token}};
  const auto caller = identify(services, request, Access::session);
  if (!caller) {
    services.sessions.close(opened.token);
    return caller.error();
  }
  return SessionView{opened.token, to_string(caller->account.id), opened.expires_us,
                     roles_view(caller->grants)};
}

Result<http::Response> close(const Call& call) {
  call.services.sessions.close(
      call.request.header("authorization").substr(std::string_view("Bearer ").size()));
  return http::Response{204, "", "", {}};
}

}  // namespace

void add_sessions(std::vector<Route>& table) {
  table.push_back(with_body("POST", "/v1/sessions/challenge", Access::anyone, "A nonce to sign", challenge));
  table.push_back(with_body("POST", "/v1/sessions", Access::anyone, "Sign in with the signed nonce", open));
  table.push_back({"DELETE", "/v1/sessions", Access::session, "Sign out", {}, {}, close, 204, ""});
}

}  // namespace dfb::routes
