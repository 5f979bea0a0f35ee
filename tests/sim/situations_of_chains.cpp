// What a chain held that stood as a whole.
#include <algorithm>
#include <set>

#include "tests/sim/situations.h"

namespace dfb::sim {

using namespace book;

namespace {

constexpr const char* kChained[] = {"an award",  "a sale",    "a refund", "an expiry",
                                    "a hold",    "a resolve", "a record", "a cancel",
                                    "a reverse", "a state",   "a card",   "its own undoing"};

std::string kind_in_chain(const Command& command) {
  const auto& body = command.payload.body;
  if (const auto* transfer = std::get_if<Transfer>(&body)) switch (transfer->kind) {
      case TransferKind::award:
        return "an award";
      case TransferKind::redeem:
        return "a sale";
      case TransferKind::refund:
        return "a refund";
      default:
        return "an expiry";
    }
  if (std::holds_alternative<Hold>(body)) return "a hold";
  if (std::holds_alternative<Resolve>(body)) return "a resolve";
  if (std::holds_alternative<Record>(body)) return "a record";
  if (std::holds_alternative<Cancel>(body)) return "a cancel";
  if (std::holds_alternative<Reverse>(body)) return "a reverse";
  return std::holds_alternative<SetState>(body) ? "a state" : "a card";
}

// The command whose effect this one takes back.
std::optional<Uuid> undoes(const Command& command) {
  const auto& body = command.payload.body;
  if (const auto* cancel = std::get_if<Cancel>(&body)) return cancel->target;
  if (const auto* resolve = std::get_if<Resolve>(&body)) return resolve->hold;
  const auto* transfer = std::get_if<Transfer>(&body);
  if (transfer != nullptr && transfer->kind == TransferKind::refund) return transfer->sale;
  return {};
}

}  // namespace

std::vector<std::string> wanted_in_chains() {
  std::vector<std::string> names;
  for (const auto* what : kChained) names.push_back(std::string("a chain with ") + what);
  return names;
}

std::vector<std::string> situations(const std::vector<Command>& chain,
                                    const std::vector<Prediction>& answers) {
  if (std::any_of(answers.begin(), answers.end(), [](const Prediction& answer) { return !answer.outcome; }))
    return {};
  std::set<std::string> met;
  for (const auto& command : chain) {
    met.insert("a chain with " + kind_in_chain(command));
    const auto target = undoes(command);
    if (std::any_of(chain.begin(), chain.end(), [&](const Command& c) { return c.payload.id == target; }))
      met.insert("a chain with its own undoing");
  }
  return {met.begin(), met.end()};
}

}  // namespace dfb::sim
