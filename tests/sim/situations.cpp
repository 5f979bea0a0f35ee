#include "tests/sim/situations.h"

#include <algorithm>

#include "ledger/book/codes.h"
#include "tests/sim/scene.h"

namespace dfb::sim {

using namespace book;

namespace {

struct Situation {
  std::string name;
  bool (*is)(const Scene& s);
};

bool revokes_own_key_by(const Scene& s, KeyUse use) {
  const auto* revoke = s.body<RevokeKey>();
  const Key* target = revoke == nullptr ? nullptr : s.key(revoke->key);
  return target != nullptr && s.by_use(use) && s.by()->account == target->account;
}

bool pays_by_phone_brought_by_one_that_waits(const Scene& s) {
  const auto* redeem = s.transfer(TransferKind::redeem);
  if (redeem == nullptr || !s.refused(Code::key_outside_dates)) return false;
  const auto* code = std::get_if<CodeProof>(&redeem->proof);
  const auto* quote = std::get_if<QuoteProof>(&redeem->proof);
  const Key* phone = code != nullptr    ? s.key(code->device)
                     : quote != nullptr ? s.key(quote->device)
                                        : nullptr;
  return phone != nullptr && !phone->brought_by_another && s.now < phone->proves_from;
}

// What came back was grace already, and its day is over.
bool grace_lapses(const Scene& s, const Sale* sale) {
  return sale != nullptr && s.lapses() &&
         std::any_of(sale->ate.begin(), sale->ate.end(), [&](const Piece& piece) {
           return piece.lot.second && piece.lot.first < civil_day(s.now);
         });
}

const std::vector<Situation>& all() {
  static const std::vector<Situation> kAll{
      {"a closed shop refunds",
       [](const Scene& s) {
         const auto* refund = s.transfer(TransferKind::refund);
         return refund != nullptr && s.closed(refund->from) && s.refused(Code::account_closed);
       }},
      {"a closed shop cancels a sale",
       [](const Scene& s) {
         const auto* cancel = s.body<Cancel>();
         if (cancel == nullptr || !s.refused(Code::account_closed)) return false;
         return s.world.sales.contains(cancel->target) && s.by_use(KeyUse::till);
       }},
      {"a closed shop burns an id",
       [](const Scene& s) {
         return s.body<Cancel>() != nullptr && s.entered() && s.answer.outcome->burnt &&
                s.by_use(KeyUse::till) && s.closed(s.by()->account);
       }},
      {"an offline code of another phone than the allowance's",
       [](const Scene& s) {
         const auto* hold = s.allowance();
         return hold != nullptr && s.offline()->device != hold->device && s.refused(Code::allowance_unknown);
       }},
      {"an offline code from before its allowance",
       [](const Scene& s) {
         const auto* hold = s.allowance();
         return hold != nullptr && s.offline()->at_us + kPayStepUs <= hold->at && s.entered();
       }},
      {"an offline code of the future",
       [](const Scene& s) {
         return s.allowance() != nullptr && s.offline()->at_us > s.now + kPayStepUs &&
                s.refused(Code::hold_expired);
       }},
      {"an offline code after all was spent",
       [](const Scene& s) {
         const auto* hold = s.allowance();
         return hold != nullptr && hold->points == 0 && s.convicts(Code::allowance_spent);
       }},
      {"an offline code over the whole allowance",
       [](const Scene& s) {
         const auto* hold = s.allowance();
         return hold != nullptr && s.body<Transfer>()->points.value > hold->allowed &&
                s.convicts(Code::allowance_spent);
       }},
      {"an offline code beyond what its till may have lost",
       [](const Scene& s) {
         const auto* hold = s.allowance();
         if (hold == nullptr || !s.answer.outcome || !s.answer.outcome->refused) return false;
         const auto sold = hold->sold.find(s.command.payload.by);
         return sold != hold->sold.end() && sold->second + s.body<Transfer>()->points.value > hold->allowed;
       }},
      {"a loss is covered in parts",
       [](const Scene& s) {
         const auto* cover = s.transfer(TransferKind::cover);
         return cover != nullptr && s.entered() &&
                cover->points.value < s.world.convictions.at(cover->sale).left;
       }},
      {"a review captured by its recorder",
       [](const Scene& s) {
         const auto* hold = s.review_captured();
         return hold != nullptr && hold->recorder != hold->resident && s.refused(Code::approver_same_person);
       }},
      {"a review captured by another than its recorder",
       [](const Scene& s) {
         const auto* hold = s.review_captured();
         return hold != nullptr && hold->recorder != hold->resident && s.entered();
       }},
      {"a key revoked by a ticket",
       [](const Scene& s) {
         return revokes_own_key_by(s, KeyUse::ticket) && s.refused(Code::key_wrong_use);
       }},
      {"a key revoked by a site key",
       [](const Scene& s) { return revokes_own_key_by(s, KeyUse::site) && s.refused(Code::key_wrong_use); }},
      {"a key revoked by a till of the shop",
       [](const Scene& s) { return revokes_own_key_by(s, KeyUse::till) && s.entered(); }},
      {"staff moved by two",
       [](const Scene& s) { return s.body<Move>() != nullptr && s.done_to_staff() && s.entered(); }},
      {"a state of staff set by two",
       [](const Scene& s) { return s.body<SetState>() != nullptr && s.done_to_staff() && s.entered(); }},
      {"a key of staff brought in by two",
       [](const Scene& s) { return s.body<AddKey>() != nullptr && s.done_to_staff() && s.entered(); }},
      {"a key of staff brought in by a ticket from two",
       [](const Scene& s) {
         const auto* add = s.body<AddKey>();
         return add != nullptr && s.staff(add->account) && s.by_use(KeyUse::ticket) && s.entered();
       }},
      {"a third signer makes up for the second",
       [](const Scene& s) { return s.done_to_staff() && s.signers() > 2 && s.entered(); }},
      {"staff moved, the second signer of their household",
       [](const Scene& s) { return s.body<Move>() != nullptr && s.refused_for_the_second(); }},
      {"a state of staff set, the second signer of their household",
       [](const Scene& s) { return s.body<SetState>() != nullptr && s.refused_for_the_second(); }},
      {"a key of staff, the second signer of their household",
       [](const Scene& s) { return s.body<AddKey>() != nullptr && s.refused_for_the_second(); }},
      {"an import into a signer's household",
       [](const Scene& s) { return s.body<Import>() != nullptr && s.refused(Code::own_benefit); }},
      {"a phone brought in by one that still waits",
       [](const Scene& s) {
         const auto* add = s.body<AddKey>();
         return add != nullptr && add->use == KeyUse::device && s.by() != nullptr &&
                s.by()->account == add->account && s.now < s.by()->proves_from && s.entered();
       }},
      {"a payment by a phone that one that waits brought in", pays_by_phone_brought_by_one_that_waits},
      {"an approval for somebody who just left the household",
       [](const Scene& s) {
         const auto* award = s.transfer(TransferKind::award);
         if (award == nullptr || !s.refused(Code::own_benefit) || s.by() == nullptr) return false;
         const auto& household = s.world.accounts.at(s.by()->account).household;
         return s.world.accounts.at(award->to).household != household &&
                s.world.left.contains({award->to, household});
       }},
      {"a task that bears another rule's name",
       [](const Scene& s) { return s.body<PublishTask>() != nullptr && s.refused(Code::rule_wrong_kind); }},
      {"a refund lapses a grace piece", [](const Scene& s) { return grace_lapses(s, s.refunded()); }},
      {"a cancel lapses a grace piece", [](const Scene& s) { return grace_lapses(s, s.cancelled()); }},
      {"a grace lot expires",
       [](const Scene& s) { return s.transfer(TransferKind::expire) != nullptr && s.ate(true); }},
      {"plain and grace of one day expire",
       [](const Scene& s) {
         return s.transfer(TransferKind::expire) != nullptr && s.ate(true) && s.ate(false);
       }},
      {"a sale eats plain and grace lots",
       [](const Scene& s) {
         return s.transfer(TransferKind::redeem) != nullptr && s.ate(true) && s.ate(false);
       }},
      {"a hold sets aside a grace lot",
       [](const Scene& s) { return s.body<Hold>() != nullptr && s.ate(true); }},
      {"a reservation captured in part, the rest lapses",
       [](const Scene& s) { return s.reservation(true) != nullptr && s.lapses(); }},
      {"a reservation captured while its owner is frozen",
       [](const Scene& s) {
         const auto* hold = s.reservation(true);
         return hold != nullptr && s.frozen(hold->owner) && s.entered();
       }},
      {"a reservation released while its owner is frozen",
       [](const Scene& s) {
         const auto* hold = s.reservation(false);
         return hold != nullptr && s.frozen(hold->owner) && s.entered();
       }},
      {"a resident closed", [](const Scene& s) { return s.closes(AccountKind::resident); }},
      {"a refund for a closed resident",
       [](const Scene& s) {
         return s.refunded() != nullptr && s.closed(s.refunded()->resident) && s.lapses();
       }},
      {"a cancel for a closed resident",
       [](const Scene& s) {
         return s.cancelled() != nullptr && s.closed(s.cancelled()->resident) && s.lapses();
       }},
      {"a review captured for a closed resident",
       [](const Scene& s) {
         const auto* hold = s.review_captured();
         return hold != nullptr && s.closed(hold->resident) && s.lapses();
       }},
      {"a refund below a shop's floor",
       [](const Scene& s) { return s.refunded() != nullptr && s.refused(Code::shop_below_floor); }},
      {"a cancel below a shop's floor",
       [](const Scene& s) { return s.cancelled() != nullptr && s.refused(Code::shop_below_floor); }},
      {"a budget closed", [](const Scene& s) { return s.closes(AccountKind::budget); }},
      {"an award of a closed budget reversed",
       [](const Scene& s) { return s.body<Reverse>() != nullptr && s.lapses(); }},
      {"an award over a household's cap",
       [](const Scene& s) { return s.body<Transfer>() != nullptr && s.refused(Code::cap_household); }},
      {"an award over a grid's cap",
       [](const Scene& s) { return s.body<Transfer>() != nullptr && s.refused(Code::cap_grid); }},
      {"a fact over a household's cap",
       [](const Scene& s) { return s.body<Record>() != nullptr && s.refused(Code::cap_household); }},
      {"a fact over a grid's cap",
       [](const Scene& s) { return s.body<Record>() != nullptr && s.refused(Code::cap_grid); }},
      {"an award approved by one of the first signer's home",
       [](const Scene& s) {
         return s.transfer(TransferKind::award) != nullptr && s.refused(Code::approver_same_household);
       }},
      {"a review captured by one of the recorder's home",
       [](const Scene& s) {
         return s.review_captured() != nullptr && s.refused(Code::approver_same_household);
       }},
      {"an opinion earns", [](const Scene& s) { return s.earns() && s.earns()->kind == "opinion"; }},
      {"a vote earns", [](const Scene& s) { return s.earns() && s.earns()->kind == "vote"; }},
      {"an adoption earns", [](const Scene& s) { return s.earns() && s.earns()->kind == "adoption"; }},
      {"a fact of the month stated twice",
       [](const Scene& s) {
         const auto* record = s.body<Record>();
         return record != nullptr && record->kind == "opinion" && s.refused(Code::fact_exists);
       }},
      {"a rule that nobody knows", [](const Scene& s) { return s.refused(Code::rule_unknown); }},
      {"a task that nobody knows", [](const Scene& s) { return s.refused(Code::task_unknown); }},
      {"a hold that nobody knows", [](const Scene& s) { return s.refused(Code::hold_unknown); }},
      {"one phone too many", [](const Scene& s) { return s.refused(Code::too_many_keys); }},
  };
  return kAll;
}

}  // namespace

const std::vector<std::string>& wanted_situations() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const auto& situation : all()) made.push_back(situation.name);
    for (auto& name : wanted_in_chains()) made.push_back(std::move(name));
    return made;
  }();
  return names;
}

std::vector<std::string> situations(const World& world, const Command& command, TimeUs now,
                                    const Prediction& answer) {
  std::vector<std::string> met;
  const Scene scene{world, command, now, answer};
  for (const auto& situation : all())
    if (situation.is(scene)) met.push_back(situation.name);
  return met;
}

}  // namespace dfb::sim
