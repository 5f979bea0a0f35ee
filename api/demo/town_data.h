// The demo town as data: places, people, shops, tasks. Its scoring items: scoring.h.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dfb::demo {

struct Community {
  std::string_view id, zh, en;
};
struct Shop {
  std::string_view scope, zh, en;
};
struct GoodText {
  std::string_view shop_scope, id, zh, en;
  std::int64_t points, stock;
};
struct TaskText {
  std::string_view id, rule, scope, zh, en, detail_zh, detail_en;
};

inline constexpr int kGridsPerCommunity = 4;
std::span<const Community> communities();
std::span<const Shop> shops();
std::span<const GoodText> goods();
std::span<const TaskText> tasks();
// The n-th resident's name; any n.
std::string resident_name(int n);

}  // namespace dfb::demo
