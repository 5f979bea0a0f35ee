// The check words of QR codes: a Reed-Solomon code over GF(256), polynomial 0x11D, first root 1 (ISO/IEC
// 18004, 7.5.2).
//
// Corrects wrong bytes at unknown places (errors) and doubtful ones at known places (erasures), where one
// error costs two check words and one erasure one. Threads: pure.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dfb::terminal {

// Corrects `block`, data words and then `check_count` check words, in place, and answers how many errors were
// found outside of `erased` (places in the block, each once). Nothing, and the block unchanged, when no word
// of the code is near enough. REQUIRES: check_count < block.size() <= 255, erased.size() <= check_count.
std::optional<int> correct(std::span<std::uint8_t> block, int check_count, std::span<const int> erased);

// The check words of `data`.
std::vector<std::uint8_t> check_words(std::span<const std::uint8_t> data, int check_count);

}  // namespace dfb::terminal
