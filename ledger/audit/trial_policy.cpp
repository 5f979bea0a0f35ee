#include "ledger/audit/trial_policy.h"

#include <algorithm>

#include "ledger/audit/figures.h"
#include "ledger/book/apply.h"
#include "ledger/book/publish.h"

namespace dfb::audit {

using namespace book;

namespace {

bool starts_with_any(const std::string& text, std::initializer_list<const char*> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const char* prefix) { return text.starts_with(prefix); });
}
// Counters of what the tried policy limits; others, such as approvals, are history's.
bool is_counted_anew(const std::string& counter) {
  return starts_with_any(counter, {"rule ", "phone-life ", "code-", "quote-", "card-", "burns "});
}
// Those that go on from where the window found them.
bool is_carried_on(const std::string& counter) {
  return starts_with_any(counter, {"allowance ", "offline ", "offline-code ", "offline-lost "});
}

std::int64_t points_of(const Payload& payload, const Outcome& outcome) {
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) return transfer->points.value;
  if (const auto* hold = std::get_if<Hold>(&payload.body)) return hold->points.value;
  if (const auto* resolve = std::get_if<Resolve>(&payload.body))
    return resolve->capture && !outcome.lapsed ? resolve->points.value : 0;
  return outcome.points ? outcome.points->value : 0;
}

}  // namespace

// History's rows, with the tried policy as the newest and the trial's own counts.
class Trial::Rows final : public book::Rows {
 public:
  Rows(State& state, Trial& trial) : state_(state), trial_(trial) {}

#define DFB_READ(Row) \
  std::optional<book::Row> read(const book::Row::Key& key) const override { return look_up<book::Row>(key); }
  DFB_BOOK_ROWS(DFB_READ)
#undef DFB_READ

 private:
  template <class Row>
  std::optional<Row> look_up(const typename Row::Key& key) const {
    if constexpr (std::is_same_v<Row, PolicyRow>) {
      if (key.version == trial_.policy_.policy().version)
        return PolicyRow{key.version, 0, trial_.policy_.payload(), 0};
    } else if constexpr (std::is_same_v<Row, CounterRow>) {
      if (is_counted_anew(key.counter)) return trial_.rows_.get<CounterRow>(key);
      if (is_carried_on(key.counter)) return carried_on(key);
    } else if constexpr (std::is_same_v<Row, FactRow> || std::is_same_v<Row, HoldRow>) {
      if (auto own = trial_.rows_.get<Row>(key)) return own;
    } else if constexpr (std::is_same_v<Row, SaleRow>) {
      if (trial_.rows_.refused(key.id)) return std::nullopt;
    }
    const Row* row = state_.find<Row>(key);
    if (!row) return std::nullopt;
    Row copy = *row;
    if constexpr (std::is_same_v<Row, LedgerRow>) copy.policy_version = trial_.policy_.policy().version;
    if constexpr (std::is_same_v<Row, CommandRow>)
      if (const auto refused = trial_.rows_.refused(key.id))
        copy.refused = static_cast<std::int64_t>(*refused);
    // A fact of the window counts when the trial has paid for it, a hold when the trial has taken it.
    if constexpr (std::is_same_v<Row, FactRow> || std::is_same_v<Row, HoldRow>)
      if (copy.seq >= trial_.first_seq_) return std::nullopt;
    return copy;
  }

  CounterRow carried_on(const CounterRow::Key& key) const {
    if (const auto own = trial_.rows_.get<CounterRow>(key)) return *own;
    const auto* row = state_.find<CounterRow>(key);
    const CounterRow found{key.counter, row ? row->value : 0};
    trial_.rows_.put(found);
    return found;
  }

  State& state_;
  Trial& trial_;
};

Result<TrialPolicy> TrialPolicy::parse(std::string_view line) {
  DFB_TRY(Payload payload, parse_payload(line));
  auto* publish = std::get_if<PublishPolicy>(&payload.body);
  if (!publish) return fail(Code::malformed, "not the payload of a policy");
  if (const char* why = unfit(publish->policy)) return fail(Code::policy_invalid, why);
  TrialPolicy trial;
  // Whatever number it bears, it comes after all that were published.
  publish->policy.version = std::int64_t{1} << 40;
  publish->policy.from_us = 0;
  trial.policy_ = publish->policy;
  trial.payload_ = format_payload(payload);
  return trial;
}

// What an entry is counted under; nothing for what no policy decides.
std::optional<std::string> Trial::subject_of(const Body& body, State& state) const {
  if (const auto* record = std::get_if<Record>(&body))
    return record->rule.empty() ? std::nullopt : std::optional(record->rule);
  if (const auto* transfer = std::get_if<Transfer>(&body)) {
    if (transfer->kind == TransferKind::award) return transfer->rule;
    return transfer->kind == TransferKind::redeem ? std::optional(std::string()) : std::nullopt;
  }
  if (const auto* resolve = std::get_if<Resolve>(&body)) {
    if (const auto rule = rows_.review(resolve->hold)) return rule;
    const auto* hold = state.find<HoldRow>({resolve->hold});
    if (!hold || hold->purpose == HoldPurpose::review) return std::nullopt;  // of a record before the window
    return resolve->capture ? std::string() : operation_of(body);
  }
  if (std::holds_alternative<Hold>(body) || std::holds_alternative<Cancel>(body)) return operation_of(body);
  return std::nullopt;
}

// Says about this policy's periods and points what the entry said about those of its time. False where this
// policy left nothing to decide: it paid at once, or refused.
bool Trial::adapt(Body& body, TimeUs time_us, State& state) const {
  if (auto* record = std::get_if<Record>(&body))
    if (const Rule* own = policy_.policy().rule(record->rule))
      record->period = period_at(own->unique, time_us);
  auto* resolve = std::get_if<Resolve>(&body);
  if (!resolve || !rows_.review(resolve->hold)) return true;
  const auto own = rows_.get<HoldRow>({resolve->hold});
  if (!own) return false;
  const auto* was = state.find<HoldRow>({resolve->hold});
  if (resolve->capture)
    resolve->points = resolve->points == was->points ? own->points : std::min(resolve->points, own->points);
  return true;
}

// True for what gives back to counts from before the window, of which the trial has none.
bool Trial::reaches_back(const Body& body, State& state) const {
  const auto* resolve = std::get_if<Resolve>(&body);
  const auto* cancel = std::get_if<Cancel>(&body);
  if (!resolve && !cancel) return false;
  const Uuid& id = resolve ? resolve->hold : cancel->target;
  const auto* hold = state.find<HoldRow>({id});
  const auto* sale = state.find<SaleRow>({id});
  return (hold && hold->seq < first_seq_) || (sale && sale->seq < first_seq_);
}

void Trial::judge(const Command& command, TimeUs time_us, std::int64_t seq, State& state) {
  subject_.reset();
  if (time_us < from_us_) return;
  if (first_seq_ < 0) first_seq_ = seq;
  subject_ = subject_of(command.payload.body, state);
  if (!subject_) return;
  Command tried = command;
  if (!adapt(tried.payload.body, time_us, state)) return;
  const Rows rows(state, *this);
  State trial(rows);
  const auto applied = apply(trial, tried, time_us);
  if (!applied || !applied->outcome || applied->outcome->refused) {
    const Code code = !applied                                        ? applied.error().code
                      : applied->outcome && applied->outcome->refused ? *applied->outcome->refused
                                                                      : Code::internal;
    TrialFigures& figures = figures_[*subject_];
    if (!is_review(tried.payload.body)) ++figures.entries;
    ++figures.would_refuse[std::string(name(code))];
    rows_.put_refused(tried.payload.id, code);
    if (!applied) return;
  } else {
    count(tried.payload, *applied->outcome);
  }
  trial.accept();
  take(trial, reaches_back(tried.payload.body, state));
}

bool Trial::is_review(const Body& body) const {
  const auto* resolve = std::get_if<Resolve>(&body);
  return resolve && rows_.review(resolve->hold);
}

void Trial::count(const Payload& tried, const Outcome& outcome) {
  TrialFigures& figures = figures_[*subject_];
  const bool review = is_review(tried.body), record = std::holds_alternative<Record>(tried.body);
  if (review)
    --figures.would_wait;
  else
    ++figures.entries;
  if (record && outcome.held) {
    ++figures.would_wait;
    rows_.put_review(tried.id, *subject_);
    return;
  }
  if (review && !std::get<Resolve>(tried.body).capture) return;
  ++figures.would_pay;
  figures.would_points += points_of(tried, outcome);
}

// What the trial goes on with.
void Trial::take(const State& trial, bool reaches_back) {
  trial.for_each_change([&]<class Row>(const Row& row) {
    if constexpr (std::is_same_v<Row, CounterRow>) {
      if (is_carried_on(row.counter) || (is_counted_anew(row.counter) && !reaches_back)) rows_.put(row);
    } else if constexpr (std::is_same_v<Row, FactRow>) {
      rows_.put(row);
    } else if constexpr (std::is_same_v<Row, HoldRow>) {
      if (row.seq >= first_seq_) rows_.put(row);
    }
  });
}

void Trial::note(const Payload& payload, const Outcome& outcome) {
  if (!subject_ || outcome.refused) return;
  if (std::holds_alternative<Record>(payload.body) && outcome.held) {
    rows_.put_review(payload.id, *subject_);
    return;
  }
  if (is_review(payload.body) && !std::get<Resolve>(payload.body).capture) return;
  TrialFigures& figures = figures_[*subject_];
  ++figures.was_paid;
  figures.was_points += points_of(payload, outcome);
}

}  // namespace dfb::audit
