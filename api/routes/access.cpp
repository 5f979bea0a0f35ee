#include <algorithm>

#include "api/routes/route.h"
#include "certs/request.h"
#include "ledger/base/encoding.h"
#include "ledger/book/command.h"

namespace dfb::routes {
namespace {

using namespace book;

constexpr std::string_view kBearer = "Bearer ";

Result<KeyId> session_key(Services& services, const http::Request& request) {
  const std::string_view header = request.header("authorization");
  if (!header.starts_with(kBearer))
    return fail(Code::unauthenticated, "sign in first: no session token was sent");
  const auto key = services.sessions.find(header.substr(kBearer.size()));
  if (!key) return fail(Code::unauthenticated, "the session has ended; sign in again");
  return *key;
}

Result<KeyId> till_key(const http::Request& request) {
  if (request.client_certificate.empty())
    return fail(Code::forbidden, "tills come in by the terminals' port, with their certificate");
  return certs::key_of_certificate(request.client_certificate);
}

// Counted before the ledger is read, so that what is too much costs nothing. A token that is nobody's counts
// as its address's.
Result<KeyId> counted_key(Services& services, const http::Request& request, Access access) {
  const TimeUs now = services.clock.now_us();
  const auto key = access == Access::till ? till_key(request) : session_key(services, request);
  DFB_TRY_VOID(key ? services.callers.take(hash_text(*key), now)
                   : services.visitors.take(request.remote, now));
  return key;
}

}  // namespace

std::string_view name(Access access) {
  constexpr std::string_view names[] = {"anyone", "session", "officer", "administrator", "till"};
  return names[static_cast<std::size_t>(access)];
}

bool Caller::holds(Role role) const {
  return std::any_of(grants.begin(), grants.end(), [role](const Grant& grant) { return grant.role == role; });
}

Result<Caller> identify(Services& services, const http::Request& request, Access access) {
  Caller caller;
  if (access == Access::anyone) {
    DFB_TRY_VOID(services.visitors.take(request.remote, services.clock.now_us()));
    return caller;
  }
  DFB_TRY(caller.key, counted_key(services, request, access));
  const auto view = services.store.snapshot();
  const auto key = view->get<KeyRow>({caller.key});
  const KeyUse use = access == Access::till ? KeyUse::till : KeyUse::device;
  const TimeUs now = services.clock.now_us();
  if (!key || key->use != use) return fail(Code::forbidden, "this key is not enrolled for that");
  if (key->revoked_us != 0 || (key->until_us != 0 && key->until_us <= now))
    return fail(Code::key_revoked, "this key was revoked or has run out; enrol again");
  const auto account = view->get<Account>({key->account});
  if (!account) return fail(Code::forbidden, "this key has no account");
  if (account->state == AccountState::closed) return fail(Code::account_closed, "the account is closed");
  caller.account = *account;
  if (const auto roles = view->get<RoleRow>({account->id}))
    for (const Grant& grant : roles->grants)
      if (grant.from_us <= now && (grant.until_us == 0 || now < grant.until_us))
        caller.grants.push_back(grant);
  if (access == Access::officer && !caller.holds(Role::officer) && !caller.holds(Role::administrator))
    return fail(Code::forbidden, "this needs the role officer");
  if (access == Access::administrator && !caller.holds(Role::administrator))
    return fail(Code::forbidden, "this needs the role administrator");
  return caller;
}

}  // namespace dfb::routes
