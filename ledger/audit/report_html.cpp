#include <algorithm>

#include "ledger/audit/report.h"
#include "ledger/audit/svg.h"
#include "ledger/audit/text_table.h"
#include "ledger/base/encoding.h"

namespace dfb::audit {
namespace {

using svg::escaped;

constexpr const char* kStyle = R"(
:root{--ink:#1d2329;--soft:#5d6873;--line:#d9dee3;--paper:#fff;--ground:#f4f5f7;--a:#2b6cb0;--b:#dd8a2e;--c:#6b9e5a;--d:#b8433f}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:16px;display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))}
header,section{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:16px;min-width:0}
header,.wide{grid-column:1/-1}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:0 0 8px}p{margin:4px 0 8px;color:var(--soft);font-size:13px}
.verdict{display:inline-block;padding:2px 12px;border-radius:6px;color:#fff;font-weight:600}
.sound{background:#2f7d4f}.unsound{background:#b3261e}.could_not_check{background:#8a6100}
dl{display:grid;grid-template-columns:minmax(6em,max-content) 1fr;gap:2px 16px;margin:12px 0 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
svg{width:100%;height:auto;display:block;font-size:12px}svg text{fill:var(--ink)}svg line{stroke:var(--line)}
.n{font-variant-numeric:tabular-nums;fill:var(--soft)}
.c0{fill:var(--a);background:var(--a)}.c1{fill:var(--b);background:var(--b)}.c2{fill:var(--c);background:var(--c)}.c3{fill:var(--d);background:var(--d)}
.key{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:12px;margin:0 0 8px}.key i{display:inline-block;width:10px;height:10px;margin-right:5px}
table{border-collapse:collapse;width:100%;font-size:13px}td,th{padding:3px 8px 3px 0;text-align:right;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:anywhere}
th{color:var(--soft)}td:first-child,th:first-child{text-align:left}tr:last-child td{border-bottom:0}
.lang{float:right;font-size:13px}.lang input{position:absolute;opacity:0}.lang label{padding:3px 9px;border:1px solid var(--line);border-radius:6px;cursor:pointer}
.lang input:checked+label{background:var(--ink);color:#fff}.lang input:focus-visible+label{outline:2px solid var(--a)}
:root:has(#en:checked) [lang=zh]{display:none}:root:has(#zh:checked) [lang=en]{display:none}
@media(max-width:480px){main{padding:8px;gap:8px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:6px}header,section{padding:12px}}
@media print{.lang{display:none}section{break-inside:avoid}}
)";

std::string zh_en(const char* zh, const char* en, const char* tag = "span") {
  const std::string t = tag;
  return "<" + t + " lang=\"zh\">" + zh + "</" + t + "><" + t + " lang=\"en\">" + en + "</" + t + ">";
}
std::string in_svg(const char* zh, const char* en) { return zh_en(zh, en, "tspan"); }

std::string percent(std::int64_t part, std::int64_t all) {
  return all <= 0 ? "–" : std::to_string((part * 1000 / all + 5) / 10) + " %";
}

// A map's entries by points, the most first, and no more than can be looked at.
template <class Map, class PointsOf>
auto top(const Map& map, PointsOf points_of) {
  std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> sorted(map.begin(), map.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return points_of(a.second) > points_of(b.second); });
  if (sorted.size() > kTop) sorted.resize(kTop);
  return sorted;
}

class Page {
 public:
  Page(const Report& report, Lang lang) : report_(report), f_(report.figures), lang_(lang) {}

  std::string all() {
    out_ = "<!doctype html><html lang=\"" + std::string(lang_ == Lang::zh ? "zh" : "en") +
           "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
           "content=\"width=device-width,initial-scale=1\">"
           "<title>defenbao-audit</title><style>" +
           kStyle + "</style></head><body><main>";
    head();
    findings();
    if (report_.verdict == Verdict::sound && !report_.tree_only) {
      points();
      months();
      liability();
      rules();
      grids();
      enrollers();
      sites();
      signed_for();
      concentration();
      rings();
      advisory();
      gaps();
    }
    witnesses();
    trial();
    return out_ + "</main></body></html>\n";
  }

 private:
  void begin(const char* zh, const char* en, const char* note_zh = "", const char* note_en = "",
             const char* wide = "") {
    out_ += std::string("<section") + wide + "><h2>" + zh_en(zh, en) + "</h2>";
    if (*note_zh) out_ += "<p>" + zh_en(note_zh, note_en) + "</p>";
  }
  void end() { out_ += "</section>"; }
  void none() { out_ += "<p>" + zh_en("没有", "none") + "</p>"; }
  void key(const std::vector<std::string>& names) {
    out_ += "<div class=\"key\">";
    for (std::size_t i = 0; i < names.size(); ++i)
      out_ += "<span><i class=\"c" + std::to_string(i) + "\"></i>" + names[i] + "</span>";
    out_ += "</div>";
  }
  void table(const std::vector<std::vector<std::string>>& rows) {
    out_ += "<table>";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      out_ += "<tr>";
      const char* tag = i == 0 ? "th" : "td";
      for (const std::string& cell : rows[i]) out_ += std::string("<") + tag + ">" + cell + "</" + tag + ">";
      out_ += "</tr>";
    }
    out_ += "</table>";
  }
  void fact(const char* zh, const char* en, const std::string& value) {
    out_ += "<dt>" + zh_en(zh, en) + "</dt><dd>" + value + "</dd>";
  }

  void head() {
    const bool zh = lang_ == Lang::zh;
    out_ += std::string("<header><div class=\"lang\"><input type=\"radio\" name=\"l\" id=\"zh\"") +
            (zh ? " checked" : "") +
            "><label for=\"zh\">中文</label> <input type=\"radio\" name=\"l\" id=\"en\"" +
            (zh ? "" : " checked") + "><label for=\"en\">English</label></div>";
    out_ += "<h1>" + zh_en("账本审计报告", "Audit of a points ledger") + "</h1>";
    out_ += "<span class=\"verdict " + std::string(name(report_.verdict)) + "\">";
    if (report_.verdict == Verdict::unsound)
      out_ += zh_en("账本有误", "unsound");
    else if (report_.verdict == Verdict::could_not_check)
      out_ += zh_en("未能检查", "could not check");
    else if (report_.tree_only)
      out_ += zh_en("哈希树无误；条目未检查", "the tree is sound; entries were not read");
    else
      out_ += zh_en("账本无误", "sound");
    out_ += "</span><dl>";
    if (report_.could_not) fact("原因", "why", escaped(to_string(*report_.could_not)));
    if (report_.checkpoint) {
      fact("日志", "log", escaped(report_.checkpoint->origin));
      fact("条数", "entries", grouped(report_.checkpoint->size));
      fact("树根", "root", base64_encode(report_.checkpoint->root.view()));
    }
    if (f_.entries > 0) fact("时间", "time", format_time(f_.first_us) + " – " + format_time(f_.last_us));
    fact("已重放", "replayed", grouped(report_.replayed));
    if (report_.resumed > 0) fact("其中以前已验证", "verified by earlier runs", grouped(report_.resumed));
    for (const auto& [seen, size] : report_.seen)
      fact("延续自", "continues", escaped(seen) + " (" + grouped(size) + ")");
    if (!report_.quorum.empty())
      fact("见证人", "witnesses",
           escaped(report_.quorum) + " – " +
               zh_en(quorum_reach(report_, Lang::zh).c_str(), quorum_reach(report_, Lang::en).c_str()));
    out_ += "</dl></header>";
  }

  void findings() {
    if (report_.findings.empty()) return;
    begin("发现", "Findings", "", "", " class=\"wide\"");
    out_ += "<ul>";
    for (const Finding& finding : report_.findings) {
      out_ += "<li><span lang=\"zh\">" + escaped(to_line(finding, Lang::zh)) + "</span><span lang=\"en\">" +
              escaped(to_line(finding, Lang::en)) + "</span></li>";
    }
    out_ += "</ul>";
    if (report_.findings_left_out > 0)
      out_ += "<p>" + zh_en("另有未列出：", "not listed: ") + grouped(report_.findings_left_out) + "</p>";
    end();
  }

  void points() {
    begin("积分", "Points");
    const auto row = [](const char* zh, const char* en, std::int64_t points, std::int64_t count = -1) {
      return std::vector<std::string>{zh_en(zh, en), count < 0 ? "" : grouped(count), grouped(points)};
    };
    table({{"", zh_en("笔数", "times"), zh_en("积分", "points")},
           row("发行到预算", "minted to budgets", f_.minted),
           row("从预算收回", "returned from budgets", f_.returned),
           row("发放给居民", "awarded to residents", f_.awarded.points, f_.awarded.count),
           row("兑换", "redeemed at shops", f_.redeemed.points, f_.redeemed.count),
           row("退回", "refunded", f_.refunded.points, f_.refunded.count),
           row("撤销的兑换", "redemptions cancelled", f_.cancelled.points, f_.cancelled.count),
           row("收回的发放", "awards reversed", f_.reversed.points, f_.reversed.count),
           row("结算给商家", "settled with shops", f_.settled.points, f_.settled.count),
           row("离线损失补偿", "offline losses covered", f_.covered.points, f_.covered.count),
           row("过期", "expired", f_.expired),
           row("待审核", "waiting for review", f_.pending),
           row("居民持有", "outstanding with residents", f_.outstanding)});
    end();
  }

  void months() {
    begin("按月发放与兑换", "Issuance and redemption by month");
    key({zh_en("发放", "issued"), zh_en("兑换", "redeemed"), zh_en("退回与收回", "given back")});
    std::vector<svg::Row> rows;
    for (const auto& [month, flow] : f_.by_month)
      rows.push_back({escaped(month), {flow.issued, flow.redeemed, flow.back}, ""});
    if (rows.size() > 12) rows.erase(rows.begin(), rows.end() - 12);
    out_ += svg::columns(rows);
    end();
  }

  void liability() {
    begin("按到期月的应付积分", "Liability by month of expiry", "居民手中仍有效、将在该月底到期的积分。",
          "Points that residents hold, by the month in which they expire.");
    std::vector<svg::Row> rows;
    for (const auto& [month, points] : f_.liability) rows.push_back({escaped(month), {points}, ""});
    if (rows.size() > 24) rows.resize(24);
    rows.empty() ? none() : void(out_ += svg::columns(rows));
    end();
  }

  void rules() {
    begin("按规则发放", "Issuance by rule");
    std::vector<svg::Row> rows;
    for (const auto& [rule, count] : top(f_.by_rule, [](const Count& c) { return c.points; }))
      rows.push_back({escaped(rule), {count.points}, grouped(count.points) + " / " + grouped(count.count)});
    rows.empty() ? none() : void(out_ += svg::bars(rows));
    end();
  }

  void grids() {
    begin("按网格", "By grid");
    key({zh_en("发放", "issued"), zh_en("兑换", "redeemed")});
    std::vector<svg::Row> rows;
    for (const auto& [grid, flow] : top(f_.by_grid, [](const Flow& flow) { return flow.issued; }))
      rows.push_back({escaped(grid),
                      {flow.issued, flow.redeemed},
                      grouped(flow.issued) + " / " + grouped(flow.redeemed)});
    rows.empty() ? none() : void(out_ += svg::bars(rows));
    end();
  }

  void enrollers() {
    begin("按登记者发放", "Issuance by enroller",
          "登记者的密钥担保居民存在：谁掌握它，谁就可能虚造到下列程度。",
          "These keys vouch that residents exist: whoever holds one could have invented this much.");
    std::vector<svg::Row> rows;
    for (const auto& [id, hand] : top(f_.by_enroller, [](const Hand& hand) { return hand.awards.points; }))
      rows.push_back(
          {escaped(short_key(id)) + " " + std::string(book::name(hand.use)),
           {hand.awards.points},
           grouped(hand.awards.points) + " / " + grouped(hand.residents) + in_svg(" 人", " residents")});
    rows.empty() ? none() : void(out_ += svg::bars(rows));
    end();
  }

  void sites() {
    begin("按站点密钥发放", "Issuance by site key", "站点密钥担保有人到场。",
          "These keys vouch that somebody was there.");
    std::vector<svg::Row> rows;
    for (const auto& [id, hand] : top(f_.by_site, [](const Hand& hand) { return hand.awards.points; }))
      rows.push_back({escaped(short_key(id)),
                      {hand.awards.points},
                      grouped(hand.awards.points) + " / " + grouped(hand.awards.count)});
    rows.empty() ? none() : void(out_ += svg::bars(rows));
    end();
  }

  void signed_for() {
    begin("按商家：居民签了什么", "By shop: what the resident signed",
          "“确认”签了商家与积分；“付款码”只签了限额；“离线”签了额度内的一笔；“未签”没有居民签名（卡）。",
          "“Confirmed” signs shop and points; “code” a limit alone; “offline” one sale within an allowance; "
          "“unsigned” "
          "bears no resident's signature (cards).");
    key({zh_en("确认", "confirmed"), zh_en("付款码", "code"), zh_en("离线", "offline"),
         zh_en("未签", "unsigned")});
    std::vector<svg::Row> rows;
    for (const auto& [shop, sales] : top(f_.by_shop, [](const ShopSales& s) { return s.points(); }))
      rows.push_back(
          {book::to_string(shop),
           {sales.confirmed.points, sales.by_code.points, sales.offline.points, sales.unsigned_.points},
           grouped(sales.points()) + in_svg("，未签 ", ", unsigned ") + grouped(sales.unsigned_.points)});
    rows.empty() ? none() : void(out_ += svg::bars(rows));
    end();
  }

  void concentration() {
    begin("商家集中度", "Concentration of shops");
    std::int64_t all = 0;
    for (const auto& [shop, sales] : f_.by_shop) all += sales.points();
    double squares = 0;
    for (const auto& [shop, sales] : f_.by_shop) {
      const double share = all > 0 ? static_cast<double>(sales.points()) / static_cast<double>(all) : 0;
      squares += share * share;
    }
    std::vector<svg::Row> rows;
    for (const auto& [shop, sales] : top(f_.by_shop, [](const ShopSales& s) { return s.points(); }))
      rows.push_back({book::to_string(shop), {sales.points()}, percent(sales.points(), all)});
    if (rows.empty()) {
      none();
    } else {
      out_ += "<p>" + zh_en("集中度指数（0 到 10,000）：", "Herfindahl index (0 to 10,000): ") +
              grouped(static_cast<std::int64_t>(squares * 10'000 + 0.5)) + "</p>" + svg::bars(rows);
    }
    end();
  }

  void rings() {
    begin("同一分钟的小圈子", "Same-minute rings",
          "不同户的账户一再在同一分钟、同一地点打卡或兑换：值得有人去看一看。",
          "Accounts of different households that check in or pay at one place within one minute, again and "
          "again: "
          "worth a look.");
    if (f_.rings.empty()) none();
    std::vector<svg::Row> bars;
    std::vector<std::vector<std::string>> rows = {{zh_en("账户", "accounts"), zh_en("次数", "times")}};
    for (const Ring& ring : f_.rings) {
      if (rows.size() > kTop) break;
      const std::string number = grouped(static_cast<std::int64_t>(rows.size()));
      bars.push_back({in_svg("圈子 ", "ring ") + number + in_svg("，账户 ", ", accounts ") +
                          grouped(std::ssize(ring.accounts)),
                      {ring.meetings},
                      grouped(ring.meetings)});
      std::string accounts;
      for (const book::AccountId account : ring.accounts)
        accounts += (accounts.empty() ? "" : "<br>") + book::to_string(account);
      rows.push_back({accounts, grouped(ring.meetings)});
    }
    if (!f_.rings.empty()) {
      out_ += svg::bars(bars);
      table(rows);
    }
    end();
  }

  void advisory() {
    begin("仅供参考的上限", "Advisory caps", "这些上限的依据不在账本里，审计无法核实。",
          "What these caps count is not in the log, so no audit can check them.");
    std::int64_t most = 0;
    for (const auto& [id, till] : f_.by_till) most = std::max(most, till.offline_run_max);
    std::vector<std::vector<std::string>> rows = {
        {zh_en("上限", "cap"), zh_en("值", "value"), zh_en("见到的最大", "most seen")}};
    std::vector<svg::Row> bars;
    for (const auto& [limit, value] : f_.advisory) {
      bars.push_back({escaped(limit), {value}, grouped(value)});
      bars.push_back({in_svg("见到的最大", "most seen"), {most}, grouped(most)});
      rows.push_back({escaped(limit), grouped(value), grouped(most)});
    }
    if (f_.advisory.empty()) {
      none();
    } else {
      out_ += svg::bars(bars);
      table(rows);
    }
    end();
  }

  void gaps() {
    if (f_.gaps.empty()) return;
    begin("较长的停顿", "Long gaps in time");
    std::vector<std::vector<std::string>> rows = {
        {zh_en("之后的条目", "before entry"), zh_en("从", "from"), zh_en("到", "to")}};
    for (const Gap& gap : f_.gaps)
      rows.push_back({grouped(gap.seq), format_time(gap.from_us), format_time(gap.to_us)});
    table(rows);
    end();
  }

  void witnesses() {
    if (report_.witnessed.empty()) return;
    begin("见证人的签名", "Cosignatures", "", "", " class=\"wide\"");
    std::vector<std::vector<std::string>> rows = {
        {zh_en("见证人", "witness"), zh_en("条数", "entries"), zh_en("签于", "signed at"),
         zh_en("最后一条", "last entry"), zh_en("下一条", "next entry")}};
    const auto time = [](const std::optional<TimeUs>& us) {
      return us ? format_time(*us) : std::string("–");
    };
    for (const Witnessed& one : report_.witnessed)
      rows.push_back({escaped(one.witness), grouped(one.size), format_time(one.time_us), time(one.before_us),
                      time(one.after_us)});
    table(rows);
    for (const Witnessed& one : report_.witnessed)
      if (one.dated_back_us > 0)
        out_ += "<p>" + zh_en(escaped(dated_back(one, Lang::zh)).c_str(),
                              escaped(dated_back(one, Lang::en)).c_str()) + "</p>";
    end();
  }

  void trial() {
    if (!report_.trial) return;
    begin("试行规则", "A policy on trial", "最近一个月的条目，假如那时已按这份规则判定。",
          "The last month's entries, had this policy judged them.", " class=\"wide\"");
    std::vector<std::vector<std::string>> rows = {
        {zh_en("规则", "rule"), zh_en("条目", "entries"), zh_en("原发放", "was paid"),
         zh_en("试行发放", "would be paid"), zh_en("试行待审", "would wait"),
         zh_en("试行拒绝", "would be refused")}};
    for (const auto& [rule, figures] : *report_.trial) {
      std::string refused;
      for (const auto& [code, count] : figures.would_refuse)
        refused += (refused.empty() ? "" : "<br>") + escaped(code) + " " + grouped(count);
      rows.push_back({rule.empty() ? zh_en("兑换", "redeem") : escaped(rule), grouped(figures.entries),
                      grouped(figures.was_points), grouped(figures.would_points), grouped(figures.would_wait),
                      refused});
    }
    table(rows);
    end();
  }

  const Report& report_;
  const Figures& f_;
  Lang lang_;
  std::string out_;
};

}  // namespace

std::string to_html(const Report& report, Lang lang) { return Page(report, lang).all(); }

}  // namespace dfb::audit
