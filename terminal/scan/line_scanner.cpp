#include "terminal/scan/line_scanner.h"

#include <utility>

namespace dfb::terminal {

void LineScanner::finish() {
  ready_.push_back(std::move(open_));
  open_ = {};
}

void LineScanner::feed(std::string_view bytes) {
  for (const char c : bytes) {
    const bool second_half = c == '\n' && after_cr_;
    after_cr_ = c == '\r';
    if (second_half) continue;
    if (c == '\r' || c == '\n')
      finish();
    else if (open_.text.size() < kLineMax)
      open_.text += c;
    else
      open_.too_long = true;
  }
}

void LineScanner::end() {
  if (!open_.text.empty()) finish();
}

std::optional<LineScanner::Line> LineScanner::next() {
  if (ready_.empty()) return std::nullopt;
  Line line = std::move(ready_.front());
  ready_.pop_front();
  return line;
}

}  // namespace dfb::terminal
