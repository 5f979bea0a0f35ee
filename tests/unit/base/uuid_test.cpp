#include "ledger/base/uuid.h"

#include <gtest/gtest.h>

namespace dfb {
namespace {

TEST(Uuid, SevenRoundTripsAndSortsByTime) {
  SeededRandom random(1);
  Uuid early = make_uuid(1'000'000'000'000'000, random), late = make_uuid(1'000'000'000'001'000, random);
  EXPECT_LT(early, late);
  EXPECT_EQ(parse_uuid(to_string(early)).value(), early);
}

TEST(Uuid, RefusesOtherVersionsAndSpellings) {
  EXPECT_TRUE(parse_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));  // RFC 9562 A.6
  for (const char* bad : {"017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
                          "017f22e2-79b0-7cc3-18c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398f", "",
                          "017f22e2-79b0-7cc3-98c4-dc0c0c07398g"})
    EXPECT_FALSE(parse_uuid(bad)) << bad;
}

}  // namespace
}  // namespace dfb
