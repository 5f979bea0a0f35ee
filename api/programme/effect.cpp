#include "api/programme/effect.h"

#include "ledger/base/check.h"
#include "ledger/log/entry_text.h"

namespace dfb::programme {
namespace {

using namespace book;

std::int64_t value(const std::optional<Points>& points) { return points ? points->value : 0; }

class Reader {
 public:
  Reader(const store::View& view, const Account& account, const Outcome& outcome)
      : view_(view), account_(account), outcome_(outcome) {}

  Effect read(const Body& body) {
    if (!outcome_.refused) std::visit([this](const auto& one) { on(one); }, body);
    return std::move(effect_);
  }

 private:
  bool is(AccountId id) const { return account_.id == id; }
  bool is_resident() const { return account_.kind == AccountKind::resident; }
  std::int64_t lapsed() const { return value(outcome_.lapsed); }

  // One move of points, of which `lapsed` go to `expired` instead.
  void moved(AccountId from, AccountId to, std::int64_t points, std::int64_t lapsed) {
    if (is(from)) effect_.balance -= points;
    if (is(to)) effect_.balance += points - lapsed;
    if (is(kExpired)) effect_.balance += lapsed;
  }

  void on(const Transfer& transfer) {
    moved(transfer.from, transfer.to, transfer.points.value, lapsed());
    const bool offline =
        transfer.kind == TransferKind::redeem && std::holds_alternative<OfflineProof>(transfer.proof);
    if (is(transfer.to) && is_resident()) effect_.gained = outcome_.got;
    if (!is(transfer.from) || !is_resident()) return;
    if (offline) {
      effect_.held -= transfer.points.value;  // what it ate was set aside before
    } else {
      effect_.lost = outcome_.ate;
    }
  }

  void on(const Record& record) {
    if (!outcome_.budget) return;
    if (outcome_.held) {
      if (is(*outcome_.budget)) effect_.held += outcome_.held->value;
      return;
    }
    moved(*outcome_.budget, record.account, value(outcome_.points), lapsed());
    if (is(record.account)) effect_.gained = outcome_.got;
  }

  void on(const Hold& hold) {
    if (!is(hold.account)) return;
    effect_.held += hold.points.value;
    effect_.lost = outcome_.ate;
  }

  void on(const Resolve& resolve) {
    const auto hold = view_.get<HoldRow>({resolve.hold});
    DFB_CHECK(hold.has_value());
    if (hold->purpose == HoldPurpose::review) return on_review(resolve, *hold);
    const std::int64_t paid = resolve.capture ? resolve.points.value : 0;
    moved(hold->account, resolve.to, paid, 0);
    give_back(*hold, total(outcome_.got).value + lapsed(), paid);
  }

  // What is left of a hold returns: to the free lots, or to `expired` what came too late.
  void give_back(const HoldRow& hold, std::int64_t left, std::int64_t paid) {
    moved(hold.account, kExpired, lapsed(), 0);
    if (!is(hold.account)) return;
    effect_.held -= paid + left;
    effect_.gained = outcome_.got;
  }

  // The budget is free of all that it held; what lapses never reached the resident.
  void on_review(const Resolve& resolve, const HoldRow& hold) {
    if (is(hold.account)) effect_.held -= held_at(hold.seq);
    if (!resolve.capture) return;
    moved(hold.account, resolve.to, resolve.points.value, lapsed());
    if (is(resolve.to)) effect_.gained = outcome_.got;
  }

  // A hold's row forgets its points when it is resolved; the entry that made it does not.
  std::int64_t held_at(std::int64_t seq) const {
    const auto texts = view_.entries(seq, 1);
    DFB_CHECK(texts.size() == 1);
    const auto entry = log::parse_entry_text(texts.front());
    DFB_CHECK(entry.has_value());
    const auto outcome = parse_outcome(entry->outcome);
    DFB_CHECK(outcome.has_value() && outcome->held.has_value());
    return outcome->held->value;
  }

  void on(const Cancel& cancel) {
    if (!outcome_.undone) return;
    if (const auto hold = view_.get<HoldRow>({cancel.target}))
      return give_back(*hold, value(outcome_.points), 0);
    const auto sale = view_.get<SaleRow>({cancel.target});
    DFB_CHECK(sale.has_value());
    moved(sale->shop, sale->resident, value(outcome_.points), lapsed());
    if (is(sale->resident)) effect_.gained = outcome_.got;
  }

  void on(const Reverse& reverse) {
    const auto award = view_.get<AwardRow>({reverse.entry});
    DFB_CHECK(award.has_value());
    const std::int64_t taken = value(outcome_.points) - value(outcome_.unrecovered);
    moved(award->resident, award->budget, taken, lapsed());
    if (is(award->resident)) effect_.lost = outcome_.ate;
  }

  void on(const Open& open) {
    if (!is(open.account)) return;
    begins(open.level, open.scope, open.household);
  }
  void on(const Import& import) {
    for (const auto& row : import.rows)
      if (is(row.account)) begins(Level::verified, row.scope, row.household);
  }
  void begins(Level level, const std::string& scope, const std::string& household) {
    effect_.opens = true;
    effect_.state = AccountState::open;
    effect_.level = level;
    effect_.scope = scope;
    effect_.household = household;
  }

  void on(const Move& move) {
    if (!is(move.account)) return;
    effect_.scope = move.scope;
    effect_.household = move.household;
  }
  void on(const SetLevel& set) {
    if (is(set.account)) effect_.level = set.level;
  }
  void on(const Roster& roster) {
    for (const AccountId id : roster.accounts)
      if (is(id)) effect_.level = Level::verified;
  }
  void on(const SetState& set) {
    if (is(set.account)) effect_.state = set.state;
  }

  // Keys, roles, policy and the log's own matters move nothing.
  void on(const AddKey&) {}
  void on(const RevokeKey&) {}
  void on(const GrantRole&) {}
  void on(const EndRole&) {}
  void on(const SetCard&) {}
  void on(const PublishPolicy&) {}
  void on(const PublishTask&) {}
  void on(const Genesis&) {}
  void on(const AddWitness&) {}
  void on(const NextLogKey&) {}
  void on(const EndWitness&) {}
  void on(const ReplaceRoots&) {}
  void on(const NextServerKey&) {}
  void on(const ConfirmClock&) {}
  void on(const EndOrigin&) {}

  const store::View& view_;
  const Account& account_;
  const Outcome& outcome_;
  Effect effect_;
};

}  // namespace

Effect effect_of(const store::View& view, const Account& account, const Payload& payload,
                 const Outcome& outcome) {
  return Reader(view, account, outcome).read(payload.body);
}

}  // namespace dfb::programme
