#include "terminal/code_words.h"

#include "ledger/base/check.h"

namespace dfb::terminal {

std::string_view wrong_code(Lang lang, CodeKind kind) {
  DFB_CHECK(!pays(kind));
  switch (kind) {
    case CodeKind::site_code:
      return pick(lang, "这是站点打卡码，不是付款码。", "That is a site's check-in code, not a pay code.");
    case CodeKind::ticket:
      return pick(lang, "这是一次性登记码，不是付款码。不要让别人看到它。",
                  "That is a one-time registration code, not a pay code. Let nobody see it.");
    case CodeKind::receipt:
      return pick(lang, "这是小票凭证，不是付款码。退还请按小票号查找。",
                  "That is a receipt, not a pay code. For a refund, find it by its number.");
    case CodeKind::link:
      return pick(lang, "这是一个网址，不是付款码。", "That is a link, not a pay code.");
    case CodeKind::number:
      return pick(lang, "这是商品条码或数字，不是付款码。", "That is a barcode or a number, not a pay code.");
    default:
      return pick(lang, "看不懂这个码。请扫顾客手机上的付款码。",
                  "That code is not known. Scan the pay code on the customer's phone.");
  }
}

}  // namespace dfb::terminal
