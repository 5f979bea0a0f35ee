#include "ledger/base/clock.h"

#include <chrono>
#include <cstdio>

namespace dfb {
namespace {
using namespace std::chrono;
constexpr TimeUs kTownOffsetUs = 8 * kHourUs;
constexpr Day kFirstDay = -25'567;  // 1900-01-01
constexpr Day kLastDay = 2'932'896;  // 9999-12-31

year_month_day ymd(Day day) { return year_month_day{sys_days{days{day}}}; }

bool digits(std::string_view text) {
  for (char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

int number(std::string_view text) {
  int value = 0;
  for (char c : text) value = value * 10 + (c - '0');
  return value;
}
}  // namespace

TimeUs SystemClock::now_us() const {
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

Day civil_day(TimeUs time_us) {
  TimeUs local = time_us + kTownOffsetUs;
  TimeUs day = local / kDayUs;
  if (local % kDayUs < 0) --day;
  return static_cast<Day>(day);
}

TimeUs day_start_us(Day day) { return static_cast<TimeUs>(day) * kDayUs - kTownOffsetUs; }

std::string format_day(Day day) {
  const auto date = ymd(day);
  std::string text = std::to_string(static_cast<int>(date.year()));
  const auto two = [&](unsigned value) {
    text += '-';
    text += static_cast<char>('0' + value / 10);
    text += static_cast<char>('0' + value % 10);
  };
  two(static_cast<unsigned>(date.month()));
  two(static_cast<unsigned>(date.day()));
  return text;
}

std::string format_month(Day day) { return format_day(day).substr(0, 7); }

Result<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !digits(text.substr(0, 4)) ||
      !digits(text.substr(5, 2)) || !digits(text.substr(8, 2)))
    return fail(Code::malformed, "a day is written YYYY-MM-DD");
  year_month_day date{year{number(text.substr(0, 4))}, month{static_cast<unsigned>(number(text.substr(5, 2)))},
                      day{static_cast<unsigned>(number(text.substr(8, 2)))}};
  if (!date.ok()) return fail(Code::malformed, "no such day in the calendar");
  Day result = static_cast<Day>(sys_days{date}.time_since_epoch().count());
  if (result < kFirstDay || result > kLastDay) return fail(Code::malformed, "day outside 1900 to 9999");
  return result;
}

Day month_end(Day day, int months_later) {
  auto date = ymd(day);
  year_month target = year_month{date.year(), date.month()} + months{months_later};
  return static_cast<Day>(sys_days{target / last}.time_since_epoch().count());
}

std::string format_time(TimeUs time_us) {
  Day day = civil_day(time_us);
  TimeUs second = (time_us - day_start_us(day)) / kSecondUs;
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, " %02d:%02d:%02d", static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return format_day(day) + buffer;
}

}  // namespace dfb
