#include "api/programme/standing.h"

#include <algorithm>

#include "api/programme/effect.h"
#include "ledger/base/check.h"
#include "ledger/book/lots.h"
#include "ledger/log/entry_text.h"

namespace dfb::programme {
namespace {

using namespace book;

constexpr std::int64_t kPage = 256;

log::EntryText entry_at(const store::View& view, std::int64_t seq) {
  const auto texts = view.entries(seq, 1);
  DFB_CHECK(texts.size() == 1);
  auto entry = log::parse_entry_text(texts.front());
  DFB_CHECK(entry.has_value());
  return *std::move(entry);
}

// What the store holds was written by the writer from parsed values; anything else is a broken store.
Effect effect_at(const store::View& view, const Account& account, std::int64_t seq) {
  const auto entry = entry_at(view, seq);
  const auto payload = parse_payload(entry.payload);
  const auto outcome = parse_outcome(entry.outcome);
  DFB_CHECK(payload.has_value() && outcome.has_value());
  return effect_of(view, account, *payload, *outcome);
}

void take_lot(Lots& lots, const Lot& gone) {
  const auto at = std::find_if(lots.begin(), lots.end(), [&](const Lot& lot) {
    return lot.day == gone.day && lot.grace == gone.grace;
  });
  DFB_CHECK(at != lots.end() && at->points >= gone.points);
  at->points.value -= gone.points.value;
  if (at->points.value == 0) lots.erase(at);
}

// One of the account's fields on the way back: once a later entry set it, the entry before that which set it
// says what it was.
template <class T>
class Field {
 public:
  explicit Field(T now) : value_(std::move(now)) {}
  void undo(const std::optional<T>& set) { sought_ |= set.has_value(); }
  void meet(const std::optional<T>& set) {
    if (sought_ && set) value_ = *set, sought_ = false;
  }
  bool sought() const { return sought_; }
  const T& value() const { return value_; }

 private:
  T value_;
  bool sought_ = false;
};

class Undoing {
 public:
  Undoing(const store::View& view, const Account& now)
      : view_(view),
        account_(now),
        state_(now.state),
        level_(now.level),
        scope_(now.scope),
        household_(now.household) {}

  Result<void> back_to(std::int64_t seq, std::int64_t entries_max) {
    std::int64_t before = view_.size(), read = 0;
    for (;;) {
      const auto page = view_.entries_of(account_.id, before, kPage);
      for (const std::int64_t one : page) {
        if (one <= seq && !sought()) return ok();
        if (++read > entries_max)
          return fail(Code::too_large,
                      "too many entries of this account came after that one; a full audit answers this");
        const Effect effect = effect_at(view_, account_, one);
        if (one <= seq) {
          meet(effect);
        } else {
          if (effect.opens) return fail(Code::not_found, "the account was not open yet");
          undo(effect);
        }
      }
      if (std::ssize(page) < kPage) break;
      before = page.back();
    }
    DFB_CHECK(!sought());
    return ok();
  }

  const Account& account() const { return account_; }  // balance, held and lots as they stood
  Standing standing() const {
    Standing then;
    then.state = state_.value();
    then.level = level_.value();
    then.scope = scope_.value();
    then.household = household_.value();
    then.balance = account_.balance;
    then.held = account_.held;
    then.lots = account_.lots;
    return then;
  }

 private:
  bool sought() const { return state_.sought() || level_.sought() || scope_.sought() || household_.sought(); }
  void undo(const Effect& effect) {
    account_.balance.value -= effect.balance;
    account_.held.value -= effect.held;
    for (const Lot& lot : effect.gained) take_lot(account_.lots, lot);
    for (const Lot& lot : effect.lost) add_lot(account_.lots, lot);
    state_.undo(effect.state), level_.undo(effect.level);
    scope_.undo(effect.scope), household_.undo(effect.household);
  }
  void meet(const Effect& effect) {
    state_.meet(effect.state), level_.meet(effect.level);
    scope_.meet(effect.scope), household_.meet(effect.household);
  }

  const store::View& view_;
  Account account_;
  Field<AccountState> state_;
  Field<Level> level_;
  Field<std::string> scope_, household_;
};

Result<Standing> stood(const store::View& view, const Account& account, std::int64_t seq, TimeUs at_us,
                       std::int64_t entries_max) {
  Undoing undoing(view, account);
  DFB_TRY_VOID(undoing.back_to(seq, entries_max));
  Standing then = undoing.standing();
  then.seq = seq;
  then.at_us = at_us;
  then.available = available(undoing.account(), civil_day(at_us));
  return then;
}

}  // namespace

Points available(const Account& account, Day today) {
  if (account.kind != AccountKind::resident) return {account.balance.value - account.held.value};
  return spendable(account.lots, today);
}

Result<Standing> standing_after(const store::View& view, const Account& account, std::int64_t seq,
                                std::int64_t entries_max) {
  if (seq < 0 || seq >= view.size()) return fail(Code::not_found, "no entry has this number yet");
  return stood(view, account, seq, entry_at(view, seq).time_us, entries_max);
}

Result<Standing> standing_at(const store::View& view, const Account& account, TimeUs at_us) {
  const std::int64_t seq = last_entry_at(view, at_us);
  if (seq < 0) return fail(Code::not_found, "the ledger had not begun yet");
  return stood(view, account, seq, at_us, kStandingEntriesMax);
}

std::int64_t last_entry_at(const store::View& view, TimeUs at_us) {
  std::int64_t first_later = view.size(), low = 0;
  while (low < first_later) {
    const std::int64_t middle = low + (first_later - low) / 2;
    if (entry_at(view, middle).time_us <= at_us) {
      low = middle + 1;
    } else {
      first_later = middle;
    }
  }
  return first_later - 1;
}

}  // namespace dfb::programme
