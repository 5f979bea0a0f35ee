#include "terminal/kiosk/owners_page.h"

#include "ledger/base/check.h"

namespace dfb::terminal::kiosk {
namespace {

std::vector<ChoiceView> choices(Day today) {
  const std::string month = format_month(today);
  Day of_last_month = today;
  while (format_month(of_last_month) == month) --of_last_month;
  return {{"today", format_day(today)},
          {"yesterday", format_day(today - 1)},
          {"this_month", month},
          {"last_month", format_month(of_last_month)}};
}

void append(std::vector<ReportRow>& to, std::vector<ReportRow> rows) {
  to.insert(to.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

void show(const OwnersReport& report, OwnerView& view) {
  view.ready = true;
  if (!report.days.empty()) view.all = rows_of(report.all);
  for (const auto& [day, figures] : report.days)
    view.days.push_back({format_day(day), figures.net(), rows_of(figures)});
  for (const ZLine& z : report.z) append(view.shifts, rows_of(z));
  for (const Past& past : report.missing) append(view.missing, rows_of(past));
  if (!report.missing.empty()) {
    view.missing_zh = missing_words(Lang::zh);
    view.missing_en = missing_words(Lang::en);
  }
  view.closing = closing_rows(report);
}

}  // namespace

std::string no_report(Lang lang, const Error& why) {
  const std::string code = " (" + std::string(name(why.code)) + ")";
  switch (why.code) {
    case Code::unreachable:
    case Code::timed_out:
    case Code::busy:
    case Code::shutting_down:
    case Code::rate_limited:
      return std::string(pick(lang,
                              "报表由本机按镇账本重新计算，现在连不上镇服务器。请检查网络，再点一次日期；本班的合计在“班次报表”里，断网时也能看",
                              "The figures are recomputed from the town's ledger, which does not answer. Check the "
                              "network and choose the period again; this shift's own sums need no line")) +
             code;
    case Code::malformed:
    case Code::bad_signature:
    case Code::unknown_key:
    case Code::bad_path:
    case Code::wrong_entry:
    case Code::inconsistent:
      return std::string(pick(lang,
                              "镇上送来的账目通不过本机的核验，所以没有报表。请保留本机的文件夹，通知管理员和审计人",
                              "What the town sent does not stand this till's check, so there is no report. Keep this "
                              "till's folder, and tell the administrator and an auditor")) +
             code;
    default:
      return words(lang, why);
  }
}

void OwnersPage::open(bool asks_manager) {
  close();
  asks_manager_ = asks_manager;
}

void OwnersPage::close() {
  asks_manager_ = true;
  period_ = {};
  reading_.reset();
  report_.reset();
  why_.reset();
}

Day OwnersPage::today() const {
  return civil_day(parts_.clock.now_us() + parts_.counter.clock_off_us());
}

void OwnersPage::begin(Period period) {
  period_ = period;
  report_.reset();
  why_.reset();
  reading_ = std::make_unique<LeafReading>(parts_.counter, parts_.line, day_start_us(period_.from),
                                           day_start_us(period_.to + 1));
}

Result<void> OwnersPage::step() {
  DFB_CHECK(is_reading());
  const auto ended = reading_->step();
  if (!ended) {
    reading_.reset();
    if (ended.error().code == Code::io_error) return ended.error();
    why_ = ended.error();
  } else if (*ended) {
    report_ = owners_report(reading_->take(), parts_.history, parts_.shop, period_.from, period_.to);
    reading_.reset();
  }
  return ok();
}

OwnerView OwnersPage::view() const {
  OwnerView view;
  view.asks_manager = asks_manager_;
  if (asks_manager_) return view;
  view.choices = choices(today());
  if (is_reading() || report_ || why_) {
    view.from = format_day(period_.from);
    view.to = format_day(period_.to);
  }
  view.reading = is_reading();
  if (reading_) view.read = static_cast<std::int64_t>(reading_->count());
  if (why_) {
    view.why_zh = no_report(Lang::zh, *why_);
    view.why_en = no_report(Lang::en, *why_);
  }
  if (report_) show(*report_, view);
  return view;
}

}  // namespace dfb::terminal::kiosk
