#include "ledger/writer/log_keys.h"

#include <algorithm>

#include "ledger/book/command.h"
#include "ledger/book/log_keys.h"
#include "ledger/log/entry_text.h"

namespace dfb {
namespace {

Result<log::Vkey> log_vkey(const std::string& text) {
  auto vkey = log::parse_vkey(text);
  if (!vkey || vkey->type != log::NoteKeyType::ed25519)
    return fail(Code::corrupt, "the ledger names a log key that is none: " + text);
  return vkey;
}

Result<book::Payload> payload_at(const store::View& view, std::int64_t seq, std::string& text) {
  auto texts = view.entries(seq, 1);
  if (texts.empty()) return fail(Code::corrupt, "entry " + std::to_string(seq) + " is missing");
  text = std::move(texts.front());
  DFB_TRY(const auto entry, log::parse_entry_text(text));
  return book::parse_payload(entry.payload);
}

Result<book::NextLogKey> change_at(const store::View& view, std::int64_t seq, std::string& text) {
  DFB_TRY(const auto payload, payload_at(view, seq, text));
  const auto* next = std::get_if<book::NextLogKey>(&payload.body);
  if (next == nullptr)
    return fail(Code::corrupt, "entry " + std::to_string(seq) + " does not change the log's key");
  return *next;
}

}  // namespace

Result<std::vector<log::Vkey>> log_keys_in_force(const store::View& view) {
  std::vector<log::Vkey> keys;
  const auto ledger = view.get<book::LedgerRow>({1});
  if (!ledger) return keys;
  for (const std::string& text : book::log_keys_in_force(*ledger)) {
    DFB_TRY(auto vkey, log_vkey(text));
    keys.push_back(std::move(vkey));
  }
  return keys;
}

Result<std::vector<log::Vkey>> log_keys_ever(const store::View& view) {
  std::vector<log::Vkey> keys;
  if (view.size() == 0) return keys;
  std::string text;
  DFB_TRY(const auto first, payload_at(view, 0, text));
  const auto* genesis = std::get_if<book::Genesis>(&first.body);
  if (genesis == nullptr) return fail(Code::corrupt, "entry 0 founds no log");
  DFB_TRY(auto founded, log_vkey(genesis->log_vkey));
  keys.push_back(std::move(founded));
  for (const auto& change : view.log_key_changes()) {
    DFB_TRY(const auto next, change_at(view, change.seq, text));
    DFB_TRY(auto vkey, log_vkey(next.vkey));
    keys.push_back(std::move(vkey));
  }
  return keys;
}

Result<std::vector<log::Vkey>> known_log_keys(const store::View& view, const log::Signer& own) {
  DFB_TRY(auto keys, log_keys_ever(view));
  for (const std::string& text : own.vkeys()) {
    const bool is_known = std::any_of(keys.begin(), keys.end(),
                                      [&text](const log::Vkey& key) { return format_vkey(key) == text; });
    if (!is_known) keys.push_back(log::parse_vkey(text).value());
  }
  return keys;
}

Result<void> can_sign(const log::Signer& signer, const book::LedgerRow& ledger) {
  for (const std::string& vkey : book::log_keys_in_force(ledger))
    if (!signer.has(vkey))
      return fail(Code::bad_config,
                  "the private key of " + vkey +
                      " is not here, which has to sign this log's next checkpoint: name its "
                      "file as `log-key`, beside the others, and start again");
  return ok();
}

Result<std::vector<LogKeyChange>> log_key_changes(const store::View& view, const store::Head& head) {
  store::LogReader reader(view, head);
  std::vector<LogKeyChange> out;
  for (const auto& change : view.log_key_changes()) {
    LogKeyChange one;
    DFB_TRY(const auto next, change_at(view, change.seq, one.entry));
    one.vkey = next.vkey;
    one.until_us = next.until_us;
    DFB_TRY(one.receipt.checkpoint, log::parse_note(change.note));
    DFB_TRY(const auto checkpoint, log::parse_checkpoint(one.receipt.checkpoint.text));
    if (checkpoint.size > head.checkpoint.size) continue;  // committed after the head was taken
    one.receipt.index = change.seq;
    DFB_TRY(one.receipt.path, log::inclusion_path(change.seq, checkpoint.size, reader));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace dfb
