#include "ledger/audit/progress.h"

#include <cstdio>
#include <string>

#include "ledger/audit/text_table.h"

namespace dfb::audit {
namespace {

constexpr std::int64_t kBarCells = 24;
constexpr auto kRedraw = std::chrono::milliseconds(100);

std::string clock_text(std::int64_t seconds) {
  const std::string rest = std::to_string(seconds % 60);
  return std::to_string(seconds / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace

void Progress::show(std::int64_t done, std::int64_t all) {
  const auto now = Time::now();
  if (!shown_ || all <= 0 || (drawn_ && now - last_ < kRedraw && done < all)) return;
  last_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const auto rate = static_cast<std::int64_t>(seconds > 0 ? static_cast<double>(done) / seconds : 0);
  std::string line = "\r[";
  for (std::int64_t i = 0; i < kBarCells; ++i) line += i * all < done * kBarCells ? '#' : '.';
  line += "] " + std::to_string(done * 100 / all) + " %  " + grouped(done) + " / " + grouped(all);
  line += "  " + grouped(rate) + (lang_ == Lang::zh ? " 条/秒" : " entries/s");
  if (rate > 0) line += (lang_ == Lang::zh ? "  剩余 " : "  left ") + clock_text((all - done) / rate);
  line += "\x1b[K";
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!drawn_) return;
  drawn_ = false;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
}

}  // namespace dfb::audit
