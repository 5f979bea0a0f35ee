#include "terminal/offline_words.h"

#include <algorithm>

namespace dfb::terminal {
namespace {

std::string left_in_hours(TimeUs left_us) {
  const TimeUs minutes = left_us / kMinuteUs;
  return std::to_string(minutes / 60) + ":" + (minutes % 60 < 10 ? "0" : "") + std::to_string(minutes % 60);
}

// The entry that refused is what the town's office pays the shop by.
bool is_coverable(const Past& past) { return past.seq >= 0; }

}  // namespace

std::string offline_banner(Lang lang, const Counter& counter) {
  const Pins& pins = counter.pins();
  const Unsynced& unsynced = counter.unsynced();
  const std::string left = std::to_string(budget_left(pins, unsynced).value),
                    budget = std::to_string(pins.till_points.value),
                    hours = left_in_hours(time_left_us(pins, counter.town_us())),
                    sales = std::to_string(unsynced.sales), points = std::to_string(unsynced.points.value),
                    town = std::to_string(town_loss_most(pins).value),
                    here = std::to_string(std::min(pins.till_points.value, pins.allowed().value));
  if (pins.policy_version == 0)
    return std::string(pick(lang, "离线：本机还没有取得离线额度，网络恢复前不能收离线码",
                            "OFFLINE: this till has no offline budget yet; no offline codes until the line is "
                            "back"));
  if (lang == Lang::zh)
    return "离线：本机还可收 " + left + " 分（共 " + budget + "），时限 " + hours + "；待上报 " + sales + " 笔 " +
           points + " 分；最多可能损失：本机 " + here + " 分，全镇 " + town + " 分";
  return "OFFLINE: this till may take " + left + " more points (of " + budget + "), for " + hours +
         " h; waiting for the town: " + counted(unsynced.sales, "sale") + ", " + points +
         " points; the most that can be lost: " + here + " points here, " + town + " in the whole town";
}

namespace {

std::string revoked_words(Lang lang, const Counter& counter, const std::string& folder) {
  if (counter.unsynced().sales == 0)
    return std::string(pick(lang, "本机已停用，不能再收款。请联系镇上，或给本店另登记一台收款机",
                            "This terminal was revoked and sells nothing more. Ask the town's office, or enrol "
                            "another terminal of this shop"));
  const std::string sales = std::to_string(counter.unsynced().sales), points = std::to_string(counter.unsynced().points.value);
  if (lang == Lang::zh)
    return "本机已停用，但还有 " + sales + " 笔离线交易（" + points +
           " 分）没有上报：不要清除文件夹。给本店另登记一台收款机，在那里运行 defenbao-terminal take-over --from " + folder;
  return "This terminal was revoked and has not told the town of " + counted(counter.unsynced().sales, "offline sale") + " (" +
         points + " points): keep the folder. Enrol another terminal of this shop, and run there: "
         "defenbao-terminal take-over --from " + folder;
}

}  // namespace

std::string warning_words(Lang lang, const Counter& counter, const std::string& folder) {
  if (counter.sees_other_history()) return std::string(other_history(lang));
  if (counter.is_revoked()) return revoked_words(lang, counter, folder);
  if (counter.is_journal_behind()) return words(lang, fail(Code::corrupt));
  if (!counter.distrust()) return {};
  const std::string why(name(counter.distrust()->code));
  return lang == Lang::zh ? "警报：镇上的回答通不过核验（" + why + "）。请通知管理员"
                          : "ALARM: the town's answer does not stand the check (" + why + "). Call the administrator";
}

std::string aside_words(Lang lang, const History& history) {
  std::int64_t sales = 0, points = 0;
  for (const Sale& sale : history.unfinished())
    if (is_open(sale) && !is_report(sale.kind)) ++sales, points += sale.points.value;
  const std::string sum = std::to_string(points);
  if (sales == 0)
    return std::string(pick(lang, "有一张当班报表是否入账还不知道，网络恢复后本机自动了结",
                            "Not known yet whether an X report of before was entered; this till settles it when the line "
                            "is back"));
  if (lang == Lang::zh)
    return "另有 " + std::to_string(sales) + " 笔（" + sum + " 分）结果未知：不要交货，网络恢复后本机自动了结";
  return "Not known yet: " + counted(sales, "sale") + " of before (" + sum + " points): hand nothing over for it; this till settles it when the line is back";
}

std::string conflict_line(Lang lang, const Past& past, const std::string& name) {
  const std::string points = std::to_string(past.points.value), id = to_string(past.id),
                    account = to_string(past.account), why = words(lang, fail(past.why)),
                    time = format_time(past.at_us).substr(0, 19);
  const std::string whose = "…" + account.substr(account.size() - 4);
  if (lang == Lang::zh)
    return "未入账：" + time + " 离线收 " + points + " 分，" + (name.empty() ? "" : name + "，") + "账号 " + whose + "：" + why + "。" +
           (is_coverable(past) ? "凭第 " + std::to_string(past.seq) + " 号记录向镇上申请补偿"
                               : "没有扣到积分，请联系镇上") +
           "。编号 " + id;
  return "NOT PAID: " + time + " offline, " + points + " points, " + (name.empty() ? "" : name + ", ") + "account " + whose + ": " + why + ". " +
         (is_coverable(past)
              ? "Ask the town's office to cover it, by entry " + std::to_string(past.seq)
              : "Nothing was charged; tell the town's office") +
         ". Number " + id;
}

}  // namespace dfb::terminal
