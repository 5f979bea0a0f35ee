#include "ledger/log/entry_text.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/log/note.h"
#include "ledger/log/tile.h"

namespace dfb::log {
namespace {

constexpr std::string_view kFirstLine = "defenbao/entry/v1";
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kHintBytes = 4;  // of the key id, before the signature; the whole id stands beside it

bool is_line(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

Result<void> check(const EntryText& entry) {
  if (!valid_key_name(entry.origin)) return fail(Code::malformed, "an entry's origin");
  if (entry.seq < 0 || entry.time_us < 0) return fail(Code::malformed, "an entry's number or time");
  if (!is_line(entry.payload))
    return fail(Code::malformed, "an entry's payload is one line of plain characters");
  if (!is_line(entry.outcome))
    return fail(Code::malformed, "an entry's outcome is one line of plain characters");
  const auto& signatures = entry.signatures;
  if (signatures.empty() || signatures.size() > kEntrySignaturesMax)
    return fail(Code::malformed, "an entry has 1 to 16 signatures");
  for (auto signature = signatures.begin(); signature != signatures.end(); ++signature) {
    if (signature->bytes.size() != kSignatureBytes) return fail(Code::malformed, "a signature is 64 bytes");
    const auto same = [&](const KeySignature& other) { return other.key == signature->key; };
    if (std::any_of(signatures.begin(), signature, same))
      return fail(Code::malformed, "an entry names a key twice");
  }
  return ok();
}

Result<KeySignature> parse_signature(std::string_view line) {
  const Error refusal = fail(Code::malformed, "an entry's signature line");
  if (!line.starts_with(kSignatureDash)) return refusal;
  line.remove_prefix(kSignatureDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return refusal;
  DFB_TRY(const KeyId key, parse_hash_text(line.substr(0, space)));
  DFB_TRY(const std::string bytes, base64_decode(line.substr(space + 1)));
  if (!bytes.starts_with(key.view().substr(0, kHintBytes))) return refusal;
  return KeySignature{key, bytes.substr(kHintBytes)};
}

// Takes lines off the front of a text; a text that ends early, or whose last line has no line feed, is
// refused.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  Result<std::string_view> next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return fail(Code::malformed, "an entry ends too early");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

 private:
  std::string_view rest_;
};

}  // namespace

Result<std::string> format_entry_text(const EntryText& entry) {
  DFB_TRY_VOID(check(entry));
  std::string text;
  text.reserve(entry.payload.size() + entry.outcome.size() + 512);  // two signatures with it
  text.append(kFirstLine).append("\n").append(entry.origin).append("\n");
  text.append(std::to_string(entry.seq)).append(" ").append(std::to_string(entry.time_us)).append("\n");
  text.append(entry.payload).append("\n").append(entry.outcome).append("\n\n");
  for (const KeySignature& signature : entry.signatures) {
    const std::string hint(signature.key.view().substr(0, kHintBytes));
    text.append(kSignatureDash).append(hash_text(signature.key)).append(" ");
    text.append(base64_encode(hint + signature.bytes)).append("\n");
  }
  if (text.size() > kEntryBytesMax) return fail(Code::too_large, "an entry of more than 65,535 bytes");
  return text;
}

Result<EntryText> parse_entry_text(std::string_view text) {
  if (text.size() > kEntryBytesMax) return fail(Code::too_large, "an entry of more than 65,535 bytes");
  Lines lines(text);
  EntryText entry;
  DFB_TRY(const std::string_view first, lines.next());
  if (first != kFirstLine) return fail(Code::malformed, "an entry begins with defenbao/entry/v1");
  DFB_TRY(entry.origin, lines.next());
  DFB_TRY(const std::string_view numbers, lines.next());
  const std::size_t space = numbers.find(' ');
  if (space == std::string_view::npos) return fail(Code::malformed, "an entry's number and time");
  DFB_TRY(entry.seq, parse_decimal(numbers.substr(0, space)));
  DFB_TRY(entry.time_us, parse_decimal(numbers.substr(space + 1)));
  DFB_TRY(entry.payload, lines.next());
  DFB_TRY(entry.outcome, lines.next());
  DFB_TRY(const std::string_view empty, lines.next());
  if (!empty.empty()) return fail(Code::malformed, "an entry has an empty line before its signatures");
  while (!lines.done()) {
    if (entry.signatures.size() == kEntrySignaturesMax)
      return fail(Code::malformed, "an entry has 1 to 16 signatures");
    DFB_TRY(const std::string_view line, lines.next());
    DFB_TRY(entry.signatures.emplace_back(), parse_signature(line));
  }
  DFB_TRY_VOID(check(entry));
  return entry;
}

}  // namespace dfb::log
