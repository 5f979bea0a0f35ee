#include "api/demo/officer_commands.h"

#include <algorithm>

#include "api/demo/client.h"
#include "api/demo/town_folder.h"
#include "ledger/book/card_number.h"
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

Result<std::string> issue_card(const std::string& folder, const std::string& url, const std::string& pin) {
  DFB_TRY(const TownFolder town, read_folder(folder));
  DFB_TRY(const PrivateKey key, town.key("officer-lijing"));
  DFB_TRY(const PrivateKey administrator_key, town.key("administrator-1"));
  SystemClock clock;
  SystemRandom random;
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  Client officer(url, options), administrator(url, options);
  DFB_TRY_VOID(officer.sign_in(key, town.origin, random));
  DFB_TRY_VOID(administrator.sign_in(administrator_key, town.origin, random));
  DFB_TRY(const Json budgets, administrator.get("/v1/budgets"));
  const auto& first = budgets.as_object().at("budgets").as_array().at(0).as_object();
  Entrant entrant(town.origin, clock, random);
  book::Transfer award;
  award.kind = book::TransferKind::award, award.rule = "thanks", award.points = {50};
  award.to = entrant.new_account(), award.memo = "welcome";
  DFB_TRY(award.from, book::parse_account(std::string(first.at("account").as_string())));
  const book::Open open{award.to, book::AccountKind::resident, "/lijing/01", "", book::Level::verified, ""};
  const book::AccountId card{book::kFirstFreeAccount +
                             random.u64() % (book::kCardNumbers - book::kFirstFreeAccount)};
  DFB_TRY_VOID(officer.post("/v1/residents/levels", entrant.sign(open, {&key})));
  DFB_TRY_VOID(officer.post("/v1/commands", entrant.sign(award, {&key})));
  DFB_TRY_VOID(officer.post("/v1/cards",
                            entrant.sign(book::SetCard{award.to, card, true, "shown at a station"}, {&key}),
                            {{"pin", pin}}));
  return book::card_digits(card);
}

Result<void> employ(const std::string& folder, const std::string& url, const std::string& shop,
                    const std::string& cashier_pin, const std::string& manager_pin) {
  DFB_TRY(const TownFolder town, read_folder(folder));
  const auto found = std::find_if(town.people.begin(), town.people.end(), [&shop](const DemoPerson& one) {
    return one.role == "shop" && (one.name == shop || to_string(one.account) == shop);
  });
  if (found == town.people.end())
    return fail(Code::not_found, "no shop of this town is called so; `defenbao-demo people` lists them");
  SystemRandom random;
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  DFB_TRY(const PrivateKey key, town.key("administrator-1"));
  Client administrator(url, options);
  DFB_TRY_VOID(administrator.sign_in(key, town.origin, random));
  const std::string path = "/v1/shops/" + to_string(found->account) + "/staff";
  DFB_TRY_VOID(administrator.post(path, boost::json::object{{"name", "李梅"}, {"role", "cashier"}, {"pin", cashier_pin}}));
  DFB_TRY_VOID(administrator.post(path, boost::json::object{{"name", "王强"}, {"role", "manager"}, {"pin", manager_pin}}));
  return ok();
}

}  // namespace dfb::demo
