// Printed cards: docs/formats.md#authority, #transfer, #limits.
#include "tests/sim/model.h"

namespace dfb::sim {

using namespace book;

void Model::judge_card(Case& c, const SetCard& set) {
  if (set.open)
    issue_card(c, set);
  else
    end_card(c, set);
}

void Model::issue_card(Case& c, const SetCard& set) {
  c.refuse_if(world_.cards.contains(set.card), Code::key_exists);
  c.refuse_if(set.card.value < kFirstFreeAccount, Code::account_exists);
  Purse* account = purse(c, set.account, {AccountKind::resident});
  if (account == nullptr) {
    const Key* by = signer(c, c.by(), {KeyUse::device});
    if (by != nullptr)
      c.refuse_if(!holds_anywhere(by->account, Role::officer, c.now), Code::signer_not_allowed);
    return;
  }
  person(c, {Role::officer}, account->scope);
  not_for_oneself(c, set.account);
  no_reciprocity(c, set.account);
  c.refuse_if(account->state == AccountState::closed, Code::account_closed);
  c.refuse_if(account->state == AccountState::frozen, Code::account_frozen);
  c.refuse_if(account->level != Level::verified, Code::level_too_low);
  if (!c.fine()) return;
  Card card;
  card.account = set.account;
  if (c.policy != nullptr && live_devices(set.account) > 0)
    card.proves_from = c.now + c.policy->limits.new_device_hours * kHourUs;
  world_.cards[set.card] = card;
  remember_approval(c, set.account);
}

void Model::end_card(Case& c, const SetCard& set) {
  const Key* by = signer(c, c.by(), {KeyUse::device});
  Purse* account = purse(c, set.account, {AccountKind::resident});
  if (by != nullptr && account != nullptr && by->account != set.account)
    person(c, {Role::officer}, account->scope);
  auto card = world_.cards.find(set.card);
  if (card == world_.cards.end() || card->second.account != set.account) {
    c.no.insert(Code::key_not_enrolled);
    return;
  }
  c.refuse_if(card->second.ended, Code::state_unchanged);
  if (c.fine()) card->second.ended = true;
}

// The card of a redemption: of this account, in force, past its waiting time, its PIN attested by the server.
void Model::judge_card_proof(Case& c, const Transfer& t, const CardProof& proof) const {
  bool attested = false;
  for (const auto& id : c.command.signers) {
    auto key = world_.keys.find(id);
    attested = attested || (key != world_.keys.end() && key->second.use == KeyUse::server);
    standing(c, id);
  }
  c.refuse_if(!attested, Code::pin_not_attested);
  auto card = world_.cards.find(proof.card);
  if (card == world_.cards.end()) {
    c.no.insert(Code::key_not_enrolled);
    return;
  }
  c.refuse_if(card->second.ended, Code::key_revoked);
  c.refuse_if(c.now < card->second.proves_from, Code::key_outside_dates);
  c.refuse_if(card->second.account != t.from, Code::signer_not_allowed);
}

void Model::judge_card_amount(Case& c, AccountId resident, Amount points) const {
  DayOfSpending spent;
  if (auto it = world_.spending.find({resident, c.today}); it != world_.spending.end()) spent = it->second;
  const auto& limits = c.policy->limits;
  c.refuse_if(points > limits.card_points, Code::limit_per_sale);
  c.refuse_if(spent.card_points + points > limits.card_points_day, Code::limit_per_day);
  c.refuse_if(spent.card_count + 1 > limits.card_count_day, Code::limit_count_per_day);
}

}  // namespace dfb::sim
