// Every refusal that apply() can give, each with a command that provokes exactly it.
#pragma once
#include <functional>
#include <vector>

#include "tests/unit/book/scene.h"

namespace dfb::test {

struct Provocation {
  Code code;
  bool burns;  // by an entry
  std::function<SignedLine(Scene&)> provoke;
};

// In the order of precedence.
const std::vector<Provocation>& provocations();

// The same payload with a change in it, signed anew.
SignedLine changed(Scene& scene, const SignedLine& line, const std::function<void(book::Payload&)>& change,
                   const PrivateKey& key);

}  // namespace dfb::test
