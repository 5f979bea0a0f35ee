// Cuts the bytes of a keyboard, a pipe or a keyboard-wedge scanner into lines.
//
// Scanners end a code with CR, LF or both, as their setting has it: each counts as one end. Spaces are kept,
// since base45 has them. Threads: one.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace dfb::terminal {

class LineScanner {
 public:
  // No code or command is longer; the rest of a longer line is thrown away and the line is marked.
  static constexpr std::size_t kLineMax = 512;

  struct Line {
    std::string text;
    bool too_long = false;
  };

  void feed(std::string_view bytes);
  // What stands after the last end becomes a line too, if it is not empty.
  void end();
  std::optional<Line> next();

 private:
  void finish();
  Line open_;
  bool after_cr_ = false;
  std::deque<Line> ready_;
};

}  // namespace dfb::terminal
