#include "ledger/audit/figures.h"

#include <algorithm>

#include "ledger/book/codes.h"

namespace dfb::audit {
namespace {

using namespace book;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::int64_t value(const std::optional<Points>& points) { return points ? points->value : 0; }

}  // namespace

std::string operation_of(const Body& body) {
  return std::visit(
      Overloaded{
          [](const Transfer& transfer) { return "transfer " + std::string(name(transfer.kind)); },
          [](const Hold& hold) {
            return std::string(hold.purpose == HoldPurpose::reserve ? "hold reserve" : "hold allowance");
          },
          [](const Resolve& resolve) {
            return std::string(resolve.capture ? "resolve capture" : "resolve release");
          },
          [](const Record& record) { return "record " + record.kind; },
          [](const PublishPolicy&) { return std::string("policy publish"); },
          [](const PublishTask&) { return std::string("policy task"); },
          [](const Genesis&) { return std::string("authority genesis"); },
          [](const Open& open) { return "authority open " + std::string(name(open.kind)); },
          [](const Move&) { return std::string("authority move"); },
          [](const SetLevel&) { return std::string("authority level"); },
          [](const AddKey& add) { return "authority key " + std::string(name(add.use)); },
          [](const RevokeKey&) { return std::string("authority revoke"); },
          [](const GrantRole&) { return std::string("authority role"); },
          [](const EndRole&) { return std::string("authority unrole"); },
          [](const SetState&) { return std::string("authority state"); },
          [](const Roster&) { return std::string("authority roster"); },
          [](const Import&) { return std::string("authority import"); },
          [](const AddWitness&) { return std::string("authority witness"); },
          [](const NextLogKey&) { return std::string("authority log_key"); },
          [](const ConfirmClock&) { return std::string("authority clock"); },
          [](const EndOrigin&) { return std::string("authority end"); },
          [](const Cancel&) { return std::string("cancel"); },
          [](const Reverse&) { return std::string("reverse"); },
      },
      body);
}

void Figures::add(std::int64_t seq, TimeUs time_us, const Payload& payload, const Outcome& outcome,
                  State& state) {
  if (entries++ == 0)
    first_us = time_us;
  else
    add_gap(seq, time_us, state);
  last_us = time_us;
  ++operations[operation_of(payload.body)];
  if (outcome.refused) {
    ++refused;
    ++refusals[std::string(name(*outcome.refused))];
    return;
  }
  expired += value(outcome.lapsed);
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
    add_transfer(payload, *transfer, state);
  } else if (const auto* record = std::get_if<Record>(&payload.body)) {
    if (outcome.held || record->rule.empty()) return;
    add_award(record->account, record->rule, value(outcome.points), state);
    if (const auto code =
            record->site.empty() ? Result<SiteCode>(fail(Code::malformed)) : parse_site_code(record->site)) {
      Hand& hand = by_site[code->key];
      hand.awards.add(value(outcome.points));
      if (const auto* key = state.find<KeyRow>({code->key})) hand.use = key->use, hand.account = key->account;
    }
  } else if (std::holds_alternative<Cancel>(payload.body) && outcome.undone) {
    cancelled.add(value(outcome.points));
  } else if (std::holds_alternative<Reverse>(payload.body)) {
    reversed.add(value(outcome.points) - value(outcome.unrecovered));
  }
}

void Figures::add_transfer(const Payload& payload, const Transfer& transfer, State& state) {
  const std::int64_t points = transfer.points.value;
  switch (transfer.kind) {
    case TransferKind::mint:
    case TransferKind::opening:
      minted += points;
      break;
    case TransferKind::return_:
      returned += points;
      break;
    case TransferKind::award:
      add_award(transfer.to, transfer.rule, points, state);
      break;
    case TransferKind::redeem:
      redeemed.add(points);
      by_till[payload.by].add(points);
      shop_of_till[payload.by] = transfer.to;
      break;
    case TransferKind::refund:
      refunded.add(points);
      break;
    case TransferKind::expire:
      expired += points;
      break;
    case TransferKind::settle:
      settled.add(points);
      break;
    case TransferKind::fund:
    case TransferKind::cover:
      break;
  }
}

void Figures::add_award(AccountId account, const std::string& rule, std::int64_t points, State& state) {
  awarded.add(points);
  by_rule[rule].add(points);
  const auto* row = state.find<Account>({account});
  if (row) by_enroller[row->enroller].awards.add(points);
}

void Figures::add_gap(std::int64_t seq, TimeUs time_us, State& state) {
  const Policy* policy = state.policy_at(time_us);
  const std::int64_t hours = policy ? policy->limits.idle_gap_hours : kPlainGapHours;
  if (time_us - last_us <= hours * kHourUs) return;
  gaps.push_back({seq, last_us, time_us});
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const Gap& a, const Gap& b) { return a.to_us - a.from_us > b.to_us - b.from_us; });
  if (gaps.size() > kGapsKept) gaps.pop_back();
}

void Figures::close(const MemoryRows& rows) {
  for (const auto& [key, account] : rows.all<Account>()) {
    accounts[account.kind].add(account.balance.value);
    pending += account.kind == AccountKind::budget ? account.held.value : 0;
    if (account.kind != AccountKind::resident) continue;
    outstanding += account.balance.value;
    ++by_enroller[account.enroller].residents;
  }
  for (auto& [id, hand] : by_enroller)
    if (const auto row = rows.get<KeyRow>({id})) hand.use = row->use, hand.account = row->account;
}

}  // namespace dfb::audit
