// Time in µs since 1970-01-01 UTC, and the civil day of the town (UTC+8, no daylight saving).
// Threads: SystemClock and ManualClock may be read from any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace dfb {

using TimeUs = std::int64_t;
inline constexpr TimeUs kSecondUs = 1'000'000;
inline constexpr TimeUs kMinuteUs = 60 * kSecondUs;
inline constexpr TimeUs kHourUs = 60 * kMinuteUs;
inline constexpr TimeUs kDayUs = 24 * kHourUs;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimeUs now_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimeUs now_us() const override;
};

// For tests and simulations: moves only when told.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeUs start_us) : now_us_(start_us) {}
  TimeUs now_us() const override { return now_us_.load(); }
  void advance(TimeUs by_us) { now_us_ += by_us; }
  void set(TimeUs to_us) { now_us_ = to_us; }

 private:
  std::atomic<TimeUs> now_us_;
};

// A civil day, counted from 1970-01-01 in UTC+8. A number, so that days compare and add.
using Day = std::int32_t;

Day civil_day(TimeUs time_us);
TimeUs day_start_us(Day day);          // the first µs of that civil day
std::string format_day(Day day);       // 2026-11-24
std::string format_month(Day day);     // 2026-11
Result<Day> parse_day(std::string_view text);  // exactly YYYY-MM-DD, a real date; malformed
Day month_end(Day day, int months_later);      // last day of the month that lies `months_later` after day's
std::string format_time(TimeUs time_us);       // 2026-11-24 08:00:01 (UTC+8), for people

}  // namespace dfb
