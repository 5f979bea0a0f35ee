// What a witness remembers of one log, in a file of its own: the largest checkpoint that it may have
// cosigned.
//
//   <folder>/<SHA-256 of the origin, hex>.checkpoint
//
//   defenbao/witness/v1
//   <SHA-256 of all that follows, base64>
//   <the checkpoint's note, as the log signed it>
//
// The file is replaced as a whole before a cosignature leaves. A crash between the two leaves a checkpoint
// that was never cosigned, which does no harm: the log signed it and it extends all that was cosigned. A file
// that does not read is never taken for an empty one.
// Threads: one at a time.
#pragma once
#include <functional>
#include <span>
#include <string>

#include "ledger/log/checkpoint.h"
#include "ledger/log/note.h"

namespace dfb::witness {

class Record {
 public:
  // Size 0 when there is no file. corrupt: digest, form, origin or signature do not hold; io_error.
  // REQUIRES: `keys` are the log's, all by the name `origin`, and not empty.
  static Result<Record> open(const std::string& folder, const std::string& origin,
                             std::span<const log::Vkey> keys);

  const log::Checkpoint& latest() const { return latest_; }
  // Durable when it returns. io_error: on disk stands the former or this one; latest() is the former.
  // REQUIRES: a note over `checkpoint`. `after_step` as replace_file() has it.
  Result<void> advance(const log::Checkpoint& checkpoint, const log::Note& note,
                       const std::function<void()>& after_step = {});

 private:
  Record(std::string path, log::Checkpoint latest) : path_(std::move(path)), latest_(std::move(latest)) {}
  std::string path_;
  log::Checkpoint latest_;
};

}  // namespace dfb::witness
