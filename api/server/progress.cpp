#include "api/server/progress.h"

#include <unistd.h>

#include <cstdio>

namespace dfb::server {

std::string progress_text(const std::string& what, const std::string& unit, std::int64_t done,
                          std::int64_t all, double seconds) {
  std::string text = what + ": " + std::to_string(done) + " of " + std::to_string(all) + " " + unit;
  if (all > 0) text += " (" + std::to_string(done * 100 / all) + " %)";
  const auto rate = static_cast<std::int64_t>(seconds > 0 ? static_cast<double>(done) / seconds : 0);
  if (rate == 0) return text;
  const std::int64_t left = (all - done) / rate;
  const std::string rest = std::to_string(left % 60);
  return text + ", " + std::to_string(rate) + " " + unit + "/s, " + std::to_string(left / 60) + ":" +
         (rest.size() < 2 ? "0" : "") + rest + " left";
}

ProgressLine::ProgressLine(std::string what, std::string unit)
    : what_(std::move(what)), unit_(std::move(unit)), on_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (drawn_ && on_terminal_) std::fputs("\n", stderr);
}

void ProgressLine::show(std::int64_t done, std::int64_t all) {
  const auto now = Time::now();
  const auto pause = on_terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
  if (drawn_ && now - last_ < pause && done < all) return;
  last_ = now, drawn_ = true;
  const std::string text =
      progress_text(what_, unit_, done, all, std::chrono::duration<double>(now - start_).count());
  std::fputs((on_terminal_ ? "\r" + text + "\x1b[K" : text + "\n").c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace dfb::server
