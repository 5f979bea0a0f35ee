#include "terminal/shelf.h"

#include <algorithm>

namespace dfb::terminal {

Shelf::Shelf(Line& line, const Clock& clock, const History& history) : line_(line), clock_(clock) {
  for (const Past& past : history.past())
    for (const SoldGood& one : past.goods) sold_[one.good] += one.count;
}

Result<void> Shelf::look() {
  tried_us_ = clock_.now_us();
  DFB_TRY(goods_, line_.goods());
  asked_us_ = clock_.now_us();
  const auto sold = [this](const ShopGood& good) {
    const auto found = sold_.find(good.id);
    return found == sold_.end() ? 0 : found->second;
  };
  std::stable_sort(goods_.begin(), goods_.end(),
                   [&](const ShopGood& a, const ShopGood& b) { return sold(a) > sold(b); });
  for (const ShopGood& good : goods_) seen_[good.id] = good;
  return ok();
}

void Shelf::look_when_due() {
  const TimeUs age_us = clock_.now_us() - tried_us_;
  if (tried_us_ != 0 && age_us >= 0 && age_us < kShelfAgeUs) return;
  (void)look();
}

void Shelf::watch(Do what, const Sale& sale) {
  if (what == Do::show_customer && !sale.customer.offline) look_when_due();
  if (what == Do::show_refused && sale.why.code == Code::out_of_stock) (void)look();
  if (what != Do::show_done || sale.kind != Kind::sale || sale.hold) return;  // what is picked up was taken before
  for (const SoldGood& one : sale.goods)
    for (ShopGood& good : goods_)
      if (good.id == one.good) good.stock = std::max<std::int64_t>(0, good.stock - one.count);
}

const ShopGood* Shelf::find(const std::string& id) const {
  const auto found =
      std::find_if(goods_.begin(), goods_.end(), [&](const ShopGood& good) { return good.id == id; });
  return found == goods_.end() ? nullptr : &*found;
}

std::string Shelf::name(const std::string& id, Lang lang) const {
  const auto found = seen_.find(id);
  if (found == seen_.end()) return id;
  return std::string(pick(lang, found->second.name_zh, found->second.name_en));
}

Result<Basket> Shelf::priced(const std::vector<book::GoodsLine>& lines) const {
  DFB_TRY_VOID(book::check_goods(lines));
  Basket basket;
  for (const book::GoodsLine& line : lines) {
    const ShopGood* good = find(line.good);
    if (good == nullptr) return fail(Code::not_found, line.good);
    basket.push_back({line.good, line.count, good->points});
  }
  return basket;
}

std::string Shelf::text(const Basket& basket, Lang lang) const {
  std::string out;
  for (const SoldGood& one : basket)
    out += std::string(out.empty() ? "" : pick(lang, "、", "; ")) + std::to_string(one.count) + " × " +
           name(one.good, lang);
  return out;
}

}  // namespace dfb::terminal
