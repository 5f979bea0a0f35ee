// Enumerators and their wire words: one table a type, in the order of the enumerators.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "ledger/base/check.h"
#include "ledger/base/result.h"

namespace dfb::book {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

template <class Enum, std::size_t N>
std::string_view word(const Words<N>& words, Enum value) {
  auto index = static_cast<std::size_t>(value);
  DFB_CHECK(index < N);
  return words[index];
}

// malformed, naming `what`, for a word that is not in the table.
template <class Enum, std::size_t N>
Result<void> parse_word(const Words<N>& words, std::string_view text, std::string_view what, Enum& out) {
  for (std::size_t i = 0; i < N; ++i)
    if (words[i] == text) {
      out = static_cast<Enum>(i);
      return ok();
    }
  return fail(Code::malformed, "no such " + std::string(what));
}

}  // namespace dfb::book
