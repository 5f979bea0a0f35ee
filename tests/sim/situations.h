// What the workload has to bring about. A rule that no sequence meets is a rule on which book and model may
// differ unseen, so the suite counts these and fails where one of them never came.
#pragma once
#include "tests/sim/model.h"

namespace dfb::sim {

// Every name that either situations() may give.
const std::vector<std::string>& wanted_situations();
std::vector<std::string> wanted_in_chains();  // those of the second

// Those that this command, answered so, is an example of. `world` is the model's, before the answer.
std::vector<std::string> situations(const World& world, const book::Command& command, TimeUs now,
                                    const Prediction& answer);

// The same for the commands of one chain.
std::vector<std::string> situations(const std::vector<book::Command>& chain,
                                    const std::vector<Prediction>& answers);

}  // namespace dfb::sim
