#include "api/witness/submission.h"

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"

namespace dfb::witness {
namespace {

constexpr std::string_view kOld = "old ";
constexpr std::size_t kHashBytes = 32;

// The next line without its LF, taken off the front.
Result<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return fail(Code::malformed, "a line without its end");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

Result<Submission> parse_submission(std::string_view body) {
  if (body.size() > kSubmissionBytesMax) return fail(Code::too_large, "longer than any submission");
  Submission submission;
  DFB_TRY(std::string_view line, take_line(body));
  if (!line.starts_with(kOld)) return fail(Code::malformed, "the first line is: old <size>");
  DFB_TRY(submission.old_size, parse_decimal(line.substr(kOld.size())));
  for (;;) {
    DFB_TRY(line, take_line(body));
    if (line.empty()) break;
    if (submission.path.size() == kProofLinesMax) return fail(Code::malformed, "more than 63 proof lines");
    DFB_TRY(const std::string hash, base64_decode(line));
    if (hash.size() != kHashBytes) return fail(Code::malformed, "a proof line is 32 bytes in base64");
    submission.path.push_back(Hash::from(hash));
  }
  DFB_TRY(submission.note, log::parse_note(body));
  DFB_TRY(submission.checkpoint, log::parse_checkpoint(submission.note.text));
  return submission;
}

std::string format_submission(std::int64_t old_size, const std::vector<Hash>& path, std::string_view note) {
  DFB_CHECK(old_size >= 0 && path.size() <= kProofLinesMax);
  std::string text = std::string(kOld) + std::to_string(old_size) + "\n";
  for (const Hash& hash : path) text += base64_encode(hash.view()) + "\n";
  return text + "\n" + std::string(note);
}

}  // namespace dfb::witness
