#include "ledger/log/receipt.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/log/merkle.h"

namespace dfb::log {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kReceiptBytesMax = 2 * kNoteBytesMax;

}  // namespace

std::string format_receipt(const Receipt& receipt) {
  DFB_CHECK(receipt.index >= 0 && receipt.path.size() <= kInclusionPathMax);
  std::string text(kFirstLine);
  if (!receipt.extra.empty()) text.append(kExtra).append(base64_encode(receipt.extra)).append("\n");
  text.append(kIndex).append(std::to_string(receipt.index)).append("\n");
  for (const Hash& hash : receipt.path) text.append(base64_encode(hash.view())).append("\n");
  text.append("\n").append(format_note(receipt.checkpoint));
  return text;
}

Result<Receipt> parse_receipt(std::string_view text) {
  if (text.size() > kReceiptBytesMax) return fail(Code::too_large, "a receipt of more than 128 KiB");
  if (!text.starts_with(kFirstLine)) return fail(Code::malformed, "not a receipt of version 1");
  const std::size_t split = text.find("\n\n");
  if (split == std::string_view::npos)
    return fail(Code::malformed, "a receipt has an empty line before its checkpoint");
  std::string_view head = text.substr(kFirstLine.size(), split + 1 - kFirstLine.size());
  const auto next = [&head] {
    const std::size_t end = head.find('\n');
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 1);
    return line;
  };
  Receipt receipt;
  if (head.starts_with(kExtra)) {
    DFB_TRY(receipt.extra, base64_decode(next().substr(kExtra.size())));
    if (receipt.extra.empty()) return fail(Code::malformed, "a receipt's extra line is empty");
  }
  if (!head.starts_with(kIndex)) return fail(Code::malformed, "a receipt has an index");
  DFB_TRY(receipt.index, parse_decimal(next().substr(kIndex.size())));
  while (!head.empty()) {
    if (receipt.path.size() == kInclusionPathMax)
      return fail(Code::malformed, "a receipt's path is too long");
    DFB_TRY(const std::string hash, base64_decode(next()));
    if (hash.size() != Hash().bytes.size()) return fail(Code::malformed, "a receipt's hashes are 32 bytes");
    receipt.path.push_back(Hash::from(hash));
  }
  DFB_TRY(receipt.checkpoint, parse_note(text.substr(split + 2)));
  return receipt;
}

Result<Checkpoint> verify(const Receipt& receipt, const Vkey& log, std::string_view leaf) {
  DFB_TRY(Checkpoint checkpoint, open_checkpoint(receipt.checkpoint, log));
  DFB_TRY_VOID(
      verify_inclusion(leaf_hash(leaf), receipt.index, checkpoint.size, receipt.path, checkpoint.root));
  return checkpoint;
}

Result<EntryText> verify_entry(const Receipt& receipt, const Vkey& log, std::string_view leaf) {
  DFB_TRY(const Checkpoint checkpoint, verify(receipt, log, leaf));
  Result<EntryText> entry = parse_entry_text(leaf);
  if (!entry.has_value() || entry->origin != checkpoint.origin || entry->seq != receipt.index)
    return fail(Code::wrong_entry, "the leaf is not the entry of this log and number");
  return entry;
}

}  // namespace dfb::log
