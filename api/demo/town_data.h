// The demo town as data: places, people, shops, rules, tasks.
#pragma once
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
struct RuleText {
  std::string_view id, kind, zh, en;
  int points;
  std::string_view cap;     // of an account
  std::string_view unique;  // day, month, once
  std::string_view proof;   // none, site, officer
};
struct TaskText {
  std::string_view id, rule, scope, zh, en, detail_zh, detail_en;
};

inline constexpr int kGridsPerCommunity = 4;
std::span<const Community> communities();
std::span<const Shop> shops();
std::span<const RuleText> rules();
std::span<const TaskText> tasks();
// The n-th resident's name; any n.
std::string resident_name(int n);

}  // namespace dfb::demo
