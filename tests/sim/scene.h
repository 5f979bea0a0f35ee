// One command with its answer, in the world before it: what a situation is told by.
#pragma once
#include <algorithm>
#include <string>

#include "tests/sim/model.h"

namespace dfb::sim {

struct Scene {
  const World& world;
  const book::Command& command;
  TimeUs now;
  const Prediction& answer;

  template <class Body>
  const Body* body() const {
    return std::get_if<Body>(&command.payload.body);
  }
  const book::Transfer* transfer(book::TransferKind kind) const {
    const auto* transfer = body<book::Transfer>();
    return transfer != nullptr && transfer->kind == kind ? transfer : nullptr;
  }
  const book::OfflineProof* offline() const {
    const auto* redeem = transfer(book::TransferKind::redeem);
    return redeem == nullptr ? nullptr : std::get_if<book::OfflineProof>(&redeem->proof);
  }
  const Reserved* hold(const Uuid& id, HoldKind kind) const {
    auto hold = world.holds.find(id);
    return hold == world.holds.end() || hold->second.kind != kind ? nullptr : &hold->second;
  }
  const Reserved* allowance() const {
    const auto* proof = offline();
    return proof == nullptr ? nullptr : hold(proof->allowance, HoldKind::allowance);
  }
  const Reserved* review_captured() const {
    const auto* resolve = body<book::Resolve>();
    return resolve == nullptr || !resolve->capture ? nullptr : hold(resolve->hold, HoldKind::review);
  }
  const Reserved* reservation(bool capture) const {
    const auto* resolve = body<book::Resolve>();
    return resolve == nullptr || resolve->capture != capture ? nullptr : hold(resolve->hold, HoldKind::reserve);
  }
  const Sale* sale(const Uuid& id) const {
    auto sale = world.sales.find(id);
    return sale == world.sales.end() ? nullptr : &sale->second;
  }
  const Sale* refunded() const {
    const auto* refund = transfer(book::TransferKind::refund);
    return refund == nullptr ? nullptr : sale(refund->sale);
  }
  const Sale* cancelled() const {
    const auto* cancel = body<book::Cancel>();
    return cancel == nullptr ? nullptr : sale(cancel->target);
  }
  const book::Record* earns() const {
    const auto* record = body<book::Record>();
    return record != nullptr && !record->rule.empty() && entered() ? record : nullptr;
  }
  // Of the lots that the answer says were eaten.
  bool ate(bool grace) const {
    if (!entered()) return false;
    const auto& lots = answer.outcome->ate;
    return std::any_of(lots.begin(), lots.end(), [&](const book::Lot& lot) { return lot.grace == grace; });
  }
  bool lapses() const { return entered() && answer.outcome->lapsed; }
  const Key* key(const KeyId& id) const {
    auto it = world.keys.find(id);
    return it == world.keys.end() ? nullptr : &it->second;
  }
  const Key* by() const { return key(command.payload.by); }
  bool by_use(book::KeyUse use) const { return by() != nullptr && by()->use == use; }
  bool entered() const { return answer.outcome && !answer.outcome->refused; }
  bool refused(Code code) const { return answer.refused == code; }
  bool convicts(Code code) const { return answer.outcome && answer.outcome->refused == code; }
  bool in_state(book::AccountId id, book::AccountState state) const {
    auto account = world.accounts.find(id);
    return account != world.accounts.end() && account->second.state == state;
  }
  bool closed(book::AccountId id) const { return in_state(id, book::AccountState::closed); }
  bool frozen(book::AccountId id) const { return in_state(id, book::AccountState::frozen); }
  bool closes(book::AccountKind kind) const {
    const auto* set = body<book::SetState>();
    return set != nullptr && set->state == book::AccountState::closed && entered() &&
           world.accounts.at(set->account).kind == kind;
  }
  bool staff(book::AccountId id) const {
    auto roles = world.roles.find(id);
    if (roles == world.roles.end()) return false;
    return std::any_of(roles->second.begin(), roles->second.end(),
                       [&](const Grant& grant) { return grant.until == 0 || now < grant.until; });
  }
  // Signers that the ledger knows: a new key is none of them.
  std::size_t signers() const {
    const auto& all = command.signers;
    return std::size_t(
        std::count_if(all.begin(), all.end(), [&](const KeyId& id) { return key(id) != nullptr; }));
  }
  // Who is moved, whose state is set or to whom a key is given; nobody for any other command.
  book::AccountId person() const {
    if (const auto* move = body<book::Move>()) return move->account;
    if (const auto* state = body<book::SetState>()) return state->account;
    if (const auto* add = body<book::AddKey>()) return add->account;
    return {};
  }
  // A member of staff to whom this is done by people, not by the roots.
  bool done_to_staff() const { return staff(person()) && by_use(book::KeyUse::device); }
  // The household of the second signer's, or one that they left, is the person's; the first is a stranger.
  bool refused_for_the_second() const {
    return done_to_staff() && refused(Code::own_benefit) && signers() > 1 &&
           world.accounts.at(by()->account).household != world.accounts.at(person()).household;
  }
};

}  // namespace dfb::sim
