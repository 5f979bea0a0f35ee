// What a log sends to a witness. Source: c2sp.org/tlog-witness, add-checkpoint.
//
//   old <size, decimal>
//   <consistency hash, base64>          none to 63, as RFC 6962 §2.1.2 orders them
//   <empty line>
//   <the checkpoint's note>
//
// Threads: values; pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"

namespace dfb::witness {

inline constexpr std::size_t kProofLinesMax = 63;
// The old size's line, the hashes, the empty line, the note.
inline constexpr std::size_t kSubmissionBytesMax = 32 + kProofLinesMax * 45 + 1 + log::kNoteBytesMax;
inline constexpr const char* kSizeType = "text/x.tlog.size";

struct Submission {
  std::int64_t old_size = 0;
  std::vector<Hash> path;
  log::Note note;
  log::Checkpoint checkpoint;  // what the note's text says; nobody's signature was checked
  friend bool operator==(const Submission&, const Submission&) = default;
};

// malformed, too_large. format_submission(s.old_size, s.path, format_note(s.note)) gives the same bytes back.
Result<Submission> parse_submission(std::string_view body);
// REQUIRES: old_size >= 0, at most 63 hashes, a note.
std::string format_submission(std::int64_t old_size, const std::vector<Hash>& path, std::string_view note);

}  // namespace dfb::witness
