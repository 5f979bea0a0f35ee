#include "tests/sim/trial.h"

#include <random>

#include "ledger/book/apply.h"
#include "tests/sim/situations.h"

namespace dfb::sim {

using namespace book;

namespace {

// The book as the writer uses it: one State for a batch, drained into the rows at its end.
class Book {
 public:
  explicit Book(test::MemoryLedger ledger) : ledger_(std::move(ledger)) { next_batch(); }

  Prediction answer(const Command& command, TimeUs now) {
    auto applied = apply(*state_, command, now);
    if (!applied) {
      state_->drop();
      return {{}, applied.error().code, {}, applied.error().detail};
    }
    if (!applied->outcome) {
      state_->drop();
      return {{}, {}, applied->known_seq};
    }
    state_->accept();
    return {*applied->outcome, {}, {}};
  }
  // As the writer does it: all of them, or as if none had come.
  std::vector<Prediction> answer_chain(const std::vector<Command>& chain, TimeUs now) {
    next_batch();
    const bool whole = chain.front().payload.linked.size() == chain.size();
    std::vector<Prediction> answers;
    for (const auto& command : chain) {
      answers.push_back(answer(command, now));
      if (!answers.back().refused) continue;
      const auto refusal = answers.back();
      answers.assign(chain.size(), Prediction{{}, Code::chain_broken, {}});
      if (whole || *refusal.refused < Code::chain_broken)
        answers.at(static_cast<std::size_t>(&command - chain.data())) = refusal;
      state_ = std::make_unique<State>(ledger_.rows());
      return answers;
    }
    if (!answers.front().known && !whole) {
      answers.assign(chain.size(), Prediction{{}, Code::chain_broken, {}});
      state_ = std::make_unique<State>(ledger_.rows());
    }
    next_batch();
    return answers;
  }
  void next_batch() {
    if (state_) state_->for_each_change([&](const auto& row) { ledger_.put(row); });
    state_ = std::make_unique<State>(ledger_.rows());
  }
  const test::MemoryLedger& ledger() const { return ledger_; }

 private:
  test::MemoryLedger ledger_;
  std::unique_ptr<State> state_;
};

std::string kind_of(const Command& command) {
  const auto& body = command.payload.body;
  if (const auto* transfer = std::get_if<Transfer>(&body)) {
    const bool card =
        transfer->kind == TransferKind::redeem && std::holds_alternative<CardProof>(transfer->proof);
    return std::string(name(transfer->kind)) + (card ? " by card" : "");
  }
  if (const auto* set = std::get_if<SetCard>(&body)) return set->open ? "issue card" : "end card";
  return "body " + std::to_string(body.index());
}

}  // namespace

std::string kind_of(const Prediction& p) {
  if (p.known) return "known";
  if (p.refused) return std::string(name(*p.refused));
  return p.outcome->refused ? "entry " + std::string(name(*p.outcome->refused)) : "entry";
}

bool same(const Prediction& a, const Prediction& b) {
  return a.outcome == b.outcome && a.refused == b.refused && a.known == b.known;
}

std::string compare_accounts(const World& world, const Rows& rows) {
  for (const auto& [id, purse] : world.accounts) {
    const auto row = rows.get<Account>({id});
    const auto who = to_string(id);
    if (!row) return who + " is not in the rows";
    if (row->balance.value != purse.balance)
      return who + " has " + std::to_string(row->balance.value) + ", not " + std::to_string(purse.balance);
    if (row->held.value != purse.held)
      return who + " holds " + std::to_string(row->held.value) + ", not " + std::to_string(purse.held);
    Lots lots;
    for (const auto& [lot, points] : purse.lots) lots.push_back({lot.first, {points}, lot.second});
    if (row->lots != lots) return who + " has other lots";
    if (row->state != purse.state || row->level != purse.level || row->scope != purse.scope ||
        row->household != purse.household)
      return who + " differs in state, level, scope or household";
  }
  for (const auto& [number, card] : world.cards) {
    const auto row = rows.get<CardRow>({number});
    if (!row || row->account != card.account || (row->open == 0) != card.ended)
      return "card " + to_string(number) + " differs in account or state";
  }
  return {};
}

std::optional<Difference> trial(const Stage& stage, const Sequence& sequence, std::uint64_t batch_seed,
                                Counts* met) {
  Model model = stage.model;
  Book book(stage.ledger);
  std::mt19937_64 random(batch_seed);
  std::vector<std::pair<Command, TimeUs>> entries;
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const auto& sent = sequence[i];
    if (random() % 6 == 0) book.next_batch();
    std::vector<Command> commands;
    for (const auto& line : sent.lines) commands.push_back(test::command_of(line));
    const bool chain = !commands.front().payload.linked.empty();
    std::vector<Prediction> expected, found;
    if (chain) {
      expected = model.answer_chain(commands, sent.at);
      if (met != nullptr)
        for (auto& name : situations(commands, expected)) ++(*met)[std::move(name)];
      found = book.answer_chain(commands, sent.at);
    } else {
      std::optional<World> before;
      if (met != nullptr) before = model.world();
      expected = {model.answer(commands.front(), sent.at)};
      if (met != nullptr)
        for (auto& name : situations(*before, commands.front(), sent.at, expected.front()))
          ++(*met)[std::move(name)];
      found = {book.answer(commands.front(), sent.at)};
    }
    for (std::size_t n = 0; n < commands.size(); ++n) {
      if (met != nullptr) ++(*met)[kind_of(commands[n]) + ": " + kind_of(expected[n])];
      if (!same(expected[n], found[n]))
        return Difference{kind_of(commands[n]) + ": " + kind_of(expected[n]) + ", not " + kind_of(found[n]),
                          "command " + std::to_string(i) + "\n  expected " + to_string(expected[n]) +
                              "\n  found    " + to_string(found[n])};
      if (!found[n].outcome) continue;
      entries.push_back({commands[n], sent.at});
      outcomes.push_back(*found[n].outcome);
    }
    if (auto problem = model.problem(); !problem.empty())
      return Difference{"model", "command " + std::to_string(i) + ", the model's balances: " + problem};
  }
  book.next_batch();
  if (auto problem = book.ledger().problem(); !problem.empty()) return Difference{"balances", problem};
  if (auto problem = compare_accounts(model.world(), book.ledger().rows()); !problem.empty())
    return Difference{"accounts", "at the end: " + problem};
  Book again(stage.ledger);
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (auto answer = again.answer(entries[i].first, entries[i].second);
        !answer.outcome || *answer.outcome != outcomes[i])
      return Difference{"replay", "entry " + std::to_string(i) + " replays to " + to_string(answer)};
  again.next_batch();
  if (again.ledger().dump() != book.ledger().dump()) return Difference{"rows", "a replay gives other rows"};
  return {};
}

Sequence shrink(Sequence sequence, const std::string& kind, const Trial& trial) {
  auto fails = [&](const Sequence& candidate) {
    auto difference = trial(candidate);
    return difference && difference->kind == kind;
  };
  for (std::size_t chunk = sequence.size() / 2 + 1; chunk >= 1; chunk /= 2) {
    for (std::size_t at = 0; at < sequence.size();) {
      Sequence fewer(sequence.begin(), sequence.begin() + std::ptrdiff_t(at));
      const auto end = std::min(sequence.size(), at + chunk);
      fewer.insert(fewer.end(), sequence.begin() + std::ptrdiff_t(end), sequence.end());
      if (fails(fewer))
        sequence = std::move(fewer);
      else
        at += chunk;
    }
  }
  return sequence;
}

std::string to_text(const Stage& stage, const Sequence& sequence) {
  std::string text;
  for (const auto& sent : sequence)
    for (const auto& line : sent.lines) {
      text += std::to_string(sent.at) + " (" + format_time(sent.at) + ")";
      for (const auto& signature : line.signatures) {
        auto name = stage.names.find(signature.key);
        text += " " + (name == stage.names.end() ? std::string("?") : name->second);
      }
      text += sent.lines.size() > 1 ? " [chain]\n  " : "\n  ";
      text += line.payload + "\n";
    }
  return text;
}

}  // namespace dfb::sim
