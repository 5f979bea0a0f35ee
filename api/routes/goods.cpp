// What shops sell for points: a till reads its own shop's list, residents that of any open shop, an administrator keeps it.
#include "api/programme/goods.h"

#include "api/routes/counter_types.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/book/state.h"

namespace dfb::routes {
namespace {

using namespace book;

GoodsView goods_view(sql::Connection& sql, AccountId shop) {
  GoodsView out;
  for (auto& good : programme::goods_of(sql, shop))
    out.goods.push_back({good.id, good.name_zh, good.name_en, good.points, good.stock});
  return out;
}

Result<GoodsView> own_goods(const Call& call) {
  return goods_view(call.services.store.snapshot()->sql(), call.caller.account.id);
}

Result<Account> shop_of_administrator(const Call& call) {
  return shop_in_scope(*call.services.store.snapshot(), call.caller, call.path.at("account"),
                       {Role::administrator});
}

Result<GoodsView> of_shop(const Call& call) {
  const auto view = call.services.store.snapshot();
  DFB_TRY(const Account shop, find_account(*view, call.path.at("account")));
  const bool to_buy_at = shop.kind == AccountKind::shop && shop.state == AccountState::open;
  if (!to_buy_at) DFB_TRY_VOID(shop_of_administrator(call));
  return goods_view(view->sql(), shop.id);
}

Result<GoodsView> put(const Call& call, const GoodView& body) {
  DFB_TRY(const Account shop, shop_of_administrator(call));
  const programme::Good good{body.good, body.name_zh, body.name_en, body.points, body.stock};
  DFB_TRY_VOID(programme::check_good(good));
  DFB_TRY_VOID(call.services.writer.run([&](sql::Connection& sql) -> Result<void> {
    const auto there = programme::goods_of(sql, shop.id);
    const bool known =
        std::any_of(there.begin(), there.end(), [&](const auto& one) { return one.id == good.id; });
    if (!known && there.size() >= programme::kGoodsMax)
      return fail(Code::too_large, "a shop has 200 goods at most");
    programme::put_good(sql, shop.id, good);
    return ok();
  }));
  return goods_view(call.services.store.snapshot()->sql(), shop.id);
}

Result<http::Response> drop(const Call& call) {
  DFB_TRY(const Account shop, shop_of_administrator(call));
  DFB_TRY_VOID(call.services.writer.run([&](sql::Connection& sql) -> Result<void> {
    programme::drop_good(sql, shop.id, call.path.at("good"));
    return ok();
  }));
  return http::Response{204, "", "", {}};
}

}  // namespace

void add_goods(std::vector<Route>& table) {
  table.push_back(
      without_body("GET", "/v1/goods", Access::till, "What this shop sells for points", own_goods));
  table.push_back(without_body("GET", "/v1/shops/{account}/goods", Access::session,
                               "What a shop sells for points", of_shop));
  table.push_back(with_body("POST", "/v1/shops/{account}/goods", Access::administrator,
                            "Add or correct one good of a shop: price and stock", put));
  table.push_back({"DELETE",
                   "/v1/shops/{account}/goods/{good}",
                   Access::administrator,
                   "Take a good off the list",
                   {},
                   {},
                   drop});
  table.back().status = 204;
}

}  // namespace dfb::routes
