// What the terminal says, in the cashier's language and in a cashier's words: what happened, and what to do.
// Threads: pure functions.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/clock.h"
#include "ledger/base/error.h"

namespace dfb::terminal {

enum class Lang : std::uint8_t { zh, en };

std::optional<Lang> lang_from(std::string_view word);  // zh, en
// By LC_ALL, LC_MESSAGES, LANG: Chinese for zh…, else English.
Lang lang_from_environment();

// Picks one of two texts.
inline std::string_view pick(Lang lang, std::string_view zh, std::string_view en) {
  return lang == Lang::zh ? zh : en;
}

// "not enough points; ask for fewer (insufficient_points)". `detail` is added for codes that have no words of
// their own.
std::string words(Lang lang, const Error& error);

// Of a sale that stands late (till/sale.h): what that means, and what to do.
std::string_view late_words(Lang lang);
// The town's log is another one than the till has verified: what to do.
std::string_view other_history(Lang lang);

// In English: "1 sale", "2 sales".
std::string counted(std::int64_t n, std::string_view one);
std::string yuan(std::int64_t fen);  // 12.50

}  // namespace dfb::terminal
