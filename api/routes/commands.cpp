// Signed commands of residents, officers and administrators. Whether the signer may do it is the ledger's
// decision; a route only says which kinds of command it takes, and adds the programme's side of them in the
// same transaction.
#include "api/programme/labels.h"
#include "api/programme/people.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "ledger/base/encoding.h"

namespace dfb::routes {
namespace {

using namespace book;

constexpr std::string_view kErasure = "erasure";

Result<void> wrong_route() { return fail(Code::malformed, "this route does not take that kind of command"); }

template <class... Bodies>
bool is_one_of(const Payload& payload) {
  return (std::holds_alternative<Bodies>(payload.body) || ...);
}

Result<CommandAnswer> enrol(const Call& call, const EnrolmentBody& body) {
  Services& services = call.services;
  DFB_TRY_VOID(services.enrolments.take(call.request.remote, services.clock.now_us()));
  DFB_TRY(const Payload payload, parse_payload(body.payload));
  const auto* open = std::get_if<Open>(&payload.body);
  const PrivateKey* server = services.server_keys.find(payload.by);
  if (!open || open->kind != AccountKind::resident || open->level != Level::phone || !server)
    return fail(Code::malformed,
                "an enrolment opens a resident's account at level phone, by the server's key");
  const programme::Person person{open->account, body.name, body.phone};
  DFB_TRY_VOID(check_person(person));
  SignedCommand command{body.payload, body.signatures};
  const std::string signature = sign(*server, SignedKind::payload, services.origin, body.payload);
  command.signatures.insert(command.signatures.begin(), {hash_text(payload.by), base64url_encode(signature)});
  return execute(
      services, command, [](const Payload&) { return ok(); },
      [person](sql::Connection& sql, std::int64_t, TimeUs time_us) -> Result<void> {
        put_person(sql, person, time_us);
        return ok();
      });
}

// Anyone may ask, and each try costs up to 16 signature checks.
Result<CommandAnswer> add_key(const Call& call, const SignedCommand& body) {
  DFB_TRY_VOID(call.services.sign_ins.take(call.request.remote, call.services.clock.now_us()));
  return execute(call.services, body,
                 [](const Payload& payload) { return is_one_of<AddKey>(payload) ? ok() : wrong_route(); });
}

Result<CommandAnswer> revoke(const Call& call, const SignedCommand& body) {
  return execute(call.services, body, [](const Payload& payload) {
    const auto* card = std::get_if<SetCard>(&payload.body);
    return is_one_of<RevokeKey>(payload) || (card && !card->open) ? ok() : wrong_route();
  });
}

// Facts about residents, with what they earn. A till's shift report and an erasure are none.
const Record* fact_in(const Payload& payload) {
  const auto* record = std::get_if<Record>(&payload.body);
  return record && !record->rule.empty() ? record : nullptr;
}

// Of any kind: a check-in, a report, an opinion, a vote …
Result<CommandAnswer> check_in(const Call& call, const SignedCommand& body) {
  const AccountId own = call.caller.account.id;
  return execute(call.services, body, [own](const Payload& payload) -> Result<void> {
    const auto* record = fact_in(payload);
    if (!record) return wrong_route();
    if (record->account != own) return fail(Code::forbidden, "a check-in is for one's own account");
    return ok();
  });
}

// What an officer writes down for a resident who stands before them or spoke up in a meeting; and an
// administrator's note that something was erased.
Result<CommandAnswer> write_down(const Call& call, const SignedCommand& body) {
  return execute(call.services, body, [&call](const Payload& payload) -> Result<void> {
    if (fact_in(payload)) return ok();
    const auto* note = std::get_if<Record>(&payload.body);
    if (!note || note->kind != kErasure) return wrong_route();
    if (!call.caller.holds(Role::administrator))
      return fail(Code::forbidden, "an erasure is recorded by an administrator");
    return ok();
  });
}

Result<CommandAnswer> raise_level(const Call& call, const SignedCommand& body) {
  return execute(call.services, body, [](const Payload& payload) -> Result<void> {
    if (const auto* open = std::get_if<Open>(&payload.body); open && open->kind != AccountKind::resident)
      return wrong_route();
    return is_one_of<SetLevel, Open, Roster>(payload) ? ok() : wrong_route();
  });
}

Result<CommandAnswer> publish_task(const Call& call, const TaskBody& body) {
  DFB_TRY(const Payload payload, parse_payload(body.payload));
  const auto* task = std::get_if<PublishTask>(&payload.body);
  if (!task) return wrong_route().error();
  const programme::Label label{"task",        task->task.task, body.title_zh,
                               body.title_en, body.detail_zh,  body.detail_en};
  DFB_TRY_VOID(check_label(label));
  return execute(
      call.services, {body.payload, body.signatures}, [](const Payload&) { return ok(); },
      [label](sql::Connection& sql, std::int64_t, TimeUs) -> Result<void> {
        put_label(sql, label);
        return ok();
      });
}

bool is_award(const Payload& payload) {
  const auto* transfer = std::get_if<Transfer>(&payload.body);
  return transfer && transfer->kind == TransferKind::award;
}

// Genesis is made once, where the town is founded, never over the wire. Sales and refunds are tills'.
bool is_administrators(const Payload& payload) {
  if (is_one_of<PublishPolicy, GrantRole, EndRole, Import, AddWitness, EndWitness, NextLogKey, ConfirmClock,
                EndOrigin, Reverse>(payload))
    return true;
  const auto* transfer = std::get_if<Transfer>(&payload.body);
  return transfer && transfer->kind != TransferKind::redeem && transfer->kind != TransferKind::refund;
}

}  // namespace

Result<void> admit_managing(const Caller& caller, const Payload& payload) {
  const auto* card = std::get_if<SetCard>(&payload.body);
  if (is_one_of<SetState, Move, SetLevel, AddKey, RevokeKey, Open>(payload) || is_award(payload) ||
      (card && !card->open))
    return ok();
  if (!is_administrators(payload)) return wrong_route();
  if (!caller.holds(Role::administrator))
    return fail(Code::forbidden, "this command needs the role administrator");
  return ok();
}

namespace {

Result<CommandAnswer> manage(const Call& call, const SignedCommand& body) {
  return execute(call.services, body,
                 [&call](const Payload& payload) { return admit_managing(call.caller, payload); });
}

Result<ChainAnswer> manage_chain(const Call& call, const ChainBody& body) {
  return execute(call.services, body,
                 [&call](const Payload& payload) { return admit_managing(call.caller, payload); });
}

}  // namespace

void add_commands(std::vector<Route>& table) {
  const auto add = [&table](std::string pattern, Access access, std::string summary, auto handler) {
    table.push_back(with_body("POST", std::move(pattern), access, std::move(summary), handler));
  };
  add("/v1/enrolments", Access::anyone, "Open a resident's account at level phone with this device's key",
      enrol);
  add("/v1/keys", Access::anyone, "Bring in a device or till by a ticket, a device or an officer", add_key);
  add("/v1/revocations", Access::session, "Revoke a key, or end a card", revoke);
  add("/v1/check-ins", Access::session, "A fact of one's own: check-in, report, attendance, opinion, vote",
      check_in);
  add("/v1/records", Access::officer, "A fact that an officer writes down for a resident", write_down);
  add("/v1/residents/levels", Access::officer, "Verify residents: in person or by a grid's roster",
      raise_level);
  add("/v1/tasks", Access::officer, "Publish or replace a task", publish_task);
  add("/v1/commands", Access::officer, "Any other command of officers, administrators and roots", manage);
  add("/v1/chains", Access::officer, "Such commands, linked: all of them or none", manage_chain);
}

}  // namespace dfb::routes
