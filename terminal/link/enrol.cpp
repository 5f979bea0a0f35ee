#include "terminal/link/enrol.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "certs/request.h"
#include "ledger/base/encoding.h"
#include "ledger/base/uuid.h"
#include "ledger/book/command.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/fetch/http_client.h"
#include "terminal/link/link.h"
#include "terminal/link/request.h"
#include "terminal/link/verify.h"
#include "terminal/till/history.h"
#include "terminal/till/journal.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kTicketBytes = 20;
constexpr TimeUs kCommandLifeUs = 4 * kMinuteUs;

Error at(const std::string& what, const Error& error) { return fail(error.code, what + ": " + error.detail); }

Result<void> make_folder(const Folder& folder, const std::string& ca_file) {
  if (::access(folder.setup().c_str(), F_OK) == 0)
    return fail(Code::bad_config,
                folder.path + " belongs to a terminal that is enrolled; choose another folder");
  if (::mkdir(folder.path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return fail(Code::io_error, folder.path + ": " + std::strerror(errno));
  DFB_TRY(const std::string ca, read_file(ca_file));
  return write_file(folder.ca(), ca);
}

Result<PrivateKey> own_key(const Folder& folder) {
  if (::access(folder.key().c_str(), F_OK) == 0) return load_private_key(folder.key());
  PrivateKey key = PrivateKey::generate(Algorithm::p256);
  DFB_TRY_VOID(save_private_key(folder.key(), key));
  return key;
}

struct Enrolment {
  const EnrolOptions& options;
  const Clock& clock;
  Random& random;
  fetch::HttpClient http;
  Setup setup;
  PrivateKey ticket, key;
  log::Vkey log;
  TimeUs clock_off_us;

  std::string url(const std::string& path) const { return options.server + path; }

  // The shop's account, or nothing when the ticket is spent: perhaps by this very key, before a crash.
  Result<bool> read_ticket() {
    const std::string id = hash_text(ticket.public_key().id());
    auto body = good_body(http.get(url("/v1/tickets/" + id)));
    if (!body && body.error().code == Code::not_found) return false;
    if (!body) return body.error();
    DFB_TRY(const Ticket found, parse_ticket(body.value()));
    if (found.kind != "shop")
      return fail(Code::account_wrong_kind, "this one-time code is for a person, not for a shop");
    setup.shop = found.account;
    return true;
  }

  // `authority/key`, signed by the ticket and by the key itself; the checkpoint that proves its entry.
  Result<log::Checkpoint> enter_key() {
    book::Payload payload;
    payload.id = make_uuid(clock.now_us(), random);
    payload.by = ticket.public_key().id();
    payload.not_after_us = clock.now_us() + clock_off_us + kCommandLifeUs;
    payload.body = book::AddKey{setup.shop, book::KeyUse::till, key.public_key().spki(), 0};
    const std::string line = book::format_payload(payload);
    std::vector<std::pair<KeyId, std::string>> signatures;
    for (const PrivateKey* signer : {&ticket, &key})
      signatures.emplace_back(signer->public_key().id(),
                              sign(*signer, SignedKind::payload, setup.origin, line));
    DFB_TRY(const auto response, http.post(url("/v1/keys"), kJson, signed_command_json(line, signatures)));
    DFB_TRY(const Reply reply, parse_reply(response.status, response.body));
    if (reply.problem) return *reply.problem;
    DFB_TRY(const Proven proven, verify_answer(*reply.answer, line, Pinned{log, ticket.public_key()}));
    return proven.checkpoint;
  }

  Result<log::Checkpoint> current_checkpoint() {
    DFB_TRY(const auto response, http.get(url("/log/checkpoint")));
    if (response.status != 200)
      return fail(Code::internal, "/log/checkpoint: status " + std::to_string(response.status));
    return log::open_checkpoint(response.body, log);
  }
};

Result<void> start_journal(const Folder& folder, const Identity& identity, const log::Checkpoint& checkpoint,
                           TimeUs now_us) {
  History history;
  DFB_TRY(Journal journal,
          Journal::open(folder.journal(), [&](const Record& record) { return history.add(record); }));
  if (history.identity() && *history.identity() != identity)
    return fail(Code::bad_config, folder.journal() + " is another terminal's; choose an empty folder");
  if (!history.identity()) {
    DFB_TRY_VOID(journal.append(now_us, What::open, open_text(identity)));
  }
  if (checkpoint.size > history.seen().size) {
    DFB_TRY_VOID(journal.append(now_us, What::seen, seen_text({checkpoint.size, checkpoint.root})));
  }
  return ok();
}

}  // namespace

Result<void> renew_certificate(const Folder& folder, const std::string& server, const PrivateKey& key) {
  fetch::HttpClient http(trusting(folder.ca()));
  boost::json::object body;
  body["csr"] = certs::make_request(key, hash_text(key.public_key().id()));
  DFB_TRY(const std::string answer,
          good_body(http.post(server + "/v1/terminals/certificate", kJson, boost::json::serialize(body))));
  DFB_TRY(const std::string chain, parse_certificate(answer));
  return write_file(folder.certificate(), chain);
}

Result<bool> renew_when_due(const Folder& folder, const std::string& server, const PrivateKey& key,
                            TimeUs now_us) {
  const auto chain = read_file(folder.certificate());
  const auto valid = chain ? certs::validity_of(*chain) : Result<certs::Validity>(chain.error());
  if (valid && now_us < valid->until_us - (valid->until_us - valid->from_us) / 3) return false;
  DFB_TRY_VOID(renew_certificate(folder, server, key));
  return true;
}

Result<Setup> enrol(const EnrolOptions& options, const Clock& clock, Random& random) {
  const auto secret = crockford_decode_bytes_typed(options.code, kTicketBytes);
  if (!secret) return at("--code", secret.error());
  DFB_TRY(const std::string terminal_url, terminal_url_of(options.server));
  DFB_TRY_VOID(make_folder(options.folder, options.ca_file));
  fetch::HttpClient http(trusting(options.folder.ca()));
  DFB_TRY(const std::string town_body, good_body(http.get(options.server + "/v1/town")));
  DFB_TRY(const Town town, parse_town(town_body));
  auto vkey = log::parse_vkey(town.log_vkey);
  if (!vkey || vkey->name != town.origin) return fail(Code::malformed, "the town publishes no good log key");
  DFB_TRY(PrivateKey key, own_key(options.folder));

  Setup setup{options.server, terminal_url, town.origin, town.log_vkey, {}, key.public_key().id(), "", ""};
  Enrolment enrolment{options,
                      clock,
                      random,
                      std::move(http),
                      std::move(setup),
                      PrivateKey::from_ticket(secret.value()),
                      std::move(key),
                      std::move(vkey).value(),
                      town.time_us - clock.now_us()};
  DFB_TRY(const bool unspent, enrolment.read_ticket());
  auto checkpoint = unspent ? enrolment.enter_key() : enrolment.current_checkpoint();
  // A former try may have got as far as the ledger without hearing of it.
  if (!checkpoint && checkpoint.error().code == Code::key_exists) checkpoint = enrolment.current_checkpoint();
  if (!checkpoint) return checkpoint.error();
  const auto renewed = renew_certificate(options.folder, options.server, enrolment.key);
  if (!renewed && renewed.error().code == Code::key_not_enrolled)
    return fail(Code::not_found, "this one-time code is wrong, was used by another terminal or has run out");
  if (!renewed) return renewed.error();

  Link link(terminal_url, options.folder, 10'000);
  const auto info = link.info();
  if (!info) return at("at the terminals' port", info.error());
  Setup& done = enrolment.setup;
  if (info->origin != done.origin || info->till != done.till || info->log_vkey != done.log_vkey)
    return fail(Code::forbidden, "the terminals' port belongs to another town");
  done.shop = info->shop;
  done.name_zh = info->name_zh;
  done.name_en = info->name_en;
  DFB_TRY_VOID(
      start_journal(options.folder, {done.origin, done.shop, done.till}, checkpoint.value(), clock.now_us()));
  DFB_TRY_VOID(write_file(options.folder.setup(), format_setup(done)));
  return done;
}

}  // namespace dfb::terminal
