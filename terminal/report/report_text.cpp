#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "terminal/report/owners_report.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

struct TallyRow {
  std::string_view zh, en;
  Tally DayFigures::*tally;
  char sign;  // how it moves the shop's balance; ' ' for a part of another row
};
constexpr TallyRow kTakings[] = {
    {"收款", "Sales", &DayFigures::sales, '+'},
    {"　其中断网", "  offline", &DayFigures::offline, ' '},
    {"预留取货", "Picked up", &DayFigures::picked_up, '+'},
    {"退还", "Refunds", &DayFigures::refunds, '-'},
    {"作废、撤销", "Voided, cancelled", &DayFigures::cancelled, '-'},
};
constexpr TallyRow kOfTheTown[] = {
    {"离线补偿", "Losses covered", &DayFigures::covered, '+'},
    {"已结算", "Settled", &DayFigures::settled, '-'},
};

std::string signed_points(char sign, std::int64_t points) {
  return points == 0 || sign == ' ' ? std::to_string(points) : sign + std::to_string(points);
}

std::string with_sign(std::int64_t points) { return (points > 0 ? "+" : "") + std::to_string(points); }

ReportRow plain(std::string_view zh, std::string_view en, const std::string& value) {
  return {std::string(zh), std::string(en), value, value};
}

template <std::size_t N>
void add_tallies(const TallyRow (&rows)[N], const DayFigures& day, std::vector<ReportRow>& out) {
  for (const TallyRow& row : rows) {
    const Tally& tally = day.*row.tally;
    if (tally.count == 0) continue;
    const std::string count = std::to_string(tally.count), points = signed_points(row.sign, tally.points);
    out.push_back({std::string(row.zh), std::string(row.en), count + " 笔  " + points, count + " x  " + points});
  }
}

std::string text_of(const std::vector<ReportRow>& rows, Lang lang, int columns) {
  std::string out;
  for (const ReportRow& row : rows)
    out += two_ends(pick(lang, row.zh, row.en), pick(lang, row.value_zh, row.value_en), columns);
  return out;
}

boost::json::object json_of(const Tally& tally) {
  return {{"count", tally.count}, {"points", tally.points}};
}

boost::json::object json_of(const DayFigures& day) {
  return {{"sales", json_of(day.sales)},         {"offline", json_of(day.offline)},
          {"picked_up", json_of(day.picked_up)}, {"refunds", json_of(day.refunds)},
          {"cancelled", json_of(day.cancelled)}, {"covered", json_of(day.covered)},
          {"settled", json_of(day.settled)},     {"cash_fen", day.cash_fen},
          {"settled_fen", day.settled_fen},      {"refused", day.refused},
          {"net", day.net()},                    {"balance", day.balance()}};
}

}  // namespace

std::vector<ReportRow> rows_of(const DayFigures& day) {
  std::vector<ReportRow> out;
  add_tallies(kTakings, day, out);
  out.push_back(plain("净收", "Net", with_sign(day.net())));
  if (day.cash_fen != 0) out.push_back(plain("　另收现金", "  cash beside", "¥" + yuan(day.cash_fen)));
  add_tallies(kOfTheTown, day, out);
  if (day.settled_fen != 0) out.push_back(plain("　结算金额", "  paid out", "¥" + yuan(day.settled_fen)));
  if (day.refused != 0) out.push_back(plain("被拒", "Refused", std::to_string(day.refused)));
  out.push_back(plain("余额变动", "Balance", with_sign(day.balance())));
  return out;
}

std::vector<ReportRow> rows_of(const ZLine& z) {
  const std::string label = z.subject + " " + z.period;
  return {plain(label, label,
                std::to_string(z.sales.count) + "/" + std::to_string(z.sales.points) + "  -" +
                    std::to_string(z.refunds.count) + "/" + std::to_string(z.refunds.points))};
}

std::vector<ReportRow> rows_of(const Past& missing) {
  const std::string label = "#" + std::to_string(missing.seq);
  // Of what lies long behind, the journal's history has the number alone.
  return {plain(label, label, missing.points.value > 0 ? std::to_string(missing.points.value) : "-")};
}

std::string_view missing_words(Lang lang) {
  return pick(lang, "注意：本机记录里已完成、镇里的清单却没有的：",
              "CARE: done by this terminal's journal, and not in the town's list:");
}

std::vector<ReportRow> closing_rows(const OwnersReport& report) {
  const std::string size = std::to_string(report.under.size);
  return {plain("其中未结算", "Not settled yet", with_sign(report.unsettled)),
          {"逐条核对的账本", "Proven against", size + " 条", size + " entries"},
          plain("根", "Root", base64_encode(report.under.root.view()))};
}

std::string report_text(const OwnersReport& report, std::string_view shop, Lang lang, int columns) {
  const std::string rule(static_cast<std::size_t>(columns), '-');
  std::string out = centred(shop, columns);
  const std::string period =
      format_day(report.from) + (report.to == report.from ? "" : " – " + format_day(report.to));
  out += centred(std::string(pick(lang, "店主报表 ", "Owner's report ")) + period, columns);
  out += rule + "\n";
  if (report.days.empty())
    out += std::string(pick(lang, "这段时间没有记录", "Nothing happened in this time")) + "\n";
  if (report.days.size() > 1) {
    for (const auto& [day, figures] : report.days)
      out += format_day(day) + "\n" + text_of(rows_of(figures), lang, columns) + "\n";
    out += std::string(pick(lang, "合计", "All days")) + "\n";
  }
  if (!report.days.empty()) out += text_of(rows_of(report.all), lang, columns);
  for (const ZLine& z : report.z) out += text_of(rows_of(z), lang, columns);
  out += rule + "\n";
  if (!report.missing.empty()) out += std::string(missing_words(lang)) + "\n";
  for (const Past& past : report.missing) out += text_of(rows_of(past), lang, columns);
  return out + text_of(closing_rows(report), lang, columns);
}

std::string report_json(const OwnersReport& report, std::string_view shop) {
  boost::json::array days, z, missing;
  for (const auto& [day, figures] : report.days) {
    auto one = json_of(figures);
    one["day"] = format_day(day);
    days.push_back(std::move(one));
  }
  for (const ZLine& one : report.z)
    z.push_back({{"seq", one.seq},
                 {"subject", one.subject},
                 {"period", one.period},
                 {"sales", json_of(one.sales)},
                 {"refunds", json_of(one.refunds)}});
  for (const Past& past : report.missing)
    missing.push_back({{"id", to_string(past.id)}, {"seq", past.seq}, {"points", past.points.value}});
  const boost::json::object out = {{"shop", boost::json::string_view(shop.data(), shop.size())},
                                   {"from", format_day(report.from)},
                                   {"to", format_day(report.to)},
                                   {"days", std::move(days)},
                                   {"all", json_of(report.all)},
                                   {"z", std::move(z)},
                                   {"missing", std::move(missing)},
                                   {"unsettled", report.unsettled},
                                   {"log_size", report.under.size},
                                   {"log_root", base64_encode(report.under.root.view())}};
  return boost::json::serialize(out);
}

}  // namespace dfb::terminal
