// What anybody may send to a witness: what is read is written back byte for byte.
#include <cstdint>

#include "api/witness/submission.h"
#include "ledger/base/check.h"

namespace dfb::witness {
namespace {

void try_input(std::string_view body) {
  const auto submission = parse_submission(body);
  if (!submission.has_value()) return;
  DFB_CHECK(submission->old_size >= 0 && submission->path.size() <= kProofLinesMax);
  DFB_CHECK(log::format_checkpoint(submission->checkpoint) == submission->note.text);
  DFB_CHECK(format_submission(submission->old_size, submission->path, log::format_note(submission->note)) ==
            body);
}

}  // namespace
}  // namespace dfb::witness

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::witness::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
