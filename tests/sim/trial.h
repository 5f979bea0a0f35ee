// One sequence, judged: the book and the model side by side, and what else must hold when it is over.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "tests/sim/stage.h"

namespace dfb::sim {

struct Difference {
  std::string kind;  // the same for differences of one kind, whatever the numbers
  std::string words;
};

// What went wrong first, if anything. `batch_seed` decides where the book's batches end.
// `met`, if given, counts what was predicted ("redeem: entry", "redeem: code_used", …) and situations.h.
using Counts = std::map<std::string, std::int64_t>;
std::optional<Difference> trial(const Stage& stage, const Sequence& sequence, std::uint64_t batch_seed,
                                Counts* met = nullptr);

// The same sequence without what does not matter to a difference of that kind in that trial.
using Trial = std::function<std::optional<Difference>(const Sequence&)>;
Sequence shrink(Sequence sequence, const std::string& kind, const Trial& trial);

bool same(const Prediction& a, const Prediction& b);
std::string kind_of(const Prediction& prediction);

// For people: a line a command, with its time and signers.
std::string to_text(const Stage& stage, const Sequence& sequence);

// What the model's accounts and the book's rows disagree about; empty for nothing.
std::string compare_accounts(const World& world, const book::Rows& rows);

}  // namespace dfb::sim
