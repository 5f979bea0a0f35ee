// The one table of routes: who may do what, where. The router of each port and OpenAPI are made from it.
#pragma once
#include <string>
#include <vector>

#include "api/http/router.h"
#include "api/routes/route.h"

namespace dfb::routes {

// One file a resource; each adds its rows.
void add_town(std::vector<Route>& table);      // town.cpp: health, OpenAPI, the town's public facts
void add_sessions(std::vector<Route>& table);  // sessions.cpp
void add_commands(
    std::vector<Route>& table);  // commands.cpp: signed commands of residents, officers, administrators
void add_me(std::vector<Route>& table);         // me.cpp: what a signed-in person sees
void add_accounts(std::vector<Route>& table);   // accounts.cpp: other people's, for officers, administrators
void add_budgets(std::vector<Route>& table);    // budgets.cpp
void add_tills(std::vector<Route>& table);      // tills.cpp
void add_leaves(std::vector<Route>& table);      // leaves.cpp: a shop's own entries, for its tills
void add_cards(std::vector<Route>& table);      // cards.cpp
void add_quotes(std::vector<Route>& table);     // quotes.cpp: sales confirmed on the phone, typed handles
void add_goods(std::vector<Route>& table);      // goods.cpp: what shops sell
void add_reservations(std::vector<Route>& table);  // reservations.cpp: reserving, and picking up
void add_offline(std::vector<Route>& table);    // offline.cpp: selling without a line
void add_staff(std::vector<Route>& table);      // staff.cpp: a shop's people and their PINs
void add_shifts(std::vector<Route>& table);     // shifts.cpp: Z reports
void add_proposals(std::vector<Route>& table);  // proposals.cpp: what waits for a second person
void add_roots(std::vector<Route>& table);      // roots.cpp: what the root keys sign
void add_log(std::vector<Route>& table);        // log.cpp: checkpoint, tiles, entry bundles

const std::vector<Route>& table();

// The town's port serves everything but the tills' routes, and the pages; the terminals' port the tills'
// routes and what anyone may read. `services` outlives the routers.
Result<http::Router> town_router(Services& services);  // bad_config: the pages cannot be read
http::Router till_router(Services& services);

std::string openapi_document();

}  // namespace dfb::routes
