// What the root keys sign, and the policy that two administrators sign by their key files. There is no
// session: the signatures themselves are what is asked for, and the ledger judges them.
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "ledger/crypto/hash.h"

namespace dfb::routes {
namespace {

using namespace book;

// A key whose private half is not here could sign nothing for this server.
Result<void> has_private_half(const Services& services, const Payload& payload) {
  const auto* next = std::get_if<NextServerKey>(&payload.body);
  if (!next || services.server_keys.find(sha256(next->key))) return ok();
  return fail(Code::unknown_key,
              "this server has not got that key: name its file as `server-key` beside the present one, start "
              "the server again, and send the same file once more");
}

Result<void> admit(const Services& services, const Payload& payload) {
  if (std::holds_alternative<PublishPolicy>(payload.body)) return ok();
  const auto by = services.store.snapshot()->get<KeyRow>({payload.by});
  if (!by || by->use != KeyUse::root)
    return fail(Code::forbidden, "the first signature has to be a root key's");
  return has_private_half(services, payload);
}

// Anyone may ask, and each try costs up to 16 signature checks.
Result<CommandAnswer> enter(const Call& call, const SignedCommand& body) {
  DFB_TRY_VOID(call.services.sign_ins.take(call.request.remote, call.services.clock.now_us()));
  return execute(call.services, body,
                 [&call](const Payload& payload) { return admit(call.services, payload); });
}

}  // namespace

void add_roots(std::vector<Route>& table) {
  table.push_back(with_body(
      "POST", "/v1/root-commands", Access::anyone,
      "A command that the root keys sign: roots, the server's and the log's key, roles; or a policy", enter));
}

}  // namespace dfb::routes
