#include "ledger/book/touched.h"

#include <algorithm>

#include "ledger/base/overloaded.h"

namespace dfb::book {

std::vector<AccountId> touched(const Payload& payload, const Outcome& outcome,
                               std::span<const AccountId> target) {
  std::vector<AccountId> out;
  auto add = [&](AccountId id) {
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  };
  std::visit(
      Overloaded{
          [&](const Transfer& transfer) { add(transfer.from), add(transfer.to); },
          [&](const Hold& hold) {
            add(hold.account);
            if (hold.purpose == HoldPurpose::reserve) add(hold.shop);
          },
          [&](const Resolve& resolve) { add(resolve.to); },
          [&](const Record& record) { add(record.account); },
          [&](const Open& open) { add(open.account); },
          [&](const Move& move) { add(move.account); },
          [&](const SetLevel& level) { add(level.account); },
          [&](const AddKey& key) { add(key.account); },
          [&](const SetCard& card) { add(card.account); },
          [&](const GrantRole& grant) { add(grant.account); },
          [&](const EndRole& end) { add(end.account); },
          [&](const SetState& state) { add(state.account); },
          [&](const Roster& roster) { std::for_each(roster.accounts.begin(), roster.accounts.end(), add); },
          [&](const Import& import) {
            for (const auto& row : import.rows) add(row.account);
          },
          [](const PublishPolicy&) {},
          [](const PublishTask&) {},
          [](const Genesis&) {},
          [](const RevokeKey&) {},
          [](const AddWitness&) {},
          [](const NextLogKey&) {},
          [](const EndWitness&) {},
          [](const ReplaceRoots&) {},
          [](const NextServerKey&) {},
          [](const ConfirmClock&) {},
          [](const EndOrigin&) {},
          [](const Cancel&) {},
          [](const Reverse&) {},
      },
      payload.body);
  std::for_each(target.begin(), target.end(), add);
  if (outcome.budget) add(*outcome.budget);
  if (outcome.lapsed && outcome.lapsed->value > 0) add(kExpired);
  return out;
}

}  // namespace dfb::book
