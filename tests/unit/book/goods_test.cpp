// The list of goods that a redemption's digest is of.
#include "ledger/book/goods.h"

#include <gtest/gtest.h>

#include "ledger/base/encoding.h"

namespace dfb::book {
namespace {

TEST(Goods, TheDigestIsThatOfTheListAsItWasShown) {
  EXPECT_EQ(goods_text({}), "");
  EXPECT_EQ(hash_text(goods_digest({})), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU") << "points typed";
  EXPECT_EQ(goods_text({{"rice", 2}, {"soap", 10}}), "rice 2\nsoap 10\n");
  EXPECT_EQ(goods_digest({{"rice", 2}}), sha256("rice 2\n"));
  EXPECT_NE(goods_digest({{"rice", 2}, {"soap", 1}}), goods_digest({{"soap", 1}, {"rice", 2}}));
}

TEST(Goods, WhichListsASaleMayName) {
  std::vector<GoodsLine> full;
  for (int i = 0; i < 20; ++i) full.push_back({"g" + std::to_string(i), 1000});
  std::vector<GoodsLine> more = full;
  more.push_back({"one-more", 1});
  const std::vector<std::vector<GoodsLine>> good{{{"rice", 1}}, {{"rice", 1}, {"soap", 1000}}, full};
  const std::vector<std::vector<GoodsLine>> bad{{},
                                                more,
                                                {{"rice", 0}},
                                                {{"rice", -1}},
                                                {{"rice", 1001}},
                                                {{"", 1}},
                                                {{"Rice", 1}},
                                                {{"rice 2\nsoap", 1}},
                                                {{"rice", 1}, {"rice", 1}}};
  for (const auto& lines : good) EXPECT_TRUE(check_goods(lines)) << goods_text(lines);
  for (const auto& lines : bad) EXPECT_EQ(check_goods(lines).error().code, Code::malformed) << goods_text(lines);
}

}  // namespace
}  // namespace dfb::book
