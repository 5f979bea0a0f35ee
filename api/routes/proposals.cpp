// What waits for a second person. Whether a signature is missing, and whose would count, the book itself
// says: it is asked as if the command came with those signatures, and what it answers is thrown away.
#include "api/programme/proposals.h"

#include <algorithm>

#include "api/programme/people.h"
#include "api/routes/signed_command.h"
#include "api/routes/table.h"
#include "ledger/base/encoding.h"
#include "ledger/book/apply.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/entry_text.h"

namespace dfb::routes {
namespace {

using namespace book;
using programme::Proposal;

// Nothing where the ledger would take the command now; else its refusal.
Result<void> ask_book(Services& services, const Payload& payload, const std::string& line,
                      std::vector<KeyId> signers) {
  const auto view = services.store.snapshot();
  State state(*view);
  const auto* ledger = state.find<LedgerRow>({1});
  const TimeUs now_us = std::max(services.clock.now_us(), ledger ? ledger->last_time_us : 0);
  DFB_TRY(const auto applied, apply(state, Command{payload, sha256(line), std::move(signers)}, now_us));
  if (!applied.outcome) return fail(Code::exists_with_different_content, "this command was entered already");
  if (applied.outcome->refused) return fail(*applied.outcome->refused, "the ledger would refuse it");
  return ok();
}

std::vector<KeyId> keys_of(const std::vector<KeySignature>& signatures) {
  std::vector<KeyId> keys;
  for (const auto& one : signatures) keys.push_back(one.key);
  return keys;
}

ProposalView view_of(sql::Connection& sql, const Proposal& proposal, AccountId reader) {
  ProposalView out;
  out.id = to_string(proposal.id);
  out.account = to_string(proposal.account);
  if (const auto person = programme::find_person(sql, proposal.account)) out.name = person->name;
  out.payload = proposal.payload;
  for (const auto& one : proposal.signatures)
    out.signatures.push_back({hash_text(one.key), base64url_encode(one.bytes)});
  out.at_us = proposal.at_us, out.until_us = proposal.until_us;
  out.own = proposal.account == reader;
  return out;
}

Result<ProposalView> propose(const Call& call, const SignedCommand& body) {
  Services& services = call.services;
  DFB_TRY(const auto command, checked(services, body));
  const Payload& payload = command.command().payload;
  if (payload.by != call.caller.key)
    return fail(Code::forbidden, "propose with the key that you signed in with: its signature is the first");
  if (!payload.linked.empty()) return fail(Code::malformed, "a chain is not proposed");
  DFB_TRY_VOID(admit_managing(call.caller, payload));
  const auto missing = ask_book(services, payload, body.payload, command.command().signers);
  if (missing) return fail(Code::malformed, "nobody else has to sign this: send it to /v1/commands");
  if (missing.error().code != Code::needs_second_person) return missing.error();
  const Proposal proposal{payload.id,           call.caller.account.id,  body.payload,
                          command.signatures(), services.clock.now_us(), payload.not_after_us};
  DFB_TRY_VOID(services.writer.run(
      [&](sql::Connection& sql) -> Result<void> { return programme::put_proposal(sql, proposal); }));
  return view_of(services.store.snapshot()->sql(), proposal, call.caller.account.id);
}

// The faults of a signer; any other refusal is about the matter, and somebody else's signature would not
// help.
bool is_signers_fault(Code code) { return code >= Code::key_not_enrolled && code <= Code::own_benefit; }

bool would_count(Services& services, const Proposal& proposal, const KeyId& key) {
  auto signers = keys_of(proposal.signatures);
  if (std::find(signers.begin(), signers.end(), key) != signers.end()) return false;
  signers.push_back(key);
  const auto payload = parse_payload(proposal.payload);
  if (!payload) return false;
  const auto asked = ask_book(services, *payload, proposal.payload, std::move(signers));
  return asked || !is_signers_fault(asked.error().code);
}

Result<ProposalsView> proposals(const Call& call) {
  const auto view = call.services.store.snapshot();
  ProposalsView out;
  for (const Proposal& one : programme::proposals_at(view->sql(), call.services.clock.now_us()))
    if (!seen(call.services, one.id) &&
        (one.account == call.caller.account.id || would_count(call.services, one, call.caller.key)))
      out.proposals.push_back(view_of(view->sql(), one, call.caller.account.id));
  return out;
}

Result<Uuid> asked_id(const Call& call) {
  const auto id = parse_uuid(call.path.at("id"));
  if (!id) return fail(Code::not_found, "no such proposal");
  return *id;
}

// Gone because it was entered: whoever signed it gets its answer again.
Result<CommandAnswer> answered(const Call& call, const Uuid& id) {
  if (const auto row = seen(call.services, id)) {
    DFB_TRY(auto answer, answer_of(call.services, row->seq));
    DFB_TRY(const auto entry, log::parse_entry_text(answer.entry));
    for (const auto& one : entry.signatures)
      if (one.key == call.caller.key) return answer;
  }
  return fail(Code::not_found, "no such proposal: it was withdrawn, has run out, or never was");
}

Result<CommandAnswer> second(const Call& call, const ProposalSignatureBody& body) {
  Services& services = call.services;
  DFB_TRY(const Uuid id, asked_id(call));
  const auto proposal = programme::find_proposal(services.store.snapshot()->sql(), id);
  if (!proposal) return answered(call, id);
  auto signers = keys_of(proposal->signatures);
  if (std::find(signers.begin(), signers.end(), call.caller.key) != signers.end())
    return fail(Code::approver_same_person, "you proposed this: another person signs second");
  SignedCommand command{proposal->payload, {}};
  for (const auto& one : proposal->signatures)
    command.signatures.push_back({hash_text(one.key), base64url_encode(one.bytes)});
  command.signatures.push_back({hash_text(call.caller.key), body.signature});
  return execute(
      services, command, [](const Payload&) { return ok(); },
      [id](sql::Connection& sql, std::int64_t, TimeUs) -> Result<void> {
        programme::drop_proposal(sql, id);
        return ok();
      });
}

Result<http::Response> withdraw(const Call& call) {
  DFB_TRY(const Uuid id, asked_id(call));
  const AccountId own = call.caller.account.id;
  DFB_TRY_VOID(call.services.writer.run([id, own](sql::Connection& sql) -> Result<void> {
    const auto proposal = programme::find_proposal(sql, id);
    if (!proposal || proposal->account != own) return fail(Code::not_found, "no such proposal of yours");
    programme::drop_proposal(sql, id);
    return ok();
  }));
  return http::Response{204, "", "", {}};
}

}  // namespace

void add_proposals(std::vector<Route>& table) {
  table.push_back(with_body("POST", "/v1/proposals", Access::officer,
                            "Propose a command that a second person has to sign", propose));
  table.push_back(without_body("GET", "/v1/proposals", Access::officer,
                               "One's own proposals, and those that one's signature would decide",
                               proposals));
  table.push_back(with_body("POST", "/v1/proposals/{id}/signatures", Access::officer,
                            "Sign another person's proposal, which enters it", second));
  table.push_back(
      {"DELETE", "/v1/proposals/{id}", Access::officer, "Withdraw one's own proposal", {}, {}, withdraw});
  table.back().status = 204;
}

}  // namespace dfb::routes
