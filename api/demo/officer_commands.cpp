#include "api/demo/officer_commands.h"

#include "api/demo/client.h"
#include "api/demo/town_folder.h"
#include "ledger/book/codes.h"

namespace dfb::demo {

Result<void> verify_resident(const std::string& folder, const std::string& url, const std::string& account) {
  DFB_TRY(const TownFolder town, read_folder(folder));
  DFB_TRY(const book::AccountId id, book::parse_account(account));
  SystemClock clock;
  SystemRandom random;
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  Error last = fail(Code::not_found, "this town has no officer");
  for (const auto& person : town.people) {
    if (person.role != "officer") continue;
    DFB_TRY(const PrivateKey key, town.key(person.key_file));
    Client officer(url, options);
    DFB_TRY_VOID(officer.sign_in(key, town.origin, random));
    Entrant entrant(town.origin, clock, random);
    const auto done =
        officer.post("/v1/residents/levels", entrant.sign(book::SetLevel{id, book::Level::verified}, {&key}));
    if (done) return ok();
    last = done.error();
    if (last.code != Code::out_of_scope) break;  // else another community's officer may do it
  }
  return last;
}

Result<std::string> site_link(const std::string& folder, const std::string& url,
                              const std::string& community) {
  DFB_TRY(const TownFolder town, read_folder(folder));
  DFB_TRY(const PrivateKey site, town.key("site-" + community));
  return url + "/#site=" + book::make_site_code(site, town.origin, SystemClock().now_us()).text();
}

}  // namespace dfb::demo
