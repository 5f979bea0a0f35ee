#include "api/routes/signed_command.h"

#include <boost/json/parse.hpp>
#include <future>

#include "api/programme/reservations.h"
#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/book/outcome.h"
#include "ledger/check/checked_command.h"
#include "ledger/log/entry_text.h"
#include "ledger/store/log_reader.h"

namespace dfb::routes {
namespace {

constexpr std::size_t kChainMax = 16;

Result<std::vector<KeySignature>> signatures_of(const SignedCommand& body) {
  std::vector<KeySignature> signatures;
  for (const auto& signature : body.signatures) {
    DFB_TRY(const KeyId key, parse_hash_text(signature.key));
    DFB_TRY(std::string bytes, base64url_decode(signature.signature));
    signatures.push_back({key, std::move(bytes)});
  }
  return signatures;
}

// Over the newest cosigned tree when the entry is in it: a receipt is worth more with witnesses' lines.
Result<log::Receipt> receipt_for(Services& services, const store::Head& head, std::int64_t seq, bool known) {
  const auto view = services.store.snapshot();
  store::LogReader reader(*view, head);
  const auto cosigned = known && services.cosigned ? services.cosigned() : nullptr;
  if (!cosigned || cosigned->checkpoint.size <= seq || cosigned->checkpoint.size > head.checkpoint.size)
    return reader.receipt(seq);
  log::Receipt receipt;
  receipt.index = seq;
  DFB_TRY(receipt.path, log::inclusion_path(seq, cosigned->checkpoint.size, reader));
  DFB_TRY(receipt.checkpoint, log::parse_note(cosigned->note));
  return receipt;
}

Result<CommandAnswer> describe(Services& services, const store::Head& head, const std::string& leaf,
                               bool known) {
  DFB_TRY(const auto entry, log::parse_entry_text(leaf));
  DFB_TRY(const auto outcome, book::parse_outcome(entry.outcome));
  DFB_TRY(const auto receipt, receipt_for(services, head, entry.seq, known));
  CommandAnswer answer;
  answer.seq = entry.seq;
  answer.time_us = entry.time_us;
  answer.known = known;
  answer.entry = leaf;
  answer.receipt = log::format_receipt(receipt);
  answer.outcome = boost::json::parse(entry.outcome).as_object();
  if (outcome.refused) answer.refused = std::string(name(*outcome.refused));
  return answer;
}

Result<check::CheckedCommand> admitted(Services& services, const SignedCommand& body, const Admit& admit) {
  DFB_TRY(auto command, checked(services, body));
  DFB_TRY_VOID(admit(command.command().payload));
  return command;
}

}  // namespace

Result<check::CheckedCommand> checked(Services& services, const SignedCommand& body) {
  DFB_TRY(auto signatures, signatures_of(body));
  return check::check(body.payload, std::move(signatures), services.keys, services.origin);
}

Result<ChainAnswer> execute(Services& services, const ChainBody& body, const Admit& admit) {
  if (body.commands.empty() || body.commands.size() > kChainMax)
    return fail(Code::malformed, "a chain has 2 to 16 commands");
  std::vector<check::CheckedCommand> chain;
  for (const auto& one : body.commands) {
    DFB_TRY(auto command, admitted(services, one, admit));
    chain.push_back(std::move(command));
  }
  DFB_TRY(const auto answers, services.writer.run(std::move(chain)));
  ChainAnswer out;
  for (const Answer& answer : answers) {
    DFB_TRY(auto described, describe(services, *answer.head, answer.entry, answer.known));
    out.answers.push_back(std::move(described));
  }
  return out;
}

Result<CommandAnswer> execute(Services& services, const SignedCommand& body, const Admit& admit, Step step) {
  DFB_TRY(auto command, admitted(services, body, admit));
  DFB_TRY(const Answer answer, services.writer.run(std::move(command), std::move(step)));
  return describe(services, *answer.head, answer.entry, answer.known);
}

Result<CommandAnswer> execute_and_move_goods(Services& services, const SignedCommand& body, const Admit& admit) {
  DFB_TRY(auto payload, book::parse_payload(body.payload));
  return execute(services, body, admit,
                 [payload = std::move(payload)](sql::Connection& sql, std::int64_t, TimeUs) -> Result<void> {
                   programme::move_goods(sql, payload);
                   return ok();
                 });
}

std::vector<Result<CommandAnswer>> execute_each(Services& services, const std::vector<SignedCommand>& bodies,
                                                const Admit& admit) {
  std::vector<std::future<Result<Answer>>> waiting;
  for (const SignedCommand& body : bodies) {
    auto promise = std::make_shared<std::promise<Result<Answer>>>();
    waiting.push_back(promise->get_future());
    auto command = admitted(services, body, admit);
    if (command) {
      services.writer.submit(std::move(command).value(), {},
                             [promise](Result<Answer> answer) { promise->set_value(std::move(answer)); });
    } else {
      promise->set_value(command.error());
    }
  }
  std::vector<Result<Answer>> answers;
  for (auto& one : waiting) answers.push_back(one.get());
  const auto head = services.writer.head();
  std::vector<Result<CommandAnswer>> out;
  for (const auto& answer : answers)
    out.push_back(answer ? describe(services, *head, answer->entry, answer->known)
                         : Result<CommandAnswer>(answer.error()));
  return out;
}

Result<CommandAnswer> answer_of(Services& services, std::int64_t seq) {
  const auto head = services.writer.head();
  const auto view = services.store.snapshot();
  if (seq < 0 || seq >= head->checkpoint.size) return fail(Code::not_found, "no such entry");
  const auto texts = view->entries(seq, 1);
  DFB_CHECK(texts.size() == 1);
  return describe(services, *head, texts.front(), true);
}

std::optional<book::CommandRow> seen(Services& services, const Uuid& id) {
  return services.store.snapshot()->get<book::CommandRow>({id});
}

}  // namespace dfb::routes
