// When a till that nobody touches tells the town what waits, and asks for what is new. Threads: one.
#pragma once
#include "terminal/opened_till.h"

namespace dfb::terminal {

class Syncing {
 public:
  explicit Syncing(Till& till) : till_(till) {}
  // At most so many batches, where something waits or what is known has grown old; not before the last attempt is a
  // while ago. While the town takes what waits, one batch follows another, with a pause that leaves the town and a
  // customer room.
  void now_and_then(int most) {
    const TimeUs now_us = till_.clock.now_us();
    const bool due = till_.counter.unsynced().sales > 0 ||
                     till_.counter.town_us() - till_.counter.pins().synced_us > kPinsAgeUs;
    const TimeUs every_us = till_.counter.has_more_to_tell() ? kBatchEveryUs : kTryEveryUs;
    if (!due || (now_us - tried_us_ < every_us && now_us >= tried_us_)) return;
    till_.sync(most);
    tried_us_ = till_.clock.now_us();
  }

 private:
  static constexpr TimeUs kPinsAgeUs = 10 * kMinuteUs, kTryEveryUs = 5 * kSecondUs,
                          kBatchEveryUs = kSecondUs / 4;
  Till& till_;
  TimeUs tried_us_ = 0;
};
inline constexpr int kBatchesAtOnce = 1, kBatchesAll = 1000;

}  // namespace dfb::terminal
