// Commands that wait for a second person: signed by the first, kept beside the ledger and not in it, until
// the second has signed too, the first withdraws, or their time is over. Threads: as the connection.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/uuid.h"
#include "ledger/book/types.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/store/sql.h"

namespace dfb::programme {

// Of one account, and of the town. A policy of 72 rules takes 10 kB.
inline constexpr std::int64_t kProposalsMax = 20, kProposalBytesMax = 262'144, kTownProposalsMax = 1'000;

struct Proposal {
  Uuid id;                  // the command's
  book::AccountId account;  // who proposes
  std::string payload;
  std::vector<KeySignature> signatures;
  TimeUs at_us = 0, until_us = 0;  // until the payload's `not_after`
};

// Forgets those whose time is over, then keeps this one; the same once more changes nothing.
// rate_limited: a bound; exists_with_different_content: the id is another proposal's.
Result<void> put_proposal(sql::Connection& sql, const Proposal& proposal);
std::optional<Proposal> find_proposal(sql::Connection& sql, const Uuid& id);
std::vector<Proposal> proposals_at(sql::Connection& sql, TimeUs now_us);  // the oldest first
void drop_proposal(sql::Connection& sql, const Uuid& id);
void drop_proposals(sql::Connection& sql);  // all: another ledger's signatures are worth nothing

}  // namespace dfb::programme
