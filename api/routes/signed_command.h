// The one path from a signed command in a body to the ledger's answer.
#pragma once
#include <functional>

#include "api/routes/route.h"

namespace dfb::routes {

// Does this route take that command? forbidden or malformed, else nothing.
using Admit = std::function<Result<void>(const book::Payload&)>;

// The kinds of command that officers and administrators sign: /v1/commands and /v1/proposals take them.
// malformed for another, forbidden for one that needs the role administrator.
Result<void> admit_managing(const Caller& caller, const book::Payload& payload);

// Parses and verifies. Errors: check()'s.
Result<check::CheckedCommand> checked(Services& services, const SignedCommand& body);

// Parses and verifies, asks `admit`, enters it and waits for the commit. The answer carries the entry and its
// receipt, also when the entry is a refusal. Errors: check()'s, admit's, refusals without an entry, busy,
// shutting_down.
Result<CommandAnswer> execute(Services& services, const SignedCommand& body, const Admit& admit,
                              Step step = {});

// The same for what may end a reservation or undo a sale: the goods that either names follow the entry
// (programme/reservations.h).
Result<CommandAnswer> execute_and_move_goods(Services& services, const SignedCommand& body, const Admit& admit);

// The same for a chain of linked commands: `admit` is asked for each of them.
Result<ChainAnswer> execute(Services& services, const ChainBody& body, const Admit& admit);

// Many commands that have nothing to do with each other, entered together: as many answers, in their order. The
// receipts lead to the tree after the last of them.
std::vector<Result<CommandAnswer>> execute_each(Services& services, const std::vector<SignedCommand>& bodies,
                                                const Admit& admit);

// The answer from an entry that is already there. not_found.
Result<CommandAnswer> answer_of(Services& services, std::int64_t seq);

// The first answer to a command id, if it was ever seen; an id that a cancel burnt answers with that cancel's
// entry.
std::optional<book::CommandRow> seen(Services& services, const Uuid& id);

}  // namespace dfb::routes
