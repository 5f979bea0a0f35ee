// The second rulebook: an independent model of the book, written from docs/formats.md and docs/refusals.md
// alone.
//
// It keeps everything in plain maps, asks every question that the documents ask, collects all refusals that
// apply and takes the lowest; it shares nothing with ledger/book but the values (commands, outcomes, days,
// codes). Slow and forgetful of memory by intent. Copying a Model gives a second, separate ledger. Threads:
// one.
#pragma once
#include "tests/sim/world.h"

namespace dfb::sim {

// What the ledger should answer: an entry with this outcome, or a refusal without an entry, or the first
// answer again.
struct Prediction {
  std::optional<book::Outcome> outcome;
  std::optional<Code> refused;
  std::optional<std::int64_t> known;
  std::string detail = {};  // the book's words, for people
};
std::string to_string(const Prediction& prediction);

class Model {
 public:
  explicit Model(std::string origin) { world_.origin = std::move(origin); }

  Prediction answer(const book::Command& command, TimeUs now);
  // The commands of one chain, sent together: one answer each.
  std::vector<Prediction> answer_chain(const std::vector<book::Command>& chain, TimeUs now);

  const World& world() const { return world_; }
  Amount available(AccountId resident, TimeUs now) const;
  const book::Policy* policy_at(TimeUs now) const;

  // What must hold after every entry: all balances add up to 0, a resident owns exactly their lots and what
  // is held, what is held is what open holds say, nobody is below zero but issuance and shops. Empty, or what
  // is wrong.
  std::string problem() const;

 private:
  // One command being judged. Rules add to `no`; effects happen only when nothing was added.
  struct Case {
    const book::Command& command;
    TimeUs now;
    Day today;
    const book::Policy* policy;
    std::int64_t seq;
    std::set<Code> no = {};
    book::Outcome out = {};
    std::optional<KeyId> burner = {};  // a till or device in good standing, whose refusals may burn
    bool convicts = false;             // an offline redemption that convicts the phone
    const Uuid& id() const { return command.payload.id; }
    KeyId by() const { return command.signers.front(); }
    void refuse_if(bool applies, Code code) {
      if (applies) no.insert(code);
    }
    bool fine() const { return no.empty(); }
  };

  Prediction decide(const book::Command& command, TimeUs now, bool in_chain);
  void judge_time(Case& c) const;
  void judge_body(Case& c);
  Prediction conclude(Case& c);
  bool burns(const Case& c, Code code) const;
  std::int64_t burns_left(const KeyId& key, TimeUs now) const;

  // On whom the signers act: somebody who may not be in the ledger yet. A benefit is judged for reciprocity
  // too; to the keys of their own account people sign themselves.
  struct Whom {
    AccountId account;
    std::string household;
    bool benefit = true, keys = false;
  };
  Whom act_on(AccountId account) const;

  // model_people.cpp: who signs.
  void judge_signers(Case& c) const;
  const Key* standing(Case& c, const KeyId& id) const;
  const Key* signer(Case& c, const KeyId& id, std::initializer_list<book::KeyUse> uses) const;
  bool holds(AccountId account, book::Role role, std::string_view scope, TimeUs now) const;
  bool holds_anywhere(AccountId account, book::Role role, TimeUs now) const;
  bool is_staff(AccountId account, TimeUs now) const;
  bool left_lately(const Case& c, AccountId who, const std::string& household) const;
  bool one_home(const Case& c, AccountId signer, const Whom& whom) const;
  bool one_home(const Case& c, AccountId a, AccountId b) const;
  bool reciprocal(const Case& c, AccountId signer, AccountId beneficiary) const;
  void person(Case& c, std::initializer_list<book::Role> roles, std::string_view scope) const;
  std::optional<AccountId> second_person(Case& c, std::initializer_list<book::Role> roles,
                                         std::string_view scope, const Whom* whom = nullptr) const;
  std::optional<AccountId> two_administrators(Case& c, const Whom* whom = nullptr) const;
  void enough_roots(Case& c) const;
  bool signed_by_roots(const Case& c) const;
  void not_for_oneself(Case& c, const Whom& whom) const;
  void not_for_oneself(Case& c, AccountId whom) const { not_for_oneself(c, act_on(whom)); }
  void no_reciprocity(Case& c, AccountId beneficiary) const;
  void remember_approval(Case& c, AccountId beneficiary, std::optional<AccountId> second = {});
  const Key* till(Case& c, AccountId shop) const;

  // model_lots.cpp: lots and balances.
  Purse* purse(Case& c, AccountId id, std::initializer_list<book::AccountKind> kinds);
  void move(AccountId from, AccountId to, Amount points);
  Pieces eat(AccountId resident, Amount points, Day today);
  void give_lot(AccountId resident, LotName lot, Amount points);
  void put_back(Case& c, AccountId payer, AccountId resident, Pieces pieces, bool from_the_end);
  Amount cannot_pay(const Purse& budget, Amount points) const;
  static book::Lots as_lots(const Pieces& pieces);
  static Pieces take_from_front(Pieces& pieces, Amount points);
  static Pieces take_from_back(Pieces& pieces, Amount points);

  // model_spending.cpp
  void judge_redeem(Case& c, const book::Transfer& t);
  const Key* phone(Case& c, const KeyId& id, AccountId account) const;
  void judge_code(Case& c, const book::Transfer& t, const book::CodeProof& proof);
  void judge_quote(Case& c, const book::QuoteProof& proof) const;
  SaleKind count_sale(const book::Transfer& t, Day today);
  void judge_confirmed_amount(Case& c, AccountId resident, Amount points);
  void judge_balance(Case& c, AccountId resident, Amount points);
  void judge_offline(Case& c, const book::Transfer& t, const book::OfflineProof& proof);
  void enter_sale(Case& c, const book::Transfer& t, Pieces ate, SaleKind kind);
  // model_cards.cpp
  void judge_card(Case& c, const book::SetCard& set);
  void issue_card(Case& c, const book::SetCard& set);
  void end_card(Case& c, const book::SetCard& set);
  void judge_card_proof(Case& c, const book::Transfer& t, const book::CardProof& proof) const;
  void judge_card_amount(Case& c, AccountId resident, Amount points) const;
  // model_undoing.cpp
  void judge_refund(Case& c, const book::Transfer& t);
  void judge_cancel(Case& c, const book::Cancel& cancel);
  void cancel_unseen(Case& c, const Uuid& target);
  void cancel_sale(Case& c, Sale& sale);
  void cancel_hold(Case& c, Reserved& hold);
  void judge_reverse(Case& c, const book::Reverse& reverse);
  // model_holds.cpp
  void judge_hold(Case& c, const book::Hold& hold);
  void judge_reserve(Case& c, const book::Hold& hold);
  void judge_allowance(Case& c, const book::Hold& hold);
  void judge_resolve(Case& c, const book::Resolve& resolve);
  void resolve_reserve(Case& c, const book::Resolve& resolve, Reserved& hold);
  void resolve_allowance(Case& c, const book::Resolve& resolve, Reserved& hold);
  void resolve_review(Case& c, const book::Resolve& resolve, Reserved& hold);
  void release(Case& c, Reserved& hold);
  // model_earning.cpp
  void judge_award(Case& c, const book::Transfer& t);
  void judge_record(Case& c, const book::Record& record);
  void judge_plain_record(Case& c, const book::Record& record);
  void judge_record_signer(Case& c, const book::Record& record, const book::Rule* rule);
  void judge_site(Case& c, const book::Record& record, const book::Rule& rule, const book::Task* task);
  void judge_earning(Case& c, const book::Rule& rule, AccountId resident, AccountId budget, Amount points);
  std::set<std::string> cap_names(const Case& c, const book::Rule& rule, AccountId resident,
                                  AccountId budget) const;
  std::string cap_name(const Case& c, const book::Rule& rule, const book::Cap& cap, AccountId resident,
                       AccountId budget) const;
  void pay(Case& c, AccountId budget, AccountId resident, int expiry_months, Amount points);
  // model_money.cpp
  void judge_transfer(Case& c, const book::Transfer& t);
  void judge_mint(Case& c, const book::Transfer& t);
  void judge_return(Case& c, const book::Transfer& t);
  void judge_expire(Case& c, const book::Transfer& t);
  void judge_settle(Case& c, const book::Transfer& t);
  void judge_fund(Case& c, const book::Transfer& t);
  void judge_cover(Case& c, const book::Transfer& t);
  void judge_opening(Case& c, const book::Transfer& t);
  // model_rules.cpp
  void judge_publish(Case& c, const book::PublishPolicy& publish);
  void judge_task(Case& c, const book::PublishTask& publish);
  void judge_clock(Case& c, const book::ConfirmClock& clock);
  void judge_end(Case& c, const book::EndOrigin& end);
  void judge_witness(Case& c, const book::AddWitness& witness);
  void judge_unwitness(Case& c, const book::EndWitness& end);
  void judge_log_key(Case& c, const book::NextLogKey& next);
  void judge_roots(Case& c, const book::ReplaceRoots& next);
  void judge_server_key(Case& c, const book::NextServerKey& next);
  // model_accounts.cpp
  void judge_genesis(Case& c, const book::Genesis& genesis);
  void judge_open(Case& c, const book::Open& open);
  void judge_move(Case& c, const book::Move& move);
  void judge_level(Case& c, const book::SetLevel& level);
  void judge_state(Case& c, const book::SetState& state);
  void judge_roster(Case& c, const book::Roster& roster);
  void judge_import(Case& c, const book::Import& import);
  // model_keys.cpp
  void judge_key(Case& c, const book::AddKey& add);
  void judge_revoke(Case& c, const book::RevokeKey& revoke);
  void judge_role(Case& c, const book::GrantRole& grant);
  void judge_unrole(Case& c, const book::EndRole& end);
  void brought_key(Case& c, const std::string& spki) const;
  std::int64_t live_devices(AccountId account) const;

  World world_;
};

// Whether `outer` is `inner` or above it, and an account's grid: written anew, since this is the second
// opinion.
bool scope_covers(std::string_view outer, std::string_view inner);
std::string grid_of(std::string_view scope);

}  // namespace dfb::sim
