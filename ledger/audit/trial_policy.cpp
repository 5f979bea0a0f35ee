#include "ledger/audit/trial_policy.h"

#include "ledger/book/apply.h"

namespace dfb::audit {

using namespace book;

namespace {

// Counters of what the tried policy limits; others, such as approvals, are history's.
bool is_counted_anew(const std::string& counter) {
  for (const char* prefix : {"rule ", "phone-life ", "code-", "quote-", "burns "})
    if (counter.starts_with(prefix)) return true;
  return false;
}

const std::string* rule_of(const Body& body) {
  static const std::string kRedeem;
  if (const auto* record = std::get_if<Record>(&body)) return record->rule.empty() ? nullptr : &record->rule;
  const auto* transfer = std::get_if<Transfer>(&body);
  if (!transfer) return nullptr;
  if (transfer->kind == TransferKind::award) return &transfer->rule;
  return transfer->kind == TransferKind::redeem && !std::holds_alternative<OfflineProof>(transfer->proof)
             ? &kRedeem
             : nullptr;
}

std::int64_t points_of(const Payload& payload, const Outcome& outcome) {
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) return transfer->points.value;
  return outcome.points ? outcome.points->value : 0;
}

}  // namespace

// History's rows, with the tried policy as the newest and the trial's own counts.
class TrialPolicy::Rows final : public book::Rows {
 public:
  Rows(State& state, const TrialPolicy& trial) : state_(state), trial_(trial) {}

#define DFB_READ(Row) \
  std::optional<book::Row> read(const book::Row::Key& key) const override { return look_up<book::Row>(key); }
  DFB_BOOK_ROWS(DFB_READ)
#undef DFB_READ

 private:
  template <class Row>
  std::optional<Row> look_up(const typename Row::Key& key) const {
    if constexpr (std::is_same_v<Row, PolicyRow>) {
      if (key.version == trial_.policy_.version) return PolicyRow{key.version, 0, trial_.payload_, 0};
    } else if constexpr (std::is_same_v<Row, CounterRow>) {
      if (is_counted_anew(key.counter)) {
        const auto own = trial_.counters_.find(key.counter);
        return own == trial_.counters_.end() ? std::nullopt
                                             : std::optional(CounterRow{key.counter, own->second});
      }
    } else if constexpr (std::is_same_v<Row, FactRow>) {
      if (const auto own = trial_.facts_.find(key.fact); own != trial_.facts_.end())
        return FactRow{key.fact, own->second};
    }
    const Row* row = state_.find<Row>(key);
    if (!row) return std::nullopt;
    Row copy = *row;
    if constexpr (std::is_same_v<Row, LedgerRow>) copy.policy_version = trial_.policy_.version;
    // A fact of the window counts when the trial has paid for it.
    if constexpr (std::is_same_v<Row, FactRow>)
      if (copy.seq >= trial_.first_seq_) return std::nullopt;
    return copy;
  }

  State& state_;
  const TrialPolicy& trial_;
};

Result<TrialPolicy> TrialPolicy::parse(std::string_view line) {
  DFB_TRY(Payload payload, parse_payload(line));
  auto* publish = std::get_if<PublishPolicy>(&payload.body);
  if (!publish) return fail(Code::malformed, "not the payload of a policy");
  TrialPolicy trial;
  // Whatever number it bears, it comes after all that were published.
  publish->policy.version = std::int64_t{1} << 40;
  publish->policy.from_us = 0;
  trial.policy_ = publish->policy;
  trial.payload_ = format_payload(payload);
  return trial;
}

void TrialPolicy::judge(const Command& command, TimeUs time_us, std::int64_t seq, State& state) {
  const std::string* rule = rule_of(command.payload.body);
  judged_ = rule && time_us >= from_us_;
  if (time_us >= from_us_ && first_seq_ < 0) first_seq_ = seq;
  if (!judged_) return;
  Command tried = command;
  if (auto* record = std::get_if<Record>(&tried.payload.body))
    if (const Rule* own = policy_.rule(record->rule)) record->period = period_at(own->unique, time_us);
  TrialFigures& figures = figures_[*rule];
  ++figures.entries;
  const Rows rows(state, *this);
  State trial(rows);
  const auto applied = apply(trial, tried, time_us);
  if (!applied || !applied->outcome || applied->outcome->refused) {
    const Code code = !applied                                        ? applied.error().code
                      : applied->outcome && applied->outcome->refused ? *applied->outcome->refused
                                                                      : Code::internal;
    ++figures.would_refuse[std::string(name(code))];
    return;
  }
  ++figures.would_pay;
  figures.would_points += points_of(tried.payload, *applied->outcome);
  trial.accept();
  trial.for_each_change([&]<class Row>(const Row& row) {
    if constexpr (std::is_same_v<Row, CounterRow>) {
      if (is_counted_anew(row.counter)) counters_[row.counter] = row.value;
    } else if constexpr (std::is_same_v<Row, FactRow>) {
      facts_[row.fact] = row.seq;
    }
  });
}

void TrialPolicy::note(const Payload& payload, const Outcome& outcome) {
  if (!judged_ || outcome.refused) return;
  TrialFigures& figures = figures_[*rule_of(payload.body)];
  ++figures.was_paid;
  figures.was_points += points_of(payload, outcome);
}

}  // namespace dfb::audit
