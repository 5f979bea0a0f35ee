// What a shop sells for points: names, prices, stock. The price is what the shop asks, not a rule of the
// book; the stock is checked and taken in the sale's own transaction. Threads: as the connection. Texts are
// UTF-8.
#pragma once
#include <string>
#include <vector>

#include "ledger/base/uuid.h"
#include "ledger/book/goods.h"
#include "ledger/book/types.h"
#include "ledger/store/sql.h"

namespace dfb::programme {

inline constexpr std::size_t kGoodsMax = 200;
inline constexpr std::int64_t kStockMax = 1'000'000;

struct Good {
  std::string id;  // a name as in docs/formats.md
  std::string name_zh, name_en;
  std::int64_t points = 0, stock = 0;
};

Result<void> check_good(const Good& good);                                    // malformed: which field
void put_good(sql::Connection& sql, book::AccountId shop, const Good& good);  // adds or corrects
void drop_good(sql::Connection& sql, book::AccountId shop, const std::string& id);
std::vector<Good> goods_of(sql::Connection& sql, book::AccountId shop);

// One line less in the shop's stock, or more. Taking says what it took: out_of_stock, also for what the shop no longer
// sells. What is given back of a good that the shop no longer lists is nobody's.
Result<Good> take_from_stock(sql::Connection& sql, book::AccountId shop, const book::GoodsLine& line);
void return_to_stock(sql::Connection& sql, const std::string& shop, const std::string& good, std::int64_t count);

// Takes the lines from the shop's stock and remembers them under the sale's id. out_of_stock, also for what the
// shop no longer sells.
Result<void> take_goods(sql::Connection& sql, book::AccountId shop, const Uuid& sale,
                        const std::vector<book::GoodsLine>& lines);
// What the sale named, in the order of the goods' names, which need not be that of the list whose digest it has.
std::vector<book::GoodsLine> goods_of_sale(sql::Connection& sql, const Uuid& sale);
// Puts them back, once: of a sale that was cancelled. Nothing where the sale named none.
void put_goods_back(sql::Connection& sql, const Uuid& sale);

}  // namespace dfb::programme
