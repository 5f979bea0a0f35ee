#include "ledger/book/goods.h"

#include <set>

#include "ledger/book/types.h"

namespace dfb::book {

Result<void> check_goods(const std::vector<GoodsLine>& lines) {
  if (lines.empty() || lines.size() > kGoodsLinesMax)
    return fail(Code::malformed, "goods: 1 to 20 lines, or left out");
  std::set<std::string> seen;
  for (const auto& line : lines)
    if (!is_name(line.good) || line.count < 1 || line.count > kGoodsCountMax || !seen.insert(line.good).second)
      return fail(Code::malformed, "goods: each good once, 1 to 1,000 of it");
  return ok();
}

std::string goods_text(const std::vector<GoodsLine>& lines) {
  std::string text;
  for (const auto& line : lines) text += line.good + " " + std::to_string(line.count) + "\n";
  return text;
}

Hash goods_digest(const std::vector<GoodsLine>& lines) { return sha256(goods_text(lines)); }

}  // namespace dfb::book
