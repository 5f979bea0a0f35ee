#include "tests/sim/workload.h"

#include <algorithm>

#include "ledger/crypto/hash.h"

namespace dfb::sim {

using namespace book;
using test::SignedLine;

Workload::Workload(const Stage& stage, std::uint64_t seed, Mix mix)
    : stage_(stage),
      mix_(mix),
      model_(stage.model),
      random_(seed * 2654435761u + 17),
      ids_(seed ^ 0x5eed),
      now_(test::kTownStartUs),
      calm_(seed % 2 == 0),
      closing_(seed % 6 == 0) {}

Uuid Workload::next_id() {
  if (!future_ids_.empty() && chance(20)) {
    const Uuid id = future_ids_.back();
    future_ids_.pop_back();
    return id;
  }
  return make_uuid(now_, ids_);
}

// Moments at which something changes: just before, at and just after them is where rules go wrong.
std::vector<TimeUs> Workload::deadlines() const {
  const World& world = model_.world();
  std::vector<TimeUs> times;
  const Day today = civil_day(now_);
  times.push_back(day_start_us(today + 1));
  times.push_back((now_ / kHourUs + 1) * kHourUs);
  times.push_back(day_start_us(month_end(today, 0) + 1));
  const auto* policy = model_.policy_at(now_);
  for (const auto& [id, sale] : world.sales) {
    times.push_back(sale.at + policy->limits.cancel_hours * kHourUs);
    times.push_back(sale.at + policy->limits.refund_days * kDayUs);
  }
  for (const auto& [id, hold] : world.holds) {
    if (hold.resolved || hold.kind == HoldKind::review) continue;
    times.push_back(hold.until);
    if (hold.kind == HoldKind::allowance)
      times.push_back(hold.until + policy->limits.offline_upload_days * kDayUs);
  }
  for (const auto& [id, purse] : world.accounts)
    for (const auto& [lot, points] : purse.lots) times.push_back(day_start_us(lot.first + 1));
  for (const auto& [id, key] : world.keys) times.push_back(key.proves_from), times.push_back(key.until);
  for (const auto& [number, card] : world.cards) times.push_back(card.proves_from);
  for (const auto& [version, published] : world.policies) times.push_back(published.effective);
  for (const auto& line : delayed_) times.push_back(parse_payload(line.payload).value().not_after_us);
  for (const auto& text : codes_) {
    const TimeUs start = static_cast<TimeUs>(parse_pay_code(text).value().step) * kPayStepUs;
    times.push_back(start), times.push_back(start + kRedeemWindowUs);
  }
  std::erase_if(times, [&](TimeUs time) { return time <= now_; });
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

void Workload::pass_time() {
  const auto kind = roll(100);
  if (kind < 45) return;
  if (kind < 50) now_ += 1;
  if (kind >= 50 && kind < 65) now_ += roll(10) * kSecondUs + roll(2);
  if (kind >= 65 && kind < 75) now_ += roll(90) * kMinuteUs;
  if (kind >= 75 && kind < 80) now_ += roll(calm_ ? 3 : 30) * kHourUs;
  // Half of the towns live through a few busy days, the others through months.
  if (kind < 80 || (calm_ && chance(75))) return;
  const auto times = deadlines();
  const auto near = std::min<std::int64_t>(std::int64_t(times.size()), chance(80) ? 3 : 1000);
  now_ = std::max(now_, times[static_cast<std::size_t>(roll(near))] + roll(3) - 1);
}

std::string Workload::sign_inner(const PrivateKey& key, SignedKind kind, std::string_view body) {
  if (!mix_.real_signatures) return std::string(64, '\0');
  return dfb::sign(key, kind, stage_.town.origin, body);
}

SignedLine Workload::sign(Body body, const Signers& keys) {
  TimeUs not_after = now_ + 5 * kMinuteUs;
  if (chance(3)) not_after = now_ + roll(2);
  if (chance(2)) not_after = now_ + 5 * kMinuteUs + 1;
  return sign(Payload{next_id(), {}, not_after, std::move(body), {}}, keys);
}

SignedLine Workload::sign(Payload payload, const Signers& keys) {
  payload.by = keys.front()->public_key().id();
  SignedLine line{format_payload(payload), {}, payload.id};
  for (const auto* key : keys)
    line.signatures.push_back({key->public_key().id(), sign_inner(*key, SignedKind::payload, line.payload)});
  return line;
}

void Workload::send(Sequence& out, std::vector<SignedLine> lines) {
  std::vector<Command> commands;
  for (const auto& line : lines) {
    commands.push_back(test::command_of(line));
    sent_.push_back(line);
  }
  if (commands.front().payload.linked.empty())
    model_.answer(commands.front(), now_);
  else
    model_.answer_chain(commands, now_);
  out.push_back({now_, std::move(lines)});
}

// What was sent before, once more: as it was, or with other content under the same id.
Workload::Line Workload::again() {
  if (sent_.empty()) return {};
  auto line = chance(50) ? sent_.back() : pick(sent_);
  if (chance(75)) return line;
  auto payload = parse_payload(line.payload).value();
  payload.not_after_us += 1;
  Signers keys;
  for (const auto& signature : line.signatures) {
    auto key = stage_.keys.find(signature.key);
    if (key == stage_.keys.end()) return {};
    keys.push_back(key->second);
  }
  return sign(payload, keys);
}

Workload::Line Workload::next() {
  struct Choice {
    int weight;
    bool later;
    Line (Workload::*make)();
  };
  static constexpr Choice choices[] = {
      {17, false, &Workload::record},        {10, false, &Workload::award},
      {16, false, &Workload::redeem_code},   {12, false, &Workload::redeem_quote},
      {12, false, &Workload::refund},        {10, false, &Workload::cancel},
      {8, false, &Workload::again},          {1, false, &Workload::mint},
      {2, false, &Workload::give_back},      {2, false, &Workload::publish},
      {2, false, &Workload::task},           {3, false, &Workload::add_phone},
      {3, false, &Workload::add_ticket},     {3, false, &Workload::revoke},
      {4, false, &Workload::state},          {1, false, &Workload::level},
      {1, false, &Workload::move_house},     {1, false, &Workload::role},
      {1, false, &Workload::open},           {1, false, &Workload::shift_report},
      {7, false, &Workload::issue_card},     {3, false, &Workload::end_card},
      {16, false, &Workload::redeem_card},   {10, true, &Workload::reserve},
      {6, true, &Workload::allowance},       {14, true, &Workload::resolve},
      {10, true, &Workload::redeem_offline}, {8, true, &Workload::expire},
      {3, true, &Workload::settle},          {2, true, &Workload::fund},
      {4, true, &Workload::cover},           {5, true, &Workload::reverse},
      {1, true, &Workload::clock},           {2, true, &Workload::rare},
      {4, true, &Workload::closing},         {6, false, &Workload::staff},
      {3, false, &Workload::pass_on},        {2, false, &Workload::leave_home},
      {1, false, &Workload::tills},
      {1, true, &Workload::roots},           {1, true, &Workload::server_key},
      {1, true, &Workload::witness},
  };
  if (closing_ && mix_.later && chance(30)) return closing();
  std::int64_t sum = 0;
  for (const auto& choice : choices)
    if (!choice.later || mix_.later) sum += choice.weight;
  auto at = roll(sum);
  for (const auto& choice : choices) {
    if (choice.later && !mix_.later) continue;
    at -= choice.weight;
    if (at < 0) return (this->*choice.make)();
  }
  return {};
}

Sequence Workload::make(int count) {
  Sequence out;
  while (static_cast<int>(out.size()) < count) {
    const TimeUs before = now_;
    pass_time();
    const auto* policy = model_.policy_at(now_);
    const TimeUs gap = policy->limits.idle_gap_hours * kHourUs;
    if (!mix_.later) now_ = std::min(now_, before + gap);
    if (now_ - model_.world().last_time > gap && mix_.later && chance(85))
      if (auto line = clock()) send(out, {*line});
    if (!delayed_.empty() && chance(15)) {
      send(out, {delayed_.back()});
      delayed_.pop_back();
    }
    if (mix_.later && chance(3)) {
      if (auto lines = chain(); lines.size() > 1) send(out, std::move(lines));
      continue;
    }
    if (mix_.later && chance(2)) {
      crossing(out);
      continue;
    }
    auto line = next();
    if (!line) continue;
    if (chance(4))
      delayed_.push_back(*line);
    else
      send(out, {*line});
    if (chance(3)) send(out, {*line});
  }
  return out;
}

}  // namespace dfb::sim
