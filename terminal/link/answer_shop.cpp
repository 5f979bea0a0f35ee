// What the town says of the till's shop: its goods and its people.
#include <set>

#include "terminal/link/answer.h"
#include "terminal/link/answer_fields.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kGoodsMost = 1000, kStaffMost = 200, kStaffIdMost = 32;

Result<ShopGood> shop_good(const AnswerFields& fields) {
  ShopGood good;
  DFB_TRY(good.id, fields.text("good"));
  if (!book::is_name(good.id)) return AnswerFields::missing("good");
  DFB_TRY(good.name_zh, fields.shown("name_zh", kGoodNameMost));
  DFB_TRY(good.name_en, fields.shown("name_en", kGoodNameMost));
  DFB_TRY(good.points, fields.integer("points"));
  if (good.points < 1 || good.points > book::kPointsMax.value) return AnswerFields::missing("points");
  DFB_TRY(good.stock, fields.integer("stock"));
  return good;
}

Result<StaffMember> staff_member(const AnswerFields& fields) {
  StaffMember member;
  DFB_TRY(member.id, fields.text("staff"));
  if (member.id.size() > kStaffIdMost || !book::is_name(member.id)) return AnswerFields::missing("staff");
  DFB_TRY(member.name, fields.shown("name"));
  DFB_TRY(const auto role, fields.text("role"));
  member.manager = role == "manager";
  DFB_TRY(member.tries_left, fields.integer("tries_left"));
  return member;
}

}  // namespace

Result<std::vector<ShopGood>> parse_goods(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  DFB_TRY(const auto goods, fields.objects("goods", kGoodsMost));
  std::vector<ShopGood> out;
  std::set<std::string> seen;
  for (const AnswerFields& one : goods) {
    DFB_TRY(auto good, shop_good(one));
    if (!seen.insert(good.id).second) return AnswerFields::missing("goods");
    out.push_back(std::move(good));
  }
  return out;
}

Result<std::vector<StaffMember>> parse_staff(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  DFB_TRY(const auto list, fields.objects("staff", kStaffMost));
  std::vector<StaffMember> staff;
  for (const AnswerFields& one : list) {
    DFB_TRY(auto member, staff_member(one));
    staff.push_back(std::move(member));
  }
  return staff;
}

Result<StaffVerdict> parse_staff_verdict(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  StaffVerdict verdict;
  DFB_TRY(const auto word, fields.text("verdict"));
  if (word == "right") {
    verdict.said = StaffVerdict::Said::right;
  } else if (word == "locked") {
    verdict.said = StaffVerdict::Said::locked;
  } else if (word != "wrong") {
    return AnswerFields::missing("verdict");
  }
  DFB_TRY(const auto role, fields.text("role"));
  verdict.manager = role == "manager";
  DFB_TRY(verdict.tries_left, fields.integer("tries_left"));
  return verdict;
}

}  // namespace dfb::terminal
