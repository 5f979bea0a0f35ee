// A founded town in which anybody may try anything: what becomes of a body that these keys sign.
#pragma once
#include "tests/unit/book/scene.h"

namespace dfb::test {

class Authority : public testing::Test {
 protected:
  // What becomes of the body when these keys sign it.
  std::optional<Code> as(const book::Body& body, std::initializer_list<const PrivateKey*> keys) {
    return s_.refusal(s_.town.sign(body, keys));
  }
  // The same for a body that no payload can say: the rules do not rely on the parser.
  std::optional<Code> unspoken(const book::Body& body, std::initializer_list<const PrivateKey*> keys) {
    book::Command command;
    command.payload = {s_.town.next_id(), (*keys.begin())->public_key().id(), s_.town.now_us + 1, body, {}};
    for (const auto* key : keys) command.signers.push_back(key->public_key().id());
    auto answer = s_.ledger.apply(command, s_.town.now_us);
    return answer ? std::nullopt : std::optional(answer.error().code);
  }
  book::Open open(const Member& who, book::Level level, std::string household = "Z9",
                  std::string scope = "/lijing/03") {
    return s_.town.open_resident(who, std::move(scope), std::move(household), level);
  }
  book::AddKey add(book::AccountId account, book::KeyUse use, const PrivateKey& key, TimeUs until_us = 0) {
    return {account, use, key.public_key().spki(), until_us, use == book::KeyUse::site ? "lianxinqiao" : ""};
  }
  // An officer of /lijing made by the administrators, from a resident whom the officer opened.
  Member second_officer() {
    Member who{{book::kFirstFreeAccount + 501}, test_key("second officer")};
    EXPECT_EQ(as(open(who, book::Level::verified), {&roots_[0], &roots_[1], &who.key}), std::nullopt);
    EXPECT_EQ(as(book::GrantRole{who.account, book::Role::officer, "/lijing", s_.town.now_us, 0}, {&a_, &b_}),
              std::nullopt);
    return who;
  }

  Scene s_ = founded();
  const std::vector<PrivateKey>& roots_ = s_.town.roots;
  const PrivateKey &a_ = s_.town.admin_a.key, &b_ = s_.town.admin_b.key, &o_ = s_.town.officer.key;
  Member stranger_{{book::kFirstFreeAccount + 500}, test_key("stranger")};
  const std::optional<Code> taken_ = std::nullopt;
};

}  // namespace dfb::test
