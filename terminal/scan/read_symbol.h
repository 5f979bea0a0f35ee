// From the modules of a QR code to its text, with the doubt of each module.
//
// Words whose modules are least sure are tried as erasures, which cost half of an error. Reed-Solomon
// decoding always lands on *some* word when enough is corrected, so a block is taken only when its check
// words prove more than they repair: see kProofWords. zxing-cpp reads the corrected code, so there is one
// reader of modes and character sets. Threads: pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace dfb::terminal {

// How dark each module is, rows from the top: above 0 dark, below light, 1 and -1 as sure as can be.
using Ink = std::vector<float>;

// Noise passes one block's check once in 256 to this power. For small codes it is the standard's own
// reserve against wrong corrections (table 9's p), for larger ones more.
inline constexpr double kProofWords = 4;
// How many check words' worth `errors` corrections among `size` words leave as proof; `erased` words are
// known places.
double proof_words(int size, int check, int erased, int errors);

// REQUIRES: 1 <= version <= kSymbolVersionMax, ink.size() == size * size of that version.
std::optional<std::string> read_symbol(int version, const Ink& ink);

}  // namespace dfb::terminal
