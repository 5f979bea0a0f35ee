#include "ledger/audit/as_of.h"

#include "ledger/base/digits.h"
#include "ledger/base/encoding.h"
#include "ledger/book/lots.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kDayText = 10, kSecondText = 19;  // 2026-11-24, 2026-11-24T18:30:00

Result<std::int64_t> two_digits(std::string_view text, std::int64_t below) {
  if (text.size() != 2 || !is_digits(text)) return fail(Code::malformed, "two digits are expected");
  const std::int64_t value = (text[0] - '0') * 10 + (text[1] - '0');
  if (value >= below) return fail(Code::malformed, "there is no such time of day");
  return value;
}

// The last µs of the civil day or second.
Result<TimeUs> end_of(std::string_view text) {
  DFB_TRY(const Day day, parse_day(text.substr(0, kDayText)));
  if (text.size() == kDayText) return day_start_us(day + 1) - 1;
  if (text[kDayText] != 'T' || text[13] != ':' || text[16] != ':')
    return fail(Code::malformed, "a time is written 2026-11-24T18:30:00");
  DFB_TRY(const auto hour, two_digits(text.substr(11, 2), 24));
  DFB_TRY(const auto minute, two_digits(text.substr(14, 2), 60));
  DFB_TRY(const auto second, two_digits(text.substr(17, 2), 60));
  return day_start_us(day) + hour * kHourUs + minute * kMinuteUs + (second + 1) * kSecondUs - 1;
}

}  // namespace

Result<AsOf> AsOf::parse(std::string_view when, std::vector<book::AccountId> accounts) {
  AsOf out;
  out.accounts_ = std::move(accounts);
  if (when.find('-') == when.npos) {
    DFB_TRY(const std::int64_t seq, parse_decimal(when));
    out.asked_seq_ = seq;
    return out;
  }
  if (when.size() != kDayText && when.size() != kSecondText)
    return fail(Code::malformed, "an entry's number, a day or a time is expected");
  DFB_TRY(const TimeUs end_us, end_of(when));
  out.asked_us_ = end_us;
  return out;
}

void AsOf::take(book::State& state) {
  taken_ = true;
  for (const book::AccountId id : accounts_) {
    const auto* account = state.find<book::Account>({id});
    answers_.push_back(account ? std::optional(*account) : std::nullopt);
  }
}

Result<void> AsOf::answerable() const {
  if (asked_seq_ && seq_ != *asked_seq_)
    return fail(Code::not_found, "--as-of " + std::to_string(*asked_seq_) + ": the log ends with entry " +
                                     std::to_string(seq_));
  if (seq_ < 0) return fail(Code::not_found, "--as-of: the log had no entry yet");
  return ok();
}

std::int64_t AsOf::available(const book::Account& account) const {
  if (account.kind != book::AccountKind::resident) return account.balance.value - account.held.value;
  return book::spendable(account.lots, civil_day(at_us())).value;
}

}  // namespace dfb::audit
