// Keys that change under a server at work: what the root keys send, and which key the server signs with then.
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using namespace book;

class Roots : public ApiTown {
 protected:
  http::Response send_roots(const Body& body, std::initializer_list<const PrivateKey*> keys) {
    return at_town("POST", "/v1/root-commands", body_of(people.sign(body, keys)));
  }
  std::string server_now() {
    return std::string(json(at_town("GET", "/v1/town")).at("server_key").as_string());
  }
  static std::string id(const PrivateKey& key) { return hash_text(key.public_key().id()); }
  http::Response enrol(std::uint64_t n, const PrivateKey& server) {
    const test::Member who{{kFirstFreeAccount + 600 + n}, test::test_key("walker " + std::to_string(n))};
    auto line = people.sign(people.open_resident(who, "/lijing/03", "", Level::phone), {&server, &who.key});
    line.signatures.erase(line.signatures.begin());
    return at_town("POST", "/v1/enrolments", body_of(line, {{"name", "王五"}, {"phone", ""}}));
  }
  void wait(TimeUs us) {
    town.clock.advance(us);
    people.now_us += us;
  }

  test::Town& people = town.town;
  const PrivateKey &r0 = people.roots[0], &r1 = people.roots[1], &r2 = people.roots[2];
};

TEST_F(Roots, NeedNoSessionAndNobodyElseGetsIn) {
  const PrivateKey fresh = test::test_key("new root");
  ReplaceRoots next{2, {}};
  for (const PrivateKey& key : {r0, r1, fresh}) next.roots.push_back(key.public_key().spki());
  EXPECT_EQ(code(send_roots(next, {&r0, &fresh})), "too_few_roots");
  EXPECT_EQ(code(send_roots(next, {&people.admin_a.key, &people.admin_b.key, &fresh})), "forbidden");
  EXPECT_EQ(code(send_roots(GrantRole{people.officer.account, Role::administrator, "/", people.now_us, 0},
                            {&people.admin_a.key, &people.admin_b.key})),
            "forbidden");
  EXPECT_EQ(send_roots(next, {&r0, &r1, &fresh}).status, 201);
  GrantRole grant{people.officer.account, Role::administrator, "/", people.now_us, 0};
  EXPECT_EQ(code(send_roots(grant, {&r0, &r2})), "key_revoked");
  EXPECT_EQ(send_roots(grant, {&fresh, &r1}).status, 201);
}

TEST_F(Roots, ANextServerKeyIsTakenOnlyWhereItsPrivateHalfIs) {
  const PrivateKey elsewhere = test::test_key("elsewhere");
  const auto refused = send_roots(NextServerKey{elsewhere.public_key().spki(), 0}, {&r0, &r1, &elsewhere});
  EXPECT_EQ(code(refused), "unknown_key");
  EXPECT_NE(refused.body.find("server-key"), std::string::npos);
  EXPECT_EQ(server_now(), id(people.server));
}

TEST_F(Roots, TheServerSignsWithTheKeyThatTheLedgerNamedLast) {
  EXPECT_EQ(server_now(), id(people.server)) << "the next one is here, and is nobody yet";
  EXPECT_EQ(code(enrol(1, next_server)), "unknown_key");
  ASSERT_EQ(send_roots(NextServerKey{next_server.public_key().spki(), people.now_us + kDayUs},
                       {&r0, &r1, &next_server})
                .status,
            201);
  EXPECT_EQ(server_now(), id(next_server));
  EXPECT_EQ(enrol(2, people.server).status, 201) << "a page that was open before";
  EXPECT_EQ(enrol(3, next_server).status, 201);
  wait(kDayUs);
  EXPECT_EQ(code(enrol(4, people.server)), "key_outside_dates");
}

TEST_F(Roots, WithoutAKeyInForceTheServerSaysSo) {
  const programme::ServerKeys old({people.server}), both({people.server, next_server});
  ASSERT_EQ(send_roots(NextServerKey{next_server.public_key().spki(), 0}, {&r0, &r1, &next_server}).status,
            201);
  const auto view = store->snapshot();
  EXPECT_EQ(old.newest(*view, people.now_us).error().code, Code::unknown_key);
  EXPECT_EQ(id(both.newest(*view, people.now_us).value()), id(next_server));
  EXPECT_EQ(enrol(5, next_server).status, 201);
  EXPECT_EQ(code(enrol(6, people.server)), "key_revoked");
}

}  // namespace
}  // namespace dfb::routes
