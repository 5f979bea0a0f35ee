#include "ledger/audit/figures.h"

#include <algorithm>

#include "ledger/audit/legs.h"
#include "ledger/base/overloaded.h"
#include "ledger/book/codes.h"

namespace dfb::audit {
namespace {

using namespace book;

// The first two levels of a scope.
std::string grid_of(const std::string& scope) {
  const auto second = scope.find('/', 1);
  return scope.substr(0, second == scope.npos ? scope.npos : scope.find('/', second + 1));
}

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
          [](const SetCard&) { return std::string("authority card"); },
          [](const EndRole&) { return std::string("authority unrole"); },
          [](const SetState&) { return std::string("authority state"); },
          [](const Roster&) { return std::string("authority roster"); },
          [](const Import&) { return std::string("authority import"); },
          [](const AddWitness&) { return std::string("authority witness"); },
          [](const NextLogKey&) { return std::string("authority log_key"); },
          [](const EndWitness&) { return std::string("authority unwitness"); },
          [](const ReplaceRoots&) { return std::string("authority roots"); },
          [](const NextServerKey&) { return std::string("authority server_key"); },
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
  if (const std::int64_t lapsed = points_or_zero(outcome.lapsed); lapsed != 0) {
    expired += lapsed;
    by_month[format_month(civil_day(time_us))].expired += lapsed;
  }
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
    add_transfer(payload, *transfer, state);
  } else if (const auto* record = std::get_if<Record>(&payload.body)) {
    add_record(payload, *record, outcome, state);
  } else if (const auto* resolve = std::get_if<Resolve>(&payload.body)) {
    add_resolve(payload, *resolve, outcome, state);
  } else if (const auto* cancel = std::get_if<Cancel>(&payload.body)) {
    const auto* sale = outcome.undone ? state.find<SaleRow>({cancel->target}) : nullptr;
    if (!sale) return;
    cancelled.add(points_or_zero(outcome.points));
    add_back(sale->resident, sale->shop, points_or_zero(outcome.points), state);
  } else if (const auto* reverse = std::get_if<Reverse>(&payload.body)) {
    const std::int64_t points = points_or_zero(outcome.points) - points_or_zero(outcome.unrecovered);
    reversed.add(points);
    if (const auto* award = state.find<AwardRow>({reverse->entry}))
      add_flow(award->resident, &Flow::back, points, state);
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
      add_award(transfer.to, transfer.rule, {}, points, state);
      break;
    case TransferKind::redeem:
      add_sale(payload.by, transfer.from, transfer.to, points,
               std::holds_alternative<QuoteProof>(transfer.proof)     ? &ShopSales::confirmed
               : std::holds_alternative<CodeProof>(transfer.proof)    ? &ShopSales::by_code
               : std::holds_alternative<OfflineProof>(transfer.proof) ? &ShopSales::offline
                                                                      : &ShopSales::unsigned_,
               state);
      break;
    case TransferKind::refund:
      refunded.add(points);
      add_back(transfer.to, transfer.from, points, state);
      break;
    case TransferKind::expire:
      expired += points;
      add_flow(transfer.from, &Flow::expired, points, state);
      break;
    case TransferKind::settle:
      settled.add(points);
      by_shop[transfer.from].settled += points;
      break;
    case TransferKind::cover:
      covered.add(points);
      break;
    case TransferKind::fund:
      break;
  }
}

void Figures::add_record(const Payload& payload, const Record& record, const Outcome& outcome, State& state) {
  if (record.rule.empty()) return;
  Reviewed reviewed{record.rule, {}};
  if (!record.site.empty())
    if (const auto code = parse_site_code(record.site)) reviewed.site = code->key;
  if (reviewed.site != KeyId{})
    meetings_.met(get_be(reviewed.site.view().substr(0, 8)), record.account, last_us);
  if (outcome.held)
    reviewed_[payload.id] = std::move(reviewed);
  else
    add_award(record.account, reviewed.rule, reviewed.site, points_or_zero(outcome.points), state);
}

void Figures::add_resolve(const Payload& payload, const Resolve& resolve, const Outcome& outcome,
                          State& state) {
  const auto* hold = state.find<HoldRow>({resolve.hold});
  if (!hold) return;
  if (hold->purpose == HoldPurpose::review) {
    const auto waited = reviewed_.extract(resolve.hold);
    if (!resolve.capture || outcome.lapsed || waited.empty()) return;
    add_award(resolve.to, waited.mapped().rule, waited.mapped().site, resolve.points.value, state);
  } else if (resolve.capture) {
    add_sale(payload.by, hold->account, resolve.to, resolve.points.value, &ShopSales::confirmed, state);
  }
}

void Figures::add_sale(const KeyId& till, AccountId resident, AccountId shop, std::int64_t points,
                       Count ShopSales::*proof, State& state) {
  redeemed.add(points);
  (by_shop[shop].*proof).add(points);
  TillSales& sales = by_till[till];
  sales.shop = shop;
  sales.sales.add(points);
  sales.offline_run = proof == &ShopSales::offline ? sales.offline_run + points : 0;
  sales.offline_run_max = std::max(sales.offline_run_max, sales.offline_run);
  add_flow(resident, &Flow::redeemed, points, state);
  meetings_.met(shop.value, resident, last_us);
}

void Figures::add_back(AccountId resident, AccountId shop, std::int64_t points, State& state) {
  by_shop[shop].back += points;
  add_flow(resident, &Flow::back, points, state);
}

void Figures::add_award(AccountId account, const std::string& rule, const KeyId& site, std::int64_t points,
                        State& state) {
  awarded.add(points);
  by_rule[rule].add(points);
  add_flow(account, &Flow::issued, points, state);
  if (const auto* row = state.find<Account>({account})) by_enroller[row->enroller].awards.add(points);
  if (site == KeyId{}) return;
  Hand& hand = by_site[site];
  hand.awards.add(points);
  if (const auto* key = state.find<KeyRow>({site})) hand.use = key->use, hand.account = key->account;
}

void Figures::add_flow(AccountId resident, std::int64_t Flow::*what, std::int64_t points, State& state) {
  by_month[format_month(civil_day(last_us))].*what += points;
  if (const auto* row = state.find<Account>({resident})) by_grid[grid_of(row->scope)].*what += points;
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

Figures Figures::closed(const CompactRows& rows) const {
  Figures closed = *this;
  closed.close(rows);
  return closed;
}

void Figures::close(const CompactRows& rows) {
  const auto owe = [&](const Lots& lots) {
    for (const Lot& lot : lots) liability[format_month(lot.day)] += lot.points.value;
  };
  rows.each<Account>([&](const Account& account) {
    accounts[account.kind].add(account.balance.value);
    pending += account.kind == AccountKind::budget ? account.held.value : 0;
    if (account.kind != AccountKind::resident) return;
    outstanding += account.balance.value;
    owe(account.lots);
    ++by_enroller[account.enroller].residents;
  });
  rows.each<HoldRow>([&](const HoldRow& hold) { owe(hold.lots); });
  for (auto& [id, hand] : by_enroller)
    if (const auto row = rows.get<KeyRow>({id})) hand.use = row->use, hand.account = row->account;
  rings = meetings_.rings([&](AccountId a, AccountId b) {
    const auto one = rows.get<Account>({a}), other = rows.get<Account>({b});
    return one && other && !one->household.empty() && one->household == other->household;
  });
  State state(rows);
  if (const Policy* policy = state.policy_at(last_us))
    advisory["offline_till_points"] = policy->limits.offline_till_points;
}

}  // namespace dfb::audit
