// The till's one-line messages for a plain text terminal, with colours where it can show them.
// Threads: one.
#pragma once
#include <ostream>
#include <string>

#include "terminal/till/history.h"
#include "terminal/till/sale.h"
#include "terminal/words.h"

namespace dfb::terminal {

// One line without line feed for a show_ action.
std::string message(Lang lang, Do what, const Sale& sale);
// Why a sale cannot be voided, and what to do instead. REQUIRES: not `yes`.
std::string_view why_no_void(Lang lang, CanVoid can);
std::string_view kind_word(Lang lang, Kind kind);
// One line of the list of past sales.
std::string past_line(Lang lang, const Past& past);

class Screen {
 public:
  enum class Tone : std::uint8_t { plain, good, bad, care };
  Screen(std::ostream& out, Lang lang, bool colours) : out_(out), lang_(lang), colours_(colours) {}

  void show(Do what, const Sale& sale);
  void say(std::string_view zh, std::string_view en, Tone tone = Tone::plain);
  void line(std::string_view text, Tone tone = Tone::plain);
  Lang lang() const { return lang_; }

 private:
  std::ostream& out_;
  Lang lang_;
  bool colours_;
};

}  // namespace dfb::terminal
