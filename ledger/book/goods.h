// The goods that a sale names, as the shop's screen showed them to the customer. A redemption's `goods` is the
// digest of this list; of no lines, which is points typed, it is that of the empty string. What a good costs is
// no matter of the ledger. Source: docs/formats.md#transfer. Threads: pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/crypto/hash.h"

namespace dfb::book {

inline constexpr std::size_t kGoodsLinesMax = 20;
inline constexpr std::int64_t kGoodsCountMax = 1000;

struct GoodsLine {
  std::string good;  // a name as in docs/formats.md
  std::int64_t count = 0;
  friend bool operator==(const GoodsLine&, const GoodsLine&) = default;
};

// malformed: no line or more than kGoodsLinesMax, a count outside 1 to kGoodsCountMax, a good named twice.
Result<void> check_goods(const std::vector<GoodsLine>& lines);

// One line `<good> <count>` each, in the order shown.
std::string goods_text(const std::vector<GoodsLine>& lines);
Hash goods_digest(const std::vector<GoodsLine>& lines);

}  // namespace dfb::book
