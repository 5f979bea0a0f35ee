// Who may call what: every row of the table, from outside.
#include <gmock/gmock.h>

#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

std::string path_of(std::string pattern) {
  std::string path;
  bool inside = false;
  for (char c : pattern) {
    if (c == '{') path += "x";
    inside = (inside || c == '{') && c != '}';
    if (!inside && c != '}') path += c;
  }
  return path;
}

TEST_F(ApiTown, EveryRouteButThePublicOnesWantsSomebody) {
  int asked = 0;
  for (const Route& route : table()) {
    if (route.access == Access::anyone) continue;
    const auto& router = route.access == Access::till ? counter : town_hall;
    const auto answer = send(router, route.method, path_of(route.pattern), "{}");
    EXPECT_EQ(answer.status, route.access == Access::till ? 403 : 401)
        << route.method << " " << route.pattern;
    ++asked;
  }
  EXPECT_GE(asked, 15);
}

TEST_F(ApiTown, AResidentIsNoOfficer) {
  const std::string resident = sign_in(town.town.resident.key), officer = sign_in(town.town.officer.key),
                    admin = sign_in(town.town.admin_a.key);
  int asked = 0;
  for (const Route& route : table()) {
    if (route.access != Access::officer) continue;
    const std::string where = route.method + " " + route.pattern;
    const auto status = [&](const std::string& token) {
      return at_town(route.method, path_of(route.pattern), "{}", token).status;
    };
    EXPECT_EQ(status(resident), 403) << where;
    EXPECT_NE(status(officer), 403) << where;
    EXPECT_NE(status(admin), 403) << where;
    ++asked;
  }
  EXPECT_GE(asked, 4);
}

TEST_F(ApiTown, AnOfficerIsNoAdministrator) {
  const std::string resident = sign_in(town.town.resident.key), officer = sign_in(town.town.officer.key),
                    admin = sign_in(town.town.admin_a.key);
  int asked = 0;
  for (const Route& route : table()) {
    if (route.access != Access::administrator) continue;
    const std::string where = route.method + " " + route.pattern;
    const auto status = [&](const std::string& token) {
      return at_town(route.method, path_of(route.pattern), "{}", token).status;
    };
    EXPECT_EQ(status(resident), 403) << where;
    EXPECT_EQ(status(officer), 403) << where;
    EXPECT_NE(status(admin), 403) << where;
    ++asked;
  }
  EXPECT_GE(asked, 2);
}

// What the ledger lets an officer do for residents of their scope, and nothing of the administrators'.
TEST_F(ApiTown, AnOfficerLooksAfterResidentsAndAdministersNothing) {
  const auto& who = town.town.resident;
  const test::Member& officer = town.town.officer;
  const test::Member& admin = town.town.admin_a;
  const auto send_as = [&](const test::Member& sender, book::Body command) {
    return at_town("POST", "/v1/commands", body_of(town.town.sign(std::move(command), {&sender.key})),
                   sign_in(sender.key));
  };
  const auto expect_entered = [&](book::Body command) {
    const auto answer = send_as(officer, std::move(command));
    EXPECT_EQ(answer.status, 201) << answer.body;
  };
  expect_entered(book::SetState{who.account, book::AccountState::frozen, "phone lost"});
  EXPECT_EQ(store->snapshot()->get<book::Account>({who.account})->state, book::AccountState::frozen);
  expect_entered(book::RevokeKey{who.key.public_key().id(), "phone lost"});
  expect_entered(book::SetState{who.account, book::AccountState::open, "found"});
  expect_entered(book::Move{who.account, "/lijing/04", "H9"});
  expect_entered(book::SetLevel{town.town.newcomer.account, book::Level::verified});
  expect_entered(book::SetState{town.town.sibling.account, book::AccountState::closed, "moved away"});
  const auto ticket = PrivateKey::generate(Algorithm::p256);
  const auto added = town.town.sign(
      book::AddKey{who.account, book::KeyUse::ticket, ticket.public_key().spki(), town.town.now_us + kHourUs},
      {&officer.key, &ticket});
  EXPECT_EQ(at_town("POST", "/v1/commands", body_of(added), sign_in(officer.key)).status, 201);
  const auto awarded =
      at_town("POST", "/v1/commands", body_of(town.town.award(who, 30)), sign_in(officer.key));
  EXPECT_EQ(awarded.status, 201) << awarded.body;

  EXPECT_EQ(code(send_as(officer, book::Move{who.account, "/changjia/01", "H9"})), "out_of_scope")
      << "the ledger judges the scope";
  EXPECT_EQ(code(send_as(officer, book::SetState{town.town.shop.account, book::AccountState::frozen, "no"})),
            "signer_not_allowed");
  const book::GrantRole role{who.account, book::Role::officer, "/lijing", town.town.now_us, 0};
  EXPECT_EQ(code(send_as(officer, role)), "forbidden");
  EXPECT_EQ(code(send_as(officer, book::ConfirmClock{town.town.now_us})), "forbidden");
  EXPECT_EQ(code(at_town("POST", "/v1/commands", body_of(town.town.mint(5)), sign_in(officer.key))),
            "forbidden");
  EXPECT_EQ(code(send_as(admin, role)), "needs_second_person") << "an administrator is heard";
  EXPECT_EQ(at_town("POST", "/v1/commands", body_of(town.town.mint(5)), sign_in(admin.key)).status, 201);
  const auto sale = body_of(town.town.redeem(who, 5));
  EXPECT_EQ(code(at_town("POST", "/v1/commands", sale, sign_in(admin.key))), "malformed") << "tills sell";
}

TEST_F(ApiTown, TillsRoutesAreNotAtTheTownsPortNorResidentsAtTheTills) {
  for (const Route& route : table()) {
    const std::string path = path_of(route.pattern);
    if (route.access == Access::till) {
      const int status = at_town(route.method, path, "{}").status;
      EXPECT_TRUE(status == 404 || status == 405) << route.pattern << status;
    }
    if (route.access != Access::till && route.access != Access::anyone) {
      const int status = at_till(town.town.shop, route.method, path, "{}").status;
      EXPECT_TRUE(status == 404 || status == 405) << route.pattern << status;
    }
  }
}

TEST_F(ApiTown, AnotherMethodIsNamed) {
  for (const Route& route : table()) {
    if (route.access == Access::till) continue;
    const auto answer = at_town("PATCH", path_of(route.pattern));
    EXPECT_EQ(answer.status, 405) << route.pattern;
    const bool allowed = std::any_of(answer.headers.begin(), answer.headers.end(), [&](const auto& header) {
      return header.first == "Allow" && header.second.find(route.method) != std::string::npos;
    });
    EXPECT_TRUE(allowed) << route.pattern;
  }
}

TEST_F(ApiTown, AnotherMethodIsNamedToTillsToo) {
  for (const Route& route : table()) {
    if (route.access != Access::till) continue;
    const auto answer = at_till(town.town.shop, "PATCH", path_of(route.pattern));
    EXPECT_EQ(answer.status, 405) << route.pattern;
    EXPECT_EQ(code(answer), "method_not_allowed");
  }
}

TEST_F(ApiTown, ATokenOfGarbageIsNobody) {
  for (const Route& route : table()) {
    if (route.access == Access::anyone || route.access == Access::till) continue;
    for (const char* token : {"garbage", " ", "0000000000000000000000000000000000000000000"})
      EXPECT_EQ(at_town(route.method, path_of(route.pattern), "{}", token).status, 401) << route.pattern;
  }
}

TEST_F(ApiTown, ACertificateOfAKeyThatIsNoTillOpensNothing) {
  for (const Route& route : table()) {
    if (route.access != Access::till) continue;
    const auto answer = at_till(town.town.resident, route.method, path_of(route.pattern), "{}");
    EXPECT_EQ(answer.status, 403) << route.pattern << ": a phone's key";
  }
  const test::Member nobody{{}, PrivateKey::generate(Algorithm::p256)};
  EXPECT_EQ(at_till(nobody, "GET", "/v1/till").status, 403);
  const std::string key = hash_text(town.town.shop.key.public_key().id());
  const auto till = at_town("POST", "/v1/sessions/challenge", boost::json::serialize(object{{"key", key}}));
  EXPECT_EQ(code(till), "unknown_key") << "and a till does not sign in as a person";
}

TEST_F(ApiTown, AClosedAccountIsOutAtItsNextRequest) {
  const std::string token = sign_in(town.town.resident.key);
  const book::SetState close{town.town.resident.account, book::AccountState::closed, "moved away"};
  ASSERT_TRUE(town.run(town.town.sign(close, {&town.town.officer.key})));
  EXPECT_EQ(code(at_town("GET", "/v1/me", "", token)), "account_closed");
}

TEST_F(ApiTown, SigningOutEndsTheTokenAlone) {
  const std::string one = sign_in(town.town.resident.key), other = sign_in(town.town.resident.key);
  EXPECT_EQ(at_town("DELETE", "/v1/sessions", "", one).status, 204);
  EXPECT_EQ(at_town("GET", "/v1/me", "", one).status, 401);
  EXPECT_EQ(at_town("GET", "/v1/me", "", other).status, 200);
}

TEST_F(ApiTown, AnOfficerSeesTheirOwnScopeAlone) {
  const std::string officer = sign_in(town.town.officer.key);
  const auto see = [&](book::AccountId id) {
    return at_town("GET", "/v1/residents/" + to_string(id), "", officer).status;
  };
  EXPECT_EQ(see(town.town.resident.account), 200);
  EXPECT_EQ(see(town.town.admin_a.account), 404) << "of the whole town";
  EXPECT_EQ(see(town.town.shop.account), 404) << "no resident";
  EXPECT_EQ(at_town("GET", "/v1/residents/nonsense", "", officer).status, 400);
}

// Such an entry names a whole grid: those in it see that they were verified, and not who their neighbours
// are.
TEST_F(ApiTown, ARosterOrImportIsShownToItsSignersAlone) {
  const auto& [resident, sibling, newcomer] =
      std::tie(town.town.resident, town.town.sibling, town.town.newcomer);
  const auto roster =
      town.town.sign(book::Roster{"/lijing/03", {newcomer.account}}, {&town.town.officer.key});
  book::Import import;
  const book::AccountId moved{std::uint64_t{1} << 42};
  import.rows.push_back({moved, "/lijing/03", ""});
  const auto imported = town.town.sign(import, {&town.town.admin_a.key, &town.town.admin_b.key});
  const auto key = PrivateKey::generate(Algorithm::p256);
  const auto shown = [&](const SignedLine& line, std::int64_t seq, const PrivateKey& device) {
    const std::string token = sign_in(device);
    const int by_seq = at_town("GET", "/v1/me/entries/" + std::to_string(seq), "", token).status;
    EXPECT_EQ(at_town("GET", "/v1/me/commands/" + to_string(line.id), "", token).status, by_seq);
    return by_seq;
  };
  const auto verified = town.run(roster);
  ASSERT_TRUE(verified) << to_string(verified.error());
  EXPECT_EQ(shown(roster, verified->seq, newcomer.key), 403);
  EXPECT_EQ(shown(roster, verified->seq, resident.key), 404) << "not in it";
  EXPECT_EQ(shown(roster, verified->seq, town.town.officer.key), 200);
  const auto lines =
      json(at_town("GET", "/v1/me/entries", "", sign_in(newcomer.key))).at("entries").as_array();
  EXPECT_EQ(lines.at(0).at("seq").as_int64(), verified->seq) << "but the statement says that it was";

  const auto entered = town.run(imported);
  ASSERT_TRUE(entered) << to_string(entered.error());
  const auto phone = town.town.sign(book::AddKey{moved, book::KeyUse::device, key.public_key().spki(), 0},
                                    {&town.town.officer.key, &key});
  ASSERT_TRUE(town.run(phone));
  EXPECT_EQ(shown(imported, entered->seq, key), 403);
  EXPECT_EQ(shown(imported, entered->seq, sibling.key), 404);
  EXPECT_EQ(shown(imported, entered->seq, town.town.admin_b.key), 200);
}

// Key ids of tickets stand in the log, which auditors and, in an open town, everybody reads.
TEST_F(ApiTown, ATicketNamesAShopAndNoPerson) {
  const auto& who = town.town.resident;
  const auto &shop = town.town.shop, &admin = town.town.admin_a;
  ASSERT_TRUE(town.writer->run([&](sql::Connection& sql) -> Result<void> {
    programme::put_person(sql, {who.account, "林小雨", "13800001234"}, town.clock.now_us());
    programme::put_label(sql,
                         {"shop", to_string(shop.account), "丽景粮油店", "Lijing grain and oil", "", ""});
    return ok();
  }));
  const auto told = [&](book::AccountId account, const test::Member& issuer) {
    const auto ticket = PrivateKey::generate(Algorithm::p256);
    const auto issue = town.town.sign(
        book::AddKey{account, book::KeyUse::ticket, ticket.public_key().spki(), town.town.now_us + kHourUs},
        {&issuer.key, &ticket});
    const auto issued = town.run(issue);
    EXPECT_TRUE(issued) << to_string(issued.error());
    return json(at_town("GET", "/v1/tickets/" + hash_text(ticket.public_key().id())));
  };
  const auto person = told(who.account, town.town.officer);
  EXPECT_EQ(person.at("account").as_string(), to_string(who.account));
  EXPECT_EQ(person.at("kind").as_string(), "resident");
  EXPECT_EQ(person.at("name").as_string(), "");
  EXPECT_EQ(told(shop.account, admin).at("name").as_string(), "丽景粮油店");
  EXPECT_EQ(at_town("GET", "/v1/tickets/" + hash_text(Hash{})).status, 404);
  EXPECT_EQ(at_town("GET", "/v1/tickets/" + hash_text(who.key.public_key().id())).status, 404);
}

TEST_F(ApiTown, ARevokedPhoneIsOutAtItsNextRequest) {
  const std::string token = sign_in(town.town.resident.key);
  ASSERT_EQ(at_town("GET", "/v1/me", "", token).status, 200);
  const book::RevokeKey revoke{town.town.resident.key.public_key().id(), "phone lost"};
  ASSERT_TRUE(town.run(town.town.sign(revoke, {&town.town.officer.key})));
  const auto answer = at_town("GET", "/v1/me", "", token);
  EXPECT_EQ(code(answer), "key_revoked");
}

TEST_F(ApiTown, WhatSomebodyShouldSeeToDegradesButDoesNotStop) {
  EXPECT_EQ(json(at_town("GET", "/readyz")).at("status").as_string(), "ok");
  warnings = {"a list has run out"};
  for (const auto& answer : {at_town("GET", "/readyz"), at_till(town.town.shop, "GET", "/readyz")}) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(json(answer).at("status").as_string(), "degraded");
    EXPECT_EQ(json(answer).at("warnings").as_array().at(0).as_string(), "a list has run out");
  }
  EXPECT_EQ(at_till(town.town.shop, "GET", "/v1/till").status, 200);
}

TEST_F(ApiTown, BundlesWantTheAuditorsTokenAndTilesDoNot) {
  const auto size = town.writer->head()->checkpoint.size;
  const std::string width = ".p/" + std::to_string(size);
  EXPECT_EQ(at_town("GET", "/log/checkpoint").status, 200);
  EXPECT_EQ(at_town("GET", "/log/tile/0/000" + width).status, 200);
  EXPECT_EQ(at_town("GET", "/log/tile/entries/000" + width).status, 401);
  EXPECT_EQ(at_town("GET", "/log/tile/entries/000" + width, "", "garbage").status, 401);
  EXPECT_EQ(at_town("GET", "/log/tile/entries/000" + width, "", "an auditor's token").status, 200);
  EXPECT_EQ(at_town("GET", "/log/tile/0/001").status, 404);
  EXPECT_EQ(at_town("GET", "/log/tile/0/1").status, 404);
}

TEST_F(ApiTown, TheDocumentKnowsEveryRouteAndWhoMayCallIt) {
  const auto document = boost::json::parse(openapi_document()).as_object();
  const auto& paths = document.at("paths").as_object();
  for (const Route& route : table()) {
    std::string pattern = route.pattern;
    if (const auto dots = pattern.find("..."); dots != pattern.npos) pattern.erase(dots, 3);
    const auto* path = paths.if_contains(pattern);
    ASSERT_TRUE(path) << pattern;
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    const auto* operation = path->as_object().if_contains(method);
    ASSERT_TRUE(operation) << method << pattern;
    EXPECT_EQ(operation->as_object().at("security").as_array().empty(), route.access == Access::anyone)
        << pattern;
  }
}

}  // namespace
}  // namespace dfb::routes
