#include "ledger/base/clock.h"

#include <gtest/gtest.h>

namespace dfb {
namespace {

TEST(Civil, DayTurnsAtMidnightInTheTown) {
  Day day = parse_day("2026-11-24").value();
  EXPECT_EQ(civil_day(day_start_us(day)), day);
  EXPECT_EQ(civil_day(day_start_us(day) - 1), day - 1);
  EXPECT_EQ(format_time(day_start_us(day)), "2026-11-24 00:00:00");
  EXPECT_EQ(day_start_us(day) % kDayUs, 16 * kHourUs);  // 16:00 UTC of the day before
}

TEST(Civil, MonthEnds) {
  auto end = [](const char* from, int months) { return format_day(month_end(parse_day(from).value(), months)); };
  EXPECT_EQ(end("2026-11-24", 0), "2026-11-30");
  EXPECT_EQ(end("2026-11-24", 3), "2027-02-28");
  EXPECT_EQ(end("2027-01-31", 13), "2028-02-29");
  EXPECT_EQ(end("2026-12-01", 12), "2027-12-31");
}

TEST(Civil, ParsesOnlyRealDays) {
  for (const char* bad : {"2026-02-29", "2026-13-01", "2026-1-01", "20261124", "2026-11-24 ", "1899-12-31", "0000-00-00"})
    EXPECT_FALSE(parse_day(bad)) << bad;
  EXPECT_TRUE(parse_day("2028-02-29"));
}

}  // namespace
}  // namespace dfb
