// Selling without a line: what a till has to know beforehand, and what it has to tell afterwards.

#include "api/programme/allowances.h"
#include "api/programme/labels.h"
#include "api/routes/counter_types.h"
#include "api/routes/query.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "api/routes/views.h"
#include "ledger/base/encoding.h"
#include "ledger/book/state.h"
#include "ledger/store/log_reader.h"

namespace dfb::routes {
namespace {

using namespace book;

constexpr std::size_t kAllowancesMost = 100, kSalesMost = 200;

// A till that knows of none yet says -1.
Result<std::int64_t> newest_known(const Call& call, std::string_view name, std::int64_t none) {
  if (call.request.query_value(name) == "-1") return none;
  DFB_TRY(const auto number, number_in_query(call, name));
  return number.value_or(none);
}

Result<ProofView> proof_of(const store::View& view, store::LogReader& reader, std::int64_t seq) {
  const auto texts = view.entries(seq, 1);
  if (texts.empty()) return fail(Code::not_found, "no such entry");
  DFB_TRY(const auto receipt, reader.receipt(seq));
  return ProofView{texts.front(), log::format_receipt(receipt)};
}

Result<OfflineView> offline(const Call& call) {
  DFB_TRY(const std::int64_t after, newest_known(call, "after", -1));
  DFB_TRY(const std::int64_t version, newest_known(call, "policy", 0));
  Services& services = call.services;
  const auto head = services.writer.head();
  const auto view = services.store.snapshot();
  store::LogReader reader(*view, *head);
  OfflineView out;
  out.time_us = services.clock.now_us();
  out.suspended = call.caller.account.state != AccountState::open;
  State state(*view);
  const Policy* policy = state.policy_at(out.time_us);
  out.tills = programme::count_tills(*view, out.time_us - (policy ? policy->limits.offline_hours : 0) * kHourUs);
  if (policy && policy->version != version) {
    DFB_TRY(out.policy, proof_of(*view, reader, view->get<PolicyRow>({policy->version})->seq));
  }
  const auto allowances = programme::allowances_after(*view, after, kAllowancesMost, out.time_us);
  for (const HoldRow& hold : allowances.live) {
    // Committed after the head was read: the next question finds it.
    if (hold.seq >= head->checkpoint.size) break;
    DFB_TRY(auto proof, proof_of(*view, reader, hold.seq));
    out.allowances.push_back({std::move(proof.entry), std::move(proof.receipt),
                              base64url_encode(view->get<KeyRow>({hold.device})->spki),
                              masked_name(*view, hold.account)});
  }
  for (const Uuid& id : allowances.stopped) out.stopped.push_back(to_string(id));
  out.more = allowances.more;
  return out;
}

// Sales by offline code alone; also of a shop that was frozen since, as the ledger takes them.
Result<void> admit_offline_sale(const Call& call, const Payload& payload) {
  const auto* sale = std::get_if<Transfer>(&payload.body);
  const bool offline = sale && sale->kind == TransferKind::redeem &&
                       std::holds_alternative<OfflineProof>(sale->proof);
  if (!offline || payload.by != call.caller.key)
    return fail(Code::malformed, "this route takes sales by offline code, signed by the till that sends them");
  return ok();
}

Result<OfflineAnswersView> take_sales(const Call& call, const OfflineSalesBody& body) {
  if (body.commands.empty() || body.commands.size() > kSalesMost)
    return fail(Code::malformed, "1 to 200 sales at a time");
  OfflineAnswersView out;
  for (auto& answer : execute_each(call.services, body.commands,
                                   [&](const Payload& payload) { return admit_offline_sale(call, payload); })) {
    OfflineAnswerView one;
    if (answer) {
      one.answer = std::move(answer).value();
    } else {
      one.problem = OfflineProblem{std::string(name(answer.error().code)), answer.error().detail};
    }
    out.answers.push_back(std::move(one));
  }
  return out;
}

// Where points can be spent: what a phone has to know to name a shop without a line. With `mine`, what an officer
// has to know to keep the shops' people: those of their own places.
Result<ShopsView> shops(const Call& call) {
  const auto view = call.services.store.snapshot();
  const bool mine = call.request.query_value("mine") == "1";
  ShopsView out;
  for (const auto& label : programme::labels(view->sql(), "shop")) {
    const auto id = parse_account(label.id);
    const auto account = id ? view->get<Account>({*id}) : std::nullopt;
    if (account && account->state == AccountState::open &&
        (!mine || is_responsible(call.caller, *account, {Role::officer, Role::administrator})))
      out.shops.push_back({label.id, label.zh, label.en});
  }
  return out;
}

}  // namespace

void add_offline(std::vector<Route>& table) {
  table.push_back(without_body("GET", "/v1/till/offline", Access::till,
                               "What a till has to know to sell without a line", offline));
  table.back().query = {"after", "policy"};
  table.push_back(without_body("GET", "/v1/shops", Access::session, "The shops where points can be spent", shops));
  table.back().query = {"mine"};
  table.push_back(with_body("POST", "/v1/offline-sales", Access::till,
                            "Sales that were made without a line, up to 200, each answered by itself",
                            take_sales));
}

}  // namespace dfb::routes
