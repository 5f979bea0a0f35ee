#include "terminal/refundable.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "terminal/flow.h"
#include "terminal/report/leaves.h"

namespace dfb::terminal {
namespace {

// How far back from now the shop's entries are searched for what was given back of the sale: some days of a busy shop,
// and no customer waits longer. What lies before is left to the town, which refuses what is too much.
constexpr int kLaterPagesMost = 10;
constexpr std::int64_t kSeqMost = (std::int64_t{1} << 53) - 2;

Error no_such_sale(std::int64_t seq) {
  return fail(Code::not_found, "this shop has no sale " + std::to_string(seq));
}

bool cannot_be_reached(Code code) {
  return code == Code::unreachable || code == Code::timed_out || code == Code::busy || code == Code::shutting_down ||
         code == Code::rate_limited || code == Code::internal;
}

bool does_not_stand(Code code) {
  return code == Code::bad_signature || code == Code::unknown_key || code == Code::bad_path ||
         code == Code::wrong_entry || code == Code::inconsistent;
}

// The ledger has the digest of the list as it was rung up, the town says the list without that order and without prices.
// More lines than these are not tried in every order; then the goods are not named, and the points tell enough.
constexpr std::size_t kOrderedLinesMost = 6;

void fill_goods(Past& sale, std::vector<book::GoodsLine> lines, const Hash& digest) {
  const auto by_name = [](const book::GoodsLine& a, const book::GoodsLine& b) { return a.good < b.good; };
  std::sort(lines.begin(), lines.end(), by_name);
  bool found = book::goods_digest(lines) == digest;
  while (!found && lines.size() <= kOrderedLinesMost && std::next_permutation(lines.begin(), lines.end(), by_name))
    found = book::goods_digest(lines) == digest;
  if (!found) return;
  for (book::GoodsLine& line : lines) sale.goods.push_back({std::move(line.good), line.count, 0});
}

Result<Past> sale_in(const Leaf& leaf, book::AccountId shop, Counter& counter) {
  Past sale;
  sale.id = leaf.payload.id;
  sale.phase = Phase::done;
  sale.at_us = sale.entry_us = leaf.time_us;
  sale.seq = leaf.seq;
  if (leaf.outcome.refused) return no_such_sale(leaf.seq);
  const auto* transfer = std::get_if<book::Transfer>(&leaf.payload.body);
  if (transfer != nullptr && transfer->kind == book::TransferKind::redeem && transfer->to == shop) {
    sale.account = transfer->from;
    sale.points = transfer->points;
    sale.cash_fen = transfer->cash_fen;
    sale.offline = std::holds_alternative<book::OfflineProof>(transfer->proof);
    fill_goods(sale, leaf.goods, transfer->goods);
    return sale;
  }
  const auto* resolve = std::get_if<book::Resolve>(&leaf.payload.body);
  if (resolve == nullptr || !resolve->capture || resolve->to != shop) return no_such_sale(leaf.seq);
  DFB_TRY(const book::Hold hold, counter.reservation_behind(resolve->hold));
  sale.account = hold.account;
  sale.points = resolve->points;
  sale.cash_fen = hold.cash_fen;
  sale.pickup = true;
  fill_goods(sale, leaf.goods, hold.goods);
  return sale;
}

// What later entries of the shop took from it.
void take_back(Past& sale, const Leaf& later) {
  if (later.outcome.refused) return;
  const auto* transfer = std::get_if<book::Transfer>(&later.payload.body);
  if (transfer != nullptr && transfer->kind == book::TransferKind::refund && transfer->sale == sale.id)
    sale.given_back.value += transfer->points.value;
  if (later.outcome.undone == sale.seq) {
    sale.undone = true;
    sale.undone_points = later.outcome.points.value_or(book::Points{});
  }
}

Result<void> read_later(Past& sale, Counter& counter) {
  LeafPages pages(counter, counter.line());
  for (int i = 0; i < kLaterPagesMost && pages.has_more(); ++i) {
    DFB_TRY(const auto page, pages.next());
    for (const Leaf& leaf : page) {
      if (leaf.seq <= sale.seq) return ok();
      take_back(sale, leaf);
    }
  }
  return ok();
}

Result<Past> read_sale(Counter& counter, book::AccountId shop, std::int64_t seq) {
  if (seq > kSeqMost) return no_such_sale(seq);
  LeafPages pages(counter, counter.line(), seq + 1);
  DFB_TRY(const auto page, pages.next());
  if (page.empty() || page.front().seq != seq) return no_such_sale(seq);
  DFB_TRY(Past sale, sale_in(page.front(), shop, counter));
  sale.log_size = pages.under().size;
  sale.log_root = pages.under().root;
  DFB_TRY_VOID(read_later(sale, counter));
  return sale;
}

// What this till gave back itself, of more entries than were read.
book::Points given_back_here(const History& history, const Uuid& sale) {
  book::Points sum;
  for (const Past& past : history.past())
    if (past.kind == Kind::refund && past.phase == Phase::done && past.refunded == sale) sum.value += past.points.value;
  return sum;
}

Result<Past> ask_town(Counter& counter, const History& history, std::int64_t seq) {
  auto sale = read_sale(counter, history.identity()->shop, seq);
  // `malformed` is what a person typed; this is what the town sent.
  if (!sale && sale.error().code == Code::malformed) return fail(Code::wrong_entry, sale.error().detail);
  if (!sale) return sale;
  if (sale->undone) return fail(Code::sale_undone, std::to_string(seq) + " was voided");
  sale->given_back = std::max(sale->given_back, given_back_here(history, sale->id));
  return sale;
}

}  // namespace

Result<Past> find_refundable(Counter& counter, const History& history, std::string_view words,
                             const std::function<void()>& asking) {
  auto sale = find_sale(history, words);
  const auto number = parse_decimal(words);
  if (sale || sale.error().code != Code::not_found || !number) return sale;
  asking();
  return ask_town(counter, history, *number);
}

Result<Past> find_refundable(Counter& counter, const History& history, const ReceiptCode& code,
                             const std::function<void()>& asking) {
  auto sale = find_scanned(history, code);
  if (sale || sale.error().code != Code::not_found) return sale;
  asking();
  return ask_town(counter, history, code.seq);
}

std::string not_refundable(Lang lang, const Error& why) {
  const std::string code = " (" + std::string(name(why.code)) + ")";
  if (cannot_be_reached(why.code))
    return std::string(pick(lang, "本机没有这张小票，要向镇服务器查，现在连不上：网络恢复后再退",
                            "This till does not have that receipt and has to ask the town, which does not answer: "
                            "give it back when there is a line")) +
           code;
  if (does_not_stand(why.code))
    return std::string(pick(lang,
                            "镇上送来的这张小票通不过本机的核验，不能退。请保留本机的文件夹，通知管理员和审计人",
                            "What the town sent of that receipt does not stand this till's check: nothing is given back. "
                            "Keep this till's folder, and tell the administrator and an auditor")) +
           code;
  if (why.code == Code::malformed)
    return std::string(pick(lang, "这不是小票号", "that is not a receipt's number")) + code;
  if (why.code == Code::not_found)
    return std::string(pick(lang, "本店没有这张小票的消费记录", "This shop has no finished sale with that receipt")) + code;
  return words(lang, why);
}

}  // namespace dfb::terminal
