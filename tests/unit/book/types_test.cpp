#include "ledger/book/types.h"

#include <gtest/gtest.h>

#include <limits>

namespace dfb::book {
namespace {

TEST(BookTypes, AccountsAreThirteenCharacters) {
  EXPECT_EQ(to_string(kIssuance), "0000000000001");
  EXPECT_EQ(to_string(kOfflineLoss), "0000000000004");
  EXPECT_EQ(to_string(AccountId{~std::uint64_t{0}}), "FZZZZZZZZZZZZ");
  for (auto text : {"0000000000002", "7ZK3M8Q2R5T1V", "FZZZZZZZZZZZZ"})
    EXPECT_EQ(to_string(parse_account(text).value()), text);
  for (auto text : {"", "000000000001", "00000000000001", "G000000000000", "7zk3m8q2r5t1v", "000000000000I",
                    "000000000000O", "000000000000U", "000000000000 "})
    EXPECT_EQ(parse_account(text).error().code, Code::malformed) << text;
}

TEST(BookTypes, BalancesStayWithinTheirBounds) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max(),
                 kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(add(Points{2}, Points{-5}).value(), Points{-3});
  EXPECT_EQ(subtract(Points{2}, Points{5}).value(), Points{-3});
  EXPECT_EQ(add(Points{kBalanceMax - 1}, Points{1}).value(), Points{kBalanceMax});
  EXPECT_EQ(subtract(Points{1 - kBalanceMax}, Points{1}).value(), Points{-kBalanceMax});
  for (auto [a, b] : {std::pair{kBalanceMax, std::int64_t{1}},
                      {-kBalanceMax, -1},
                      {kMost, 1},
                      {kMost, kMost},
                      {kLeast, -1},
                      {kLeast, kLeast}})
    EXPECT_EQ(add(Points{a}, Points{b}).error().code, Code::amount_too_large) << a << " + " << b;
  for (auto [a, b] : {std::pair{-kBalanceMax, std::int64_t{1}},
                      {kBalanceMax, -1},
                      {kLeast, 1},
                      {0, kLeast},
                      {kMost, kLeast}})
    EXPECT_EQ(subtract(Points{a}, Points{b}).error().code, Code::amount_too_large) << a << " - " << b;
}

TEST(BookTypes, LotsAddUpAndSortByDay) {
  EXPECT_EQ(total({}), Points{0});
  EXPECT_EQ(total({{10, Points{20}, false}, {11, Points{5}, true}}), Points{25});
  EXPECT_LT((Lot{10, Points{20}, true}), (Lot{11, Points{1}, false}));
}

template <class Enum>
void all_words(std::initializer_list<std::string_view> words) {
  int value = 0;
  for (auto word : words) {
    EXPECT_EQ(name(static_cast<Enum>(value)), word);
    Enum out{};
    ASSERT_TRUE(parse(word, out));
    EXPECT_EQ(static_cast<int>(out), value++);
  }
  Enum out{};
  for (auto wrong : {"", "None", "nothing", "open "})
    EXPECT_EQ(parse(wrong, out).error().code, Code::malformed);
}

TEST(BookTypes, EveryWordReadsBack) {
  all_words<AccountKind>({"issuance", "budget", "resident", "shop", "expired", "settled", "offline_loss"});
  all_words<AccountState>({"open", "frozen", "closed"});
  all_words<Level>({"none", "phone", "verified"});
  all_words<KeyUse>({"root", "server", "device", "site", "till", "ticket"});
  all_words<Role>({"administrator", "officer", "reviewer", "auditor"});
}

TEST(BookTypes, NamesScopesAndHouseholds) {
  std::string long_name(32, 'a');
  for (const auto& text : {std::string("a"), std::string("patrol-evening"), std::string("-9"), long_name})
    EXPECT_TRUE(is_name(text)) << text;
  for (const auto& text : {std::string(), long_name + "a", std::string("A"), std::string("a b"),
                           std::string("a_b"), std::string("a/b"), std::string("é")})
    EXPECT_FALSE(is_name(text)) << text;
  for (const auto& text : {"/", "/lijing", "/lijing/03", "/a/b/c"}) EXPECT_TRUE(is_scope(text)) << text;
  for (const auto& text : {"", "lijing", "/lijing/", "//", "//a", "/a/b/c/d", "/A", "/a b", "/a//b"})
    EXPECT_FALSE(is_scope(text)) << text;
  for (const auto& text : {"", "H7K2", "0123456789ABCDEF"}) EXPECT_TRUE(is_household(text)) << text;
  for (const auto& text : {"h7k2", "0123456789ABCDEFG", "H-1", "H 1"})
    EXPECT_FALSE(is_household(text)) << text;
}

TEST(BookTypes, AScopeCoversItselfAndWhatLiesBelow) {
  for (auto [outer, inner] : {std::pair{"/", "/"},
                              {"/", "/lijing/03/b1"},
                              {"/lijing", "/lijing"},
                              {"/lijing", "/lijing/03"},
                              {"/lijing/03", "/lijing/03/b1"}})
    EXPECT_TRUE(covers(outer, inner)) << outer << " " << inner;
  for (auto [outer, inner] : {std::pair{"/lijing", "/lijing2"},
                              {"/lijing", "/"},
                              {"/lijing/03", "/lijing"},
                              {"/lijing/03", "/lijing/04"},
                              {"", "/lijing"},
                              {"/lijing/0", "/lijing/03"}})
    EXPECT_FALSE(covers(outer, inner)) << outer << " " << inner;
}

}  // namespace
}  // namespace dfb::book
