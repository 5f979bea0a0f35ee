#include <algorithm>

#include "ledger/audit/report.h"
#include "ledger/audit/text_table.h"
#include "ledger/base/encoding.h"

namespace dfb::audit {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// A map's entries by points, the most first.
template <class Map, class PointsOf>
auto by_points(const Map& map, PointsOf points_of) {
  std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> sorted(map.begin(), map.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return points_of(a.second) > points_of(b.second); });
  return sorted;
}

class Text {
 public:
  Text(const Report& report, Lang lang) : report_(report), figures_(report.figures), lang_(lang) {}

  std::string all() {
    head();
    if (report_.verdict == Verdict::sound && !report_.tree_only) {
      operations();
      accounts();
      points();
      rules();
      hands();
      tills();
      gaps();
    }
    witnesses();
    trial();
    as_of();
    findings();
    verdict();
    return std::move(out_);
  }

 private:
  std::string t(const char* zh, const char* en) const { return lang_ == Lang::zh ? zh : en; }
  void title(const char* zh, const char* en) { out_ += "\n" + t(zh, en) + "\n"; }

  // The first rows of a table and a line for what was left out.
  void table(Rows rows) {
    const std::size_t all = rows.size() - 1;
    if (all > kTop) rows.resize(kTop + 1);
    out_ += columns(rows);
    if (all > kTop)
      out_ += "  " + t("另有 ", "and ") + grouped(static_cast<std::int64_t>(all - kTop)) +
              t(" 项（--json 列出全部）", " more (--json lists all)") + "\n";
  }

  void head() {
    if (!report_.checkpoint) return;
    const auto& checkpoint = *report_.checkpoint;
    std::vector<std::pair<std::string, std::string>> rows = {
        {t("日志", "log"), checkpoint.origin},
        {t("条数", "entries"), grouped(checkpoint.size)},
        {t("树根", "root"), base64_encode(checkpoint.root.view())}};
    if (figures_.entries > 0)
      rows.emplace_back(t("时间", "time"),
                        format_time(figures_.first_us) + " – " + format_time(figures_.last_us));
    rows.emplace_back(
        t("已重放", "replayed"),
        report_.tree_only
            ? t("无（只检查了哈希）", "none (hashes alone were checked)")
            : grouped(report_.replayed) + t(" 条，签名、权限、规则与推导结果均相符",
                                            " entries whose signatures, authority, rules and outcomes hold"));
    if (report_.older_size)
      rows.emplace_back(
          t("较早的检查点", "older checkpoint"),
          t("前 ", "the first ") + grouped(*report_.older_size) + t(" 条未变", " entries are unchanged"));
    if (report_.receipt_index)
      rows.emplace_back(t("凭证", "receipt"),
                        t("证明第 ", "proves entry ") + grouped(*report_.receipt_index) + t(" 条", ""));
    if (report_.resumed > 0)
      rows.emplace_back(t("其中以前已验证", "of these verified before"), grouped(report_.resumed));
    for (const auto& [name, size] : report_.seen)
      rows.emplace_back(t("延续自", "continues"), name + t("，前 ", ", the first ") + grouped(size) +
                                                      t(" 条未变", " entries are unchanged"));
    if (!report_.quorum.empty())
      rows.emplace_back(t("见证人", "witnesses"),
                        report_.quorum + t("：", ": ") + quorum_reach(report_, lang_));
    out_ += pairs(rows);
  }

  void witnesses() {
    if (report_.witnessed.empty()) return;
    title("见证人的签名", "Cosignatures");
    Rows rows = {{t("见证人", "witness"), t("条数", "entries"), t("签于", "signed at"),
                  t("最后一条", "last entry"), t("下一条", "next entry")}};
    const auto time = [](const std::optional<TimeUs>& us) {
      return us ? format_time(*us) : std::string("-");
    };
    for (const Witnessed& one : report_.witnessed)
      rows.push_back({one.witness, grouped(one.size), format_time(one.time_us), time(one.before_us),
                      time(one.after_us)});
    table(std::move(rows));
    for (const Witnessed& one : report_.witnessed)
      if (one.dated_back_us > 0) out_ += "  " + dated_back(one, lang_) + "\n";
  }

  void trial() {
    if (!report_.trial) return;
    title("试行规则：最近一个月的条目", "A policy on trial: the last month's entries");
    Rows rows = {{t("规则", "rule"), t("条目", "entries"), t("原发放", "paid"), t("积分", "points"),
                  t("试行发放", "would pay"), t("积分", "points"), t("试行待审", "would wait")}};
    Rows refused = {{t("规则", "rule"), t("试行拒绝", "would refuse"), t("次数", "times")}};
    for (const auto& [rule, figures] : *report_.trial) {
      const std::string shown = rule.empty() ? t("兑换", "redeem") : rule;
      rows.push_back({shown, grouped(figures.entries), grouped(figures.was_paid), grouped(figures.was_points),
                      grouped(figures.would_pay), grouped(figures.would_points),
                      grouped(figures.would_wait)});
      for (const auto& [code, count] : figures.would_refuse) refused.push_back({shown, code, grouped(count)});
    }
    out_ += columns(rows);
    if (refused.size() > 1) out_ += "\n" + columns(refused);
  }

  void as_of() {
    if (!report_.as_of) return;
    const AsOf& then = *report_.as_of;
    out_ += "\n" + t("截至第 ", "As of entry ") + grouped(then.seq()) + t(" 条（", " (") +
            format_time(then.at_us()) + t("）", ")") + "\n";
    Rows rows = {{t("账户", "account"), t("种类", "kind"), t("状态", "state"), t("级别", "level"),
                  t("余额", "balance"), t("可用", "available"), t("预留", "held"), t("批次", "lots")}};
    for (std::size_t i = 0; i < then.accounts().size(); ++i) {
      const std::string id = book::to_string(then.accounts()[i]);
      const auto& account = then.answers()[i];
      if (!account) {
        rows.push_back({id, t("当时尚未开户", "not open yet"), "", "", "", "", "", ""});
        continue;
      }
      std::string lots;
      for (const book::Lot& lot : account->lots)
        lots += (lots.empty() ? "" : ", ") + format_day(lot.day) + " " + grouped(lot.points.value) +
                (lot.grace ? t("（宽限）", " (grace)") : "");
      rows.push_back({id, std::string(book::name(account->kind)), std::string(book::name(account->state)),
                      std::string(book::name(account->level)), grouped(account->balance.value),
                      grouped(then.available(*account)), grouped(account->held.value), lots});
    }
    out_ += columns(rows);
  }

  void operations() {
    title("操作", "Operations");
    Rows rows;
    for (const auto& [operation, count] : figures_.operations) rows.push_back({operation, grouped(count)});
    for (const auto& [code, count] : figures_.refusals)
      rows.push_back({t("其中拒绝 ", "of these refused ") + code, grouped(count)});
    out_ += columns(rows);
  }

  void accounts() {
    title("账户", "Accounts");
    Rows rows = {{t("种类", "kind"), t("数量", "accounts"), t("余额", "balance")}};
    std::int64_t issuance = 0, others = 0;
    for (const auto& [kind, count] : figures_.accounts) {
      rows.push_back({std::string(book::name(kind)), grouped(count.count), grouped(count.points)});
      (kind == book::AccountKind::issuance ? issuance : others) += count.points;
    }
    out_ += columns(rows);
    out_ += "  " + t("发行 ", "issuance ") + grouped(issuance) +
            t(" 与其余账户之和 ", " and the sum of all others ") + grouped(others) +
            t(" 相加为 ", " add up to ") + grouped(issuance + others) + "\n";
  }

  void points() {
    title("积分", "Points");
    const auto row = [&](const char* zh, const char* en, std::int64_t points, const Count* count = nullptr) {
      return std::vector<std::string>{t(zh, en), grouped(points),
                                      count ? grouped(count->count) + t(" 笔", " times") : ""};
    };
    const Figures& f = figures_;
    Rows rows = {row("发行到预算", "minted to budgets", f.minted),
                 row("从预算收回", "returned from budgets", f.returned),
                 row("发放给居民", "awarded to residents", f.awarded.points, &f.awarded),
                 row("兑换", "redeemed at shops", f.redeemed.points, &f.redeemed),
                 row("退回", "refunded", f.refunded.points, &f.refunded),
                 row("撤销的兑换", "redemptions cancelled", f.cancelled.points, &f.cancelled),
                 row("收回的发放", "awards reversed", f.reversed.points, &f.reversed),
                 row("结算给商家", "settled with shops", f.settled.points, &f.settled),
                 row("过期", "expired", f.expired),
                 row("待审核", "waiting for review", f.pending),
                 row("居民持有", "outstanding with residents", f.outstanding)};
    out_ += columns(rows);
  }

  void rules() {
    if (figures_.by_rule.empty()) return;
    title("按规则发放", "Awards by rule");
    Rows rows = {{t("规则", "rule"), t("次数", "times"), t("积分", "points")}};
    for (const auto& [rule, count] : by_points(figures_.by_rule, [](const Count& c) { return c.points; }))
      rows.push_back({rule, grouped(count.count), grouped(count.points)});
    table(std::move(rows));
  }

  void hands() {
    title("发放依凭谁的话", "On whose word points were issued");
    out_ += "  " +
            t("居民由登记者的密钥担保，现场打卡由站点密钥担保：谁掌握这些密钥，谁就可能虚造到下列程度。",
              "Enrolling keys vouch that residents exist, site keys that they were there: whoever holds one "
              "could have "
              "invented this much.") +
            "\n";
    const auto points_of = [](const Hand& hand) { return hand.awards.points; };
    Rows rows = {{t("登记者密钥", "enrolling key"), t("用途", "use"), t("账户", "account"),
                  t("居民", "residents"), t("积分", "points")}};
    for (const auto& [key, hand] : by_points(figures_.by_enroller, points_of))
      rows.push_back({short_key(key), std::string(book::name(hand.use)), owner(hand), grouped(hand.residents),
                      grouped(hand.awards.points)});
    table(std::move(rows));
    if (figures_.by_site.empty()) return;
    rows = {{t("站点密钥", "site key"), t("账户", "account"), t("打卡", "check-ins"), t("积分", "points")}};
    for (const auto& [key, hand] : by_points(figures_.by_site, points_of))
      rows.push_back({short_key(key), owner(hand), grouped(hand.awards.count), grouped(hand.awards.points)});
    table(std::move(rows));
  }

  std::string owner(const Hand& hand) const {
    return hand.account.value == 0 ? "-" : book::to_string(hand.account);
  }

  void tills() {
    if (figures_.by_till.empty()) return;
    title("按收银终端兑换", "Redemptions by till");
    Rows rows = {{t("终端密钥", "till's key"), t("商家", "shop"), t("笔数", "sales"), t("积分", "points")}};
    for (const auto& [key, till] :
         by_points(figures_.by_till, [](const TillSales& t) { return t.sales.points; }))
      rows.push_back({short_key(key), book::to_string(till.shop), grouped(till.sales.count),
                      grouped(till.sales.points)});
    table(std::move(rows));
  }

  void gaps() {
    if (figures_.gaps.empty()) return;
    title("较长的停顿", "Long gaps in time");
    Rows rows = {{t("之后的条目", "before entry"), t("从", "from"), t("到", "to")}};
    for (const Gap& gap : figures_.gaps)
      rows.push_back({grouped(gap.seq), format_time(gap.from_us), format_time(gap.to_us)});
    table(std::move(rows));
  }

  void findings() {
    if (report_.findings.empty()) return;
    title("发现", "Findings");
    for (const Finding& finding : report_.findings) out_ += to_line(finding, lang_) + "\n";
    if (report_.findings_left_out > 0)
      out_ += t("另有 ", "and ") + grouped(report_.findings_left_out) + t(" 处", " more") + "\n";
  }

  void verdict() {
    if (!out_.empty()) out_ += "\n";
    if (report_.could_not)
      out_ += t("未能检查：", "could not check: ") + to_string(*report_.could_not) + "\n";
    if (report_.verdict == Verdict::unsound) out_ += t("结论：账本有误", "verdict: unsound") + "\n";
    if (report_.verdict == Verdict::could_not_check)
      out_ += t("结论：未能检查", "verdict: could not check") + "\n";
    if (report_.verdict != Verdict::sound) return;
    out_ += report_.tree_only
                ? t("结论：哈希树无误；条目未检查", "verdict: the tree is sound; its entries were not read")
                : t("结论：账本无误", "verdict: sound");
    out_ += "\n";
  }

  const Report& report_;
  const Figures& figures_;
  Lang lang_;
  std::string out_;
};

}  // namespace

std::string to_text(const Report& report, Lang lang) { return Text(report, lang).all(); }

std::string quorum_reach(const Report& report, Lang lang) {
  const bool zh = lang == Lang::zh;
  if (!report.quorum_size) return zh ? "未达到" : "not reached";
  const std::int64_t after = report.checkpoint->size - *report.quorum_size;
  if (after == 0) return zh ? "已达到" : "reached";
  const std::string size = grouped(*report.quorum_size), rest = grouped(after);
  return zh ? "前 " + size + " 条已达到，其后 " + rest + " 条尚未覆盖"
            : "reached for the first " + size + " entries, not yet for the " + rest + " after them";
}

std::string dated_back(const Witnessed& one, Lang lang) {
  const std::string entry = grouped(one.size), minutes = grouped(one.dated_back_us / kMinuteUs);
  if (lang == Lang::zh)
    return "第 " + entry + " 条的时间比见证人 " + one.witness + " 签名早 " + minutes +
           " 分钟，而签名时所见还没有它：可能是很晚才请见证人签名，也可能是把时间写早了。请向镇上和见证人核实。";
  return "entry " + entry + " is dated " + minutes + " minutes before " + one.witness +
         " signed a log that did not have it yet: the witness was asked late, or the entry was dated back. Ask "
         "the town and the witness.";
}

}  // namespace dfb::audit
