#include "terminal/words.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace dfb::terminal {
namespace {

struct Wording {
  Code code;
  std::string_view zh, en;
};

constexpr std::array<Wording, 54> kWordings{{
    {Code::malformed, "这不是付款码，也不是积分卡号", "this is neither a pay code nor a card's number"},
    {Code::unsupported_version, "付款码的版本太新，请更新本机",
     "the code is of a newer kind; update this terminal"},
    {Code::bad_signature, "付款码是假的，或手机已被注销", "the code is forged, or its phone was revoked"},
    {Code::busy, "系统繁忙，什么也没发生，请重试", "the town is busy and nothing happened; try again"},
    {Code::shutting_down, "系统正在重启，什么也没发生，请重试",
     "the town restarts and nothing happened; try again"},
    {Code::rate_limited, "操作太频繁，请稍候再试", "too many tries; wait a little"},
    {Code::unreachable, "连不上镇服务器，什么也没发生；请检查网络后重新扫码",
     "no line to the town and nothing happened; check the network and scan again"},
    {Code::timed_out, "镇服务器没有回答，请重新扫码", "the town did not answer; scan again"},
    {Code::presented_elsewhere, "这个码正在另一台收款机上使用", "this code is in use at another till"},
    {Code::not_presented, "出示已过期，请重新扫码", "the code's time at this till is over; scan it again"},
    {Code::code_stale, "付款码已过期，请顾客刷新后再扫", "the code has run out; ask for a fresh one"},
    {Code::code_not_valid_now, "付款码已过期，请顾客刷新后再扫", "the code has run out; ask for a fresh one"},
    {Code::code_used, "这个码已经用过，请顾客刷新", "this code was used already; ask for a fresh one"},
    {Code::code_limit_exceeded, "超过这个码的限额，请减少积分",
     "more than this code allows; take fewer points"},
    {Code::card_locked, "密码错误次数过多，请顾客到驿站换卡",
     "too many wrong PINs; a station gives a new card"},
    {Code::pin_wrong, "密码不对", "wrong PIN"},
    {Code::pin_not_attested, "请重新输入密码", "enter the PIN again"},
    {Code::quote_declined, "顾客在手机上没有确认", "the customer said no on the phone"},
    {Code::quote_expired, "顾客没有在时限内确认", "the customer did not confirm in time"},
    {Code::out_of_stock, "库存不够了，什么也没发生：请看剩下多少，少拿或换别的，再重新扫码",
     "not enough of it is left and nothing happened: see what is left, take less or something else, and scan again"},
    {Code::insufficient_points, "积分不足，请减少积分", "not enough points; take fewer"},
    {Code::balance_minimum, "顾客必须保留最低余额，请减少积分",
     "the customer has to keep a minimum; take fewer points"},
    {Code::limit_per_sale, "超过单笔限额，请减少积分", "more than one sale allows; take fewer points"},
    {Code::limit_per_day, "超过顾客今日限额", "more than the customer may spend today"},
    {Code::limit_count_per_day, "顾客今日次数已满", "the customer has had all sales of today"},
    {Code::account_unknown, "没有这位居民", "no such customer in this town"},
    {Code::account_frozen, "顾客或本店的账户已冻结，请联系网格员",
     "the customer's or this shop's account is frozen; see an officer"},
    {Code::account_closed, "账户已注销", "the account is closed"},
    {Code::account_wrong_kind, "这不是居民的账户", "this is not a resident's account"},
    {Code::level_too_low, "顾客需先由网格员实名核验", "the customer has to be verified by an officer first"},
    {Code::key_not_enrolled, "没有这张积分卡，或本机未登记",
     "there is no such card, or this terminal is not enrolled"},
    {Code::key_revoked, "积分卡、顾客的手机或本机已停用",
     "the card, the customer's phone or this terminal was revoked"},
    {Code::key_outside_dates, "新卡或新手机还不能付款，或密钥已过期",
     "a new card or phone does not pay yet, or a key has run out"},
    {Code::too_late, "太迟了，什么也没发生，请重试", "too late and nothing happened; try again"},
    {Code::not_after_too_far, "本机时钟不准，请校准", "this machine's clock is wrong; set it"},
    {Code::sale_unknown, "没有这笔交易", "there is no such sale"},
    {Code::sale_of_other_shop, "这是别家商店的交易", "that is another shop's sale"},
    {Code::sale_undone, "这笔交易已取消", "that sale was cancelled"},
    {Code::refund_exceeds_sale, "退的比剩下的多，请减少积分",
     "more than is left of the sale; give back fewer"},
    {Code::refund_period_over, "已过退货期限", "the sale is too old to be refunded"},
    {Code::shop_below_floor, "商店余额不足以退款，请联系镇上",
     "the shop's balance cannot bear it; call the town"},
    {Code::id_burnt, "这个编号已作废，请重新扫码", "this sale's number is void; scan again"},
    {Code::unauthenticated, "镇服务器不认本机，请检查证书",
     "the town does not accept this terminal; check its certificate"},
    {Code::forbidden, "本机无权这样做", "this terminal may not do that"},
    {Code::not_found, "没有找到", "not found"},
    {Code::corrupt,
     "本机日志比镇账本旧：磁盘还原过，或文件夹被复制。不要再用它收款；保留此文件夹给管理员，在空文件夹里重新登记本机",
     "this terminal's journal is older than the town's ledger: a restored disk, or a copied folder. Do not sell "
     "with it; keep this folder for the administrator, and enrol this terminal anew in an empty one"},
    {Code::allowance_unknown, "本机不知道这个离线额度，请有网络时再付", "this till knows of no such allowance; pay when there is a line"},
    {Code::allowance_spent, "超过这个离线额度，请减少积分", "more than is left of the offline allowance; take fewer points"},
    {Code::counter_used, "这个离线码已经用过，请顾客生成新的", "this offline code was used already; ask for a fresh one"},
    {Code::hold_expired, "离线额度已过期，请有网络时再付", "the offline allowance has run out; pay when there is a line"},
    {Code::offline_right_lost, "这个离线额度已停用", "this offline allowance was stopped"},
    {Code::budget_exhausted, "超过本机的离线额度，网络恢复并上报后再收", "more than is left of this till's offline budget; sell on when the line is back"},
    {Code::clock_behind, "本机时钟倒退了，请校准", "this machine's clock went back; set it"},
    {Code::inconsistent, "账本与本店见过的不一致", "the log does not continue what this shop has seen of it"},
}};

}  // namespace

std::optional<Lang> lang_from(std::string_view word) {
  if (word == "zh") return Lang::zh;
  if (word == "en") return Lang::en;
  return std::nullopt;
}

Lang lang_from_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("zh") ? Lang::zh : Lang::en;
  return Lang::en;
}

std::string words(Lang lang, const Error& error) {
  const std::string code = " (" + std::string(name(error.code)) + ")";
  for (const Wording& wording : kWordings)
    if (wording.code == error.code) return std::string(pick(lang, wording.zh, wording.en)) + code;
  return (error.detail.empty() ? std::string(pick(lang, "镇上拒绝了", "the town refuses")) : error.detail) +
         code;
}

std::string_view late_words(Lang lang) {
  return pick(lang, "这笔当时结果未知，现在查明已经扣分，而且已不能撤销：货没有交给顾客的，请把积分退还",
              "It was not known then, and can be undone no longer: where nothing was handed over, give the points back");
}

std::string_view other_history(Lang lang) {
  return pick(lang,
              "警报：镇里的账本与本机核验过的不是同一份历史。先不要凭它交货；保留本机的文件夹，通知管理员和审计人",
              "ALARM: the town's log is not the history that this till has verified. Hand nothing over on its word; keep "
              "this till's folder, and tell the administrator and an auditor");
}

std::string counted(std::int64_t n, std::string_view one) {
  return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s");
}

std::string yuan(std::int64_t fen) {
  if (fen < 0) return "-" + yuan(-fen);
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%02lld", static_cast<long long>(fen / 100),
                static_cast<long long>(fen % 100));
  return text;
}

}  // namespace dfb::terminal
