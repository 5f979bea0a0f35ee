#include "ledger/audit/progress.h"

#include <string>

#include "ledger/audit/text_table.h"

namespace dfb::audit {
namespace {

constexpr int kBarCells = 24;
constexpr auto kRedraw = std::chrono::milliseconds(100);

std::string clock_text(std::int64_t seconds) {
  const std::string rest = std::to_string(seconds % 60);
  return std::to_string(seconds / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace

void Progress::show(std::int64_t done, std::int64_t all) {
  const auto now = now_();
  if (!shown_ || all <= 0 || (drawn_ && now - last_ < kRedraw && done < all)) return;
  if (!begin_) begin_ = {done, now};
  last_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - begin_->at).count();
  const auto fresh = static_cast<double>(done - begin_->done);
  const auto rate = static_cast<std::int64_t>(seconds > 0 ? fresh / seconds : 0);
  std::string line = "\r[";
  // In floating point, since what a checkpoint says of its size is anybody's.
  const auto part_of = [&](int whole) {
    return static_cast<double>(done) * whole / static_cast<double>(all);
  };
  for (int i = 0; i < kBarCells; ++i) line += i < part_of(kBarCells) ? '#' : '.';
  line +=
      "] " + std::to_string(static_cast<int>(part_of(100))) + " %  " + grouped(done) + " / " + grouped(all);
  line += "  " + grouped(rate) + (lang_ == Lang::zh ? " 条/秒" : " entries/s");
  if (rate > 0) line += (lang_ == Lang::zh ? "  剩余 " : "  left ") + clock_text((all - done) / rate);
  line += "\x1b[K";
  std::fputs(line.c_str(), out_);
  std::fflush(out_);
}

void Progress::clear() {
  if (!drawn_) return;
  drawn_ = false;
  std::fputs("\r\x1b[K", out_);
  std::fflush(out_);
}

}  // namespace dfb::audit
