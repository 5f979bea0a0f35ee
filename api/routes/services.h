// What the routes work with: built once by the program, top to bottom, and lent to every handler.
// Threads: each member says for itself; a Services is shared by all workers.
#pragma once
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/programme/cards.h"
#include "api/programme/presentations.h"
#include "api/programme/quotes.h"
#include "api/programme/rate_limit.h"
#include "api/programme/server_keys.h"
#include "api/programme/sessions.h"
#include "api/programme/till_cosignatures.h"
#include "api/routes/types.h"
#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/cosignature.h"
#include "ledger/store/store.h"
#include "ledger/writer/key_cache.h"
#include "ledger/writer/writer.h"

namespace dfb::routes {

struct Services {
  std::string origin;
  std::string log_vkey;  // of this server's first log key, for as long as no genesis names one
  const programme::ServerKeys& server_keys;
  const Clock& clock;
  store::Store& store;
  Writer& writer;
  KeyCache& keys;
  programme::Sessions& sessions;
  programme::Presentations& presentations;
  programme::RateLimit& enrolments;   // by the peer's address; certificates by the till's key
  programme::RateLimit& sign_ins;     // by the peer's address
  programme::RateLimit& callers;      // every request of a device or till, by its key
  programme::RateLimit& visitors;     // every other request, by the peer's address
  bool entries_open = false;          // anyone may read entry bundles
  std::optional<Hash> auditor_token;  // SHA-256 of the token that may read them otherwise
  std::string pages_dir;              // the resident page's files
  // A certificate request (PEM) of an enrolled till of this shop → a PEM chain; empty when this server issues
  // none.
  std::function<Result<std::string>(const std::string& csr, book::AccountId shop)> issue_certificate;
  std::function<bool()> draining;
  std::function<std::vector<std::string>()> warnings;  // what somebody should see to; for anybody to read
  std::function<void(const std::string& line)> log;    // what went wrong inside; callers are not told
  // The newest checkpoint that was offered to witnesses, with the cosignatures that it has by now; and the
  // newest with as many as usual. Null: none yet; at once. Empty: this log has no witnesses.
  std::function<std::shared_ptr<const log::Cosigned>()> cosigned_newest = {}, cosigned = {};
  std::function<std::vector<WitnessView>()> witnesses = {};  // empty: none
  std::shared_ptr<Random> random = std::make_shared<SystemRandom>();
  std::shared_ptr<programme::PinTokens> pin_tokens = std::make_shared<programme::PinTokens>();
  std::shared_ptr<programme::Quotes> quotes = std::make_shared<programme::Quotes>();
  std::shared_ptr<programme::Handles> handles = std::make_shared<programme::Handles>();
  std::shared_ptr<programme::RateLimit> shift_reports =  // by the till's key
      std::make_shared<programme::RateLimit>(60, kHourUs);
  std::shared_ptr<programme::TillCosignatures> till_cosignatures =
      std::make_shared<programme::TillCosignatures>();
};

}  // namespace dfb::routes
