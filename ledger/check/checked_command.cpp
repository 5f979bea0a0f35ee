#include "ledger/check/checked_command.h"

#include <algorithm>

#include "ledger/book/codes.h"
#include "ledger/crypto/hash.h"

namespace dfb::check {
namespace {

using namespace book;

// The keys that a payload itself brings in; their signatures prove possession.
Result<std::vector<PublicKey>> keys_brought(const Body& body) {
  std::vector<PublicKey> keys;
  auto bring = [&](const std::string& spki) -> Result<void> {
    DFB_TRY(auto key, PublicKey::from_spki(spki));
    keys.push_back(std::move(key));
    return ok();
  };
  if (const auto* genesis = std::get_if<Genesis>(&body)) {
    for (const auto& root : genesis->roots) DFB_TRY_VOID(bring(root));
    DFB_TRY_VOID(bring(genesis->server));
  } else if (const auto* open = std::get_if<Open>(&body)) {
    if (!open->key.empty()) DFB_TRY_VOID(bring(open->key));
  } else if (const auto* add = std::get_if<AddKey>(&body)) {
    DFB_TRY_VOID(bring(add->key));
  } else if (const auto* next = std::get_if<ReplaceRoots>(&body)) {
    for (const auto& root : next->roots) DFB_TRY_VOID(bring(root));
  } else if (const auto* server = std::get_if<NextServerKey>(&body)) {
    DFB_TRY_VOID(bring(server->key));
  }
  return keys;
}

Result<PublicKey> find_key(const KeySource& keys, const KeyId& id, std::string_view whose) {
  if (auto key = keys.key(id)) return *std::move(key);
  return fail(Code::unknown_key, "the ledger knows no such " + std::string(whose));
}

Result<void> check_proof(const Payload& payload, const Transfer& transfer, const KeySource& keys,
                         std::string_view origin) {
  if (const auto* proof = std::get_if<CodeProof>(&transfer.proof)) {
    DFB_TRY(auto code, parse_pay_code(proof->code));
    if (code.account != transfer.from) return fail(Code::malformed, "the pay code is another account's");
    DFB_TRY(auto device, find_key(keys, proof->device, "device"));
    if (!verify(code, device, origin)) return fail(Code::bad_signature, "the pay code's signature is wrong");
  } else if (const auto* quote = std::get_if<QuoteProof>(&transfer.proof)) {
    DFB_TRY(auto device, find_key(keys, quote->device, "device"));
    if (!dfb::verify(device, SignedKind::quote, origin, quote_line(payload), quote->signature))
      return fail(Code::bad_signature, "the confirmation's signature is wrong");
  } else if (const auto* offline = std::get_if<OfflineProof>(&transfer.proof)) {
    DFB_TRY(auto device, find_key(keys, offline->device, "device"));
    if (!dfb::verify(device, SignedKind::offline, origin, offline_part(transfer, *offline),
                     offline->signature))
      return fail(Code::bad_signature, "the offline code's signature is wrong");
  }
  return ok();
}

Result<void> check_site(const Record& record, const KeySource& keys, std::string_view origin) {
  if (record.site.empty()) return ok();
  DFB_TRY(auto code, parse_site_code(record.site));
  DFB_TRY(auto site, find_key(keys, code.key, "site key"));
  if (!verify(code, site, origin)) return fail(Code::bad_signature, "the site code's signature is wrong");
  return ok();
}

Result<void> check_signers(const Payload& payload, std::string_view line,
                              const std::vector<KeySignature>& signatures, const KeySource& keys,
                              std::string_view origin) {
  if (signatures.empty() || signatures.size() > kSignaturesMax)
    return fail(Code::malformed, "a command has 1 to 16 signatures");
  if (signatures.front().key != payload.by) return fail(Code::malformed, "the first signature is not by's");
  DFB_TRY(auto brought, keys_brought(payload.body));
  for (auto it = signatures.begin(); it != signatures.end(); ++it) {
    auto same_key = [&](const KeySignature& other) { return other.key == it->key; };
    if (std::any_of(signatures.begin(), it, same_key)) return fail(Code::malformed, "a key signs twice");
    auto own =
        std::find_if(brought.begin(), brought.end(), [&](const auto& key) { return key.id() == it->key; });
    Result<PublicKey> key =
        own != brought.end() ? Result<PublicKey>(*own) : find_key(keys, it->key, "signer");
    if (!key) return key.error();
    if (key->algorithm() != Algorithm::p256 ||
        !dfb::verify(*key, SignedKind::payload, origin, line, it->bytes))
      return fail(Code::bad_signature, "a signature over the payload is wrong");
  }
  return ok();
}

}  // namespace

Result<ParsedCommand> ParsedCommand::parse(std::string payload, std::vector<KeySignature> signatures) {
  ParsedCommand parsed;
  DFB_TRY(parsed.command_.payload, parse_payload(payload));
  parsed.command_.digest = sha256(payload);
  parsed.command_.signers.reserve(signatures.size());
  for (const auto& signature : signatures) parsed.command_.signers.push_back(signature.key);
  parsed.payload_ = std::move(payload);
  parsed.signatures_ = std::move(signatures);
  return parsed;
}

Result<void> check_signatures(const ParsedCommand& parsed, const KeySource& keys, std::string_view origin) {
  const Payload& payload = parsed.command().payload;
  DFB_TRY_VOID(check_signers(payload, parsed.payload(), parsed.signatures(), keys, origin));
  if (const auto* transfer = std::get_if<Transfer>(&payload.body);
      transfer && transfer->kind == TransferKind::redeem)
    DFB_TRY_VOID(check_proof(payload, *transfer, keys, origin));
  if (const auto* record = std::get_if<Record>(&payload.body))
    DFB_TRY_VOID(check_site(*record, keys, origin));
  return ok();
}

Result<CheckedCommand> check(std::string payload, std::vector<KeySignature> signatures, const KeySource& keys,
                             std::string_view origin) {
  DFB_TRY(ParsedCommand parsed, ParsedCommand::parse(std::move(payload), std::move(signatures)));
  DFB_TRY_VOID(check_signatures(parsed, keys, origin));
  return CheckedCommand(std::move(parsed));
}

}  // namespace dfb::check
