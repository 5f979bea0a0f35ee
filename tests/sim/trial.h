// One sequence, judged: the book and the model side by side, and what else must hold when it is over.
#pragma once
#include <optional>
#include <string>

#include "tests/sim/stage.h"

namespace dfb::sim {

// What went wrong, in words; empty when nothing did. `batch_seed` decides where the book's batches end.
std::optional<std::string> trial(const Stage& stage, const Sequence& sequence, std::uint64_t batch_seed);

// The same sequence without what does not matter: some failure of trial() remains.
Sequence shrink(const Stage& stage, Sequence sequence, std::uint64_t batch_seed);

// For people: a line a command, with its time and signers.
std::string to_text(const Stage& stage, const Sequence& sequence);

// What the model's accounts and the book's rows disagree about; empty for nothing.
std::string compare_accounts(const World& world, const book::Rows& rows);

}  // namespace dfb::sim
