// X and Z reports: what a till says that its shift comes to, entered when the ledger's entries say the same.
#include "api/programme/shift_figures.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "ledger/base/encoding.h"
#include "ledger/book/shift_report.h"
#include "ledger/book/state.h"

namespace dfb::routes {
namespace {

using namespace book;

constexpr std::int64_t kNumberMost = 1'000'000'000;

// A till's numbers follow one another: `subject` is the one after that of `last`. Without one a Z report is the first of
// its till; an X report is the shift's first, and which number came before it the till's journal alone knows.
bool number_follows(const Record& report, const std::optional<Record>& last, const KeyId& till) {
  const auto number_of = [](std::string_view subject) {
    const auto number = parse_decimal(subject.substr(subject.rfind('-') + 1));
    return number && *number <= kNumberMost ? *number : 0;
  };
  const bool may_begin_anywhere = report.kind == kXReport && !last;
  const std::int64_t number = may_begin_anywhere ? number_of(report.subject) : last ? number_of(last->subject) + 1 : 1;
  return number > 0 && report.subject == shift_report_subject(report.kind, till, number);
}

// Neither day nor journal goes back behind the report before, of either kind; the first report's day not behind the till
// itself.
Result<void> goes_on(const Record& report, const std::optional<Record>& before, TimeUs till_from_us) {
  const std::string first = before ? before->period : format_day(civil_day(till_from_us));
  if (report.period < first)
    return fail(Code::inconsistent, "the report's day lies before " + first + "; set the till's clock");
  if (before && report.lines <= before->lines)
    return fail(Code::inconsistent, "the till's journal is shorter than at its report before: it is an old copy");
  return ok();
}

Result<void> report_agrees(const Call& call, const Record& report) {
  const auto view = call.services.store.snapshot();
  const auto figures = programme::shift_figures(*view, call.caller.account.id, call.caller.key);
  const auto& last = report.kind == kXReport ? figures.reading : figures.last;
  if (!number_follows(report, last, call.caller.key))
    return fail(Code::inconsistent, "the report's number does not follow this till's last one, " +
                                        (last ? last->subject : "of which there is none"));
  const auto& before = figures.reading ? figures.reading : figures.last;
  DFB_TRY_VOID(goes_on(report, before, view->get<KeyRow>({call.caller.key})->from_us));
  if (report.count != figures.count || report.total != figures.total || report.refunds != figures.refunds ||
      report.refunded != figures.refunded)
    return fail(Code::inconsistent,
                "by the ledger this shift has " + std::to_string(figures.count) + " sales of " +
                    std::to_string(figures.total) + " points, and " + std::to_string(figures.refunds) +
                    " refunds of " + std::to_string(figures.refunded));
  return ok();
}

// A retry of a report that was entered gets the first answer, whatever was sold since.
Result<CommandAnswer> report_shift(const Call& call, const SignedCommand& body) {
  return execute(call.services, body, [&call](const Payload& payload) -> Result<void> {
    const auto* record = std::get_if<Record>(&payload.body);
    if (!record || !is_shift_report(record->kind) || payload.by != call.caller.key)
      return fail(Code::malformed, "a shift's report is signed by the till that sends it");
    if (seen(call.services, payload.id)) return ok();
    DFB_TRY_VOID(call.services.shift_reports->take(hash_text(call.caller.key), call.services.clock.now_us()));
    return report_agrees(call, *record);
  });
}

}  // namespace

void add_shifts(std::vector<Route>& table) {
  table.push_back(
      with_body("POST", "/v1/shift-reports", Access::till, "Read or close a shift: the till's X or Z report", report_shift));
}

}  // namespace dfb::routes
