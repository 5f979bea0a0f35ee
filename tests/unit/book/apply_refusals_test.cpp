// Every refusal that this version can give, in the order of precedence.
#include <set>

#include "tests/unit/book/provocations.h"

namespace dfb::test {
namespace {

using namespace book;

// What is the writer's to answer.
const std::set<Code> kNotFromApply{Code::entry_too_large};

TEST(ApplyRefusals, EachIsProvokedByItsCommand) {
  for (const auto& row : provocations()) {
    SCOPED_TRACE(std::string(name(row.code)) + (row.burns ? ", burning" : ""));
    Scene scene = founded();
    auto line = row.provoke(scene);
    auto before = scene.ledger.dump();
    auto size = scene.ledger.size();
    auto answer = scene.send(line);
    if (row.burns) {
      ASSERT_TRUE(answer && answer->outcome);
      Outcome refused;
      refused.refused = row.code;
      EXPECT_EQ(*answer->outcome, refused);
      EXPECT_EQ(scene.ledger.size(), size + 1);
      auto again = scene.send(line);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->known_seq, size);
    } else {
      ASSERT_FALSE(answer) << line.payload;
      EXPECT_EQ(name(answer.error().code), name(row.code)) << answer.error().detail;
      EXPECT_EQ(scene.ledger.dump(), before);
    }
  }
}

TEST(ApplyRefusals, TheTableHasEveryRefusal) {
  std::set<Code> provoked;
  for (const auto& row : provocations()) provoked.insert(row.code);
  for (int number = 100; number < 1000; ++number) {
    auto code = static_cast<Code>(number);
    if (name(code) == name(Code::internal)) continue;  // no such number
    EXPECT_NE(provoked.count(code), kNotFromApply.count(code))
        << name(code) << " stands in neither list or in both";
  }
}

TEST(ApplyRefusals, TheTableIsInOrderOfPrecedence) {
  for (std::size_t i = 1; i < provocations().size(); ++i)
    EXPECT_LE(provocations()[i - 1].code, provocations()[i].code);
}

// A redemption with one flaw after another, the lowest number last: each hides all that came before it.
TEST(ApplyRefusals, TheLowestNumberIsReturned) {
  Scene s = founded();
  s.must(s.town.check_in(s.town.resident));
  Member at = s.town.shop;
  TimeUs extra_us = 0;
  std::int64_t code_limit = 200;
  s.later(kPayStepUs);
  auto code = s.town.pay_code(s.town.resident, code_limit);
  auto resident = s.town.resident.account;
  auto set_state = [&](AccountState state) {
    return s.town.sign(SetState{resident, state, ""}, {&s.town.officer.key});
  };
  struct Flaw {
    Code code;
    std::function<void()> add;
  };
  const std::vector<Flaw> flaws{
      {Code::insufficient_points, [] {}},
      {Code::limit_count_per_day, [&] { s.change_policy([](Policy& p) { p.limits.code_count_day = 0; }); }},
      {Code::limit_per_day, [&] { s.change_policy([](Policy& p) { p.limits.code_points_day = 100; }); }},
      {Code::limit_per_sale, [&] { s.change_policy([](Policy& p) { p.limits.code_points = 100; }); }},
      {Code::code_limit_exceeded, [&] { code = s.town.pay_code(s.town.resident, 20); }},
      {Code::code_used,
       [&] {
         auto key = *s.ledger.rows().get<KeyRow>({s.town.resident.key.public_key().id()});
         key.last_step = code.step;
         s.ledger.put(key);
       }},
      {Code::code_not_valid_now, [&] { s.later(kRedeemWindowUs); }},
      {Code::level_too_low,
       [&] { s.change_account(resident, [](Account& account) { account.level = Level::phone; }); }},
      {Code::account_frozen, [&] { s.must(set_state(AccountState::frozen)); }},
      {Code::account_closed,
       [&] { s.change_account(resident, [](Account& account) { account.state = AccountState::closed; }); }},
      {Code::signer_not_allowed, [&] { at = s.town.other_shop; }},
      {Code::key_revoked,
       [&] {
         s.must(s.town.sign(RevokeKey{s.town.resident.key.public_key().id(), "lost"}, {&s.town.officer.key}));
       }},
      {Code::not_after_too_far, [&] { extra_us = kMinuteUs; }},
  };
  for (const auto& flaw : flaws) {
    SCOPED_TRACE(name(flaw.code));
    flaw.add();
    auto line = changed(
        s, s.town.redeem(s.town.resident, 190, s.town.shop, code),
        [&](Payload& payload) { payload.not_after_us += extra_us; }, at.key);
    auto refused = s.refusal(line);
    ASSERT_TRUE(refused);
    EXPECT_EQ(name(*refused), name(flaw.code));
  }
}

}  // namespace
}  // namespace dfb::test
