// Z reports: what a till says that its shift came to, entered when the ledger's entries say the same.
#include "api/programme/shift_figures.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "ledger/base/encoding.h"
#include "ledger/book/shift_report.h"
#include "ledger/book/state.h"

namespace dfb::routes {
namespace {

using namespace book;

// A till's numbers follow one another: `subject` is the one after `last`, or the first.
bool number_follows(const std::string& subject, const std::optional<Record>& last, const KeyId& till) {
  if (!last) return subject == shift_report_subject(till, 1);
  const auto number = parse_decimal(std::string_view(last->subject).substr(last->subject.rfind('-') + 1));
  return number && subject == shift_report_subject(till, number.value() + 1);
}

// Neither day nor journal goes back behind the report before; the first report's day not behind the till itself.
Result<void> goes_on(const Record& report, const std::optional<Record>& last, TimeUs till_from_us) {
  const std::string first = last ? last->period : format_day(civil_day(till_from_us));
  if (report.period < first)
    return fail(Code::inconsistent, "the report's day lies before " + first + "; set the till's clock");
  if (last && report.lines <= last->lines)
    return fail(Code::inconsistent, "the till's journal is shorter than at its report before: it is an old copy");
  return ok();
}

Result<void> report_agrees(const Call& call, const Record& report) {
  const auto view = call.services.store.snapshot();
  const auto figures = programme::shift_figures(*view, call.caller.account.id, call.caller.key);
  if (!number_follows(report.subject, figures.last, call.caller.key))
    return fail(Code::inconsistent, "the report's number does not follow this till's last one, " +
                                        (figures.last ? figures.last->subject : "of which there is none"));
  DFB_TRY_VOID(goes_on(report, figures.last, view->get<KeyRow>({call.caller.key})->from_us));
  if (report.count != figures.count || report.total != figures.total || report.refunds != figures.refunds ||
      report.refunded != figures.refunded)
    return fail(Code::inconsistent,
                "by the ledger this shift has " + std::to_string(figures.count) + " sales of " +
                    std::to_string(figures.total) + " points, and " + std::to_string(figures.refunds) +
                    " refunds of " + std::to_string(figures.refunded));
  return ok();
}

// A retry of a report that was entered gets the first answer, whatever was sold since.
Result<CommandAnswer> close_shift(const Call& call, const SignedCommand& body) {
  return execute(call.services, body, [&call](const Payload& payload) -> Result<void> {
    const auto* record = std::get_if<Record>(&payload.body);
    if (!record || record->kind != "zreport" || payload.by != call.caller.key)
      return fail(Code::malformed, "a shift's report is signed by the till that sends it");
    if (seen(call.services, payload.id)) return ok();
    DFB_TRY_VOID(call.services.shift_reports->take(hash_text(call.caller.key), call.services.clock.now_us()));
    return report_agrees(call, *record);
  });
}

}  // namespace

void add_shifts(std::vector<Route>& table) {
  table.push_back(
      with_body("POST", "/v1/shift-reports", Access::till, "Close a shift: the till's Z report", close_shift));
}

}  // namespace dfb::routes
