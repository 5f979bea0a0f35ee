// What a signed-in person sees: tasks, balance, statement with proofs, a QR image.
#include <algorithm>

#include "api/programme/caps.h"
#include "api/programme/labels.h"
#include "api/programme/statement.h"
#include "api/qr/qr.h"
#include "api/routes/as_of.h"
#include "api/routes/query.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/base/encoding.h"
#include "ledger/book/state.h"

namespace dfb::routes {
namespace {

using namespace book;

constexpr std::int64_t kPageMax = 100, kPageDefault = 20;
constexpr std::size_t kQrTextMax = 400;

std::vector<CapView> caps_view(const std::vector<programme::CapUse>& uses) {
  std::vector<CapView> out;
  for (const auto& use : uses) out.push_back({use.rule, use.of, use.per, use.used, use.limit});
  return out;
}

Result<MeView> me(const Call& call) {
  const Account& account = call.caller.account;
  const auto view = call.services.store.snapshot();
  const auto row = view->get<Account>({account.id});
  if (!row) return fail(Code::not_found, "no such account");
  DFB_TRY(const auto then, asked_standing(call, *view, *row));
  MeView out;
  out.account = to_string(account.id);
  out.name = display_name(*view, account);
  out.kind = std::string(name(account.kind));
  fill_points(out, then ? *then : standing_now(call.services, *row), then.has_value());
  if (then) return out;
  out.roles = roles_view(call.caller.grants);
  State state(*view);
  const TimeUs now = call.services.clock.now_us();
  const Policy* policy = state.policy_at(now);
  out.caps.emplace();
  if (policy) out.caps = caps_view(programme::near_caps(state, *policy, *row, now));
  return out;
}

Result<EntriesView> entries(const Call& call) {
  DFB_TRY(const auto asked_before, number_in_query(call, "before"));
  DFB_TRY(const auto asked_limit, number_in_query(call, "limit"));
  const std::int64_t before = asked_before.value_or(std::int64_t{1} << 53);
  const std::int64_t limit = std::clamp<std::int64_t>(asked_limit.value_or(kPageDefault), 1, kPageMax);
  const auto view = call.services.store.snapshot();
  DFB_TRY(const auto last, asked_entry(call, *view));
  const std::int64_t below = last ? std::min(before, *last + 1) : before;
  EntriesView out;
  for (auto& line : programme::statement(*view, call.caller.account, below, limit)) {
    EntryLine row{line.seq,
                  line.time_us,
                  std::move(line.id),
                  std::move(line.op),
                  std::move(line.kind),
                  line.points,
                  std::move(line.reason_zh),
                  std::move(line.reason_en),
                  std::nullopt};
    if (!line.refused.empty()) row.refused = line.refused;
    out.entries.push_back(std::move(row));
  }
  if (static_cast<std::int64_t>(out.entries.size()) == limit) out.next = out.entries.back().seq;
  return out;
}

Result<ProofView> entry(const Call& call) {
  DFB_TRY(const auto seq, parse_decimal(call.path.at("seq")));
  const Error none = fail(Code::not_found, "no entry of yours has this number");
  const auto answer = answer_of(call.services, seq);
  if (!answer) return answer.error().code == Code::not_found ? none : answer.error();
  const auto shown = may_show(*call.services.store.snapshot(), call.caller.account, answer->entry);
  if (!shown) return shown.error().code == Code::not_found ? none : shown.error();
  return ProofView{answer->entry, answer->receipt};
}

bool is_done(const store::View& view, const Rule& rule, const Task& task, AccountId account,
             const std::string& period) {
  const std::string fact = rule.kind + " " + task.task + " " + to_string(account) + " " + period;
  return view.get<FactRow>({fact}).has_value();
}

Result<TasksView> tasks(const Call& call) {
  const auto view = call.services.store.snapshot();
  const TimeUs now = call.services.clock.now_us();
  State state(*view);
  const Policy* policy = state.policy_at(now);
  const bool staff = !call.caller.grants.empty();
  TasksView out;
  for (const auto& label : programme::labels_of_open_tasks(view->sql(), now)) {
    const auto row = view->get<TaskRow>({label.id});
    const Rule* rule = row && policy ? policy->rule(row->data.rule) : nullptr;
    if (!rule) continue;
    if (!staff && !covers(row->data.scope, call.caller.account.scope)) continue;
    const Task& task = row->data;
    auto use = programme::task_use(state, *policy, task, call.caller.account, now);
    const std::string period = period_at(rule->unique, now);
    out.tasks.push_back({task.task, label.zh, label.en, label.detail_zh, label.detail_en, rule->id,
                         rule->kind, rule->points.value, std::string(name(rule->proof)),
                         std::string(name(rule->unique)), period, task.scope, task.opens_us, task.closes_us,
                         is_done(*view, *rule, task, call.caller.account.id, period), use.full,
                         caps_view(use.near)});
  }
  return out;
}

Result<http::Response> qr(const Call& call) {
  DFB_TRY(const auto body, http::from_json<QrBody>(call.request.body));
  if (body.text.empty() || body.text.size() > kQrTextMax)
    return fail(Code::malformed, "a QR code's text has 1 to 400 bytes");
  return http::Response{200, "image/svg+xml", qr::svg(body.text), {{"Cache-Control", "no-store"}}};
}

}  // namespace

void add_me(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/v1/me", Access::session,
                               "The own account, now or as of an entry or a moment", me));
  table.back().query = as_of_query();
  table.push_back(
      without_body("GET", "/v1/me/entries", Access::session, "The own statement, newest first", entries));
  table.back().query = as_of_query({"before", "limit"});
  table.push_back(
      without_body("GET", "/v1/me/entries/{seq}", Access::session, "An own entry and its receipt", entry));
  table.push_back(without_body("GET", "/v1/tasks", Access::session, "Tasks open to the own account", tasks));
  table.push_back({"POST",
                   "/v1/qr",
                   Access::session,
                   "A text as a QR code",
                   http::schema_of<QrBody>(),
                   {},
                   qr,
                   200,
                   "image/svg+xml"});
}

}  // namespace dfb::routes
