// What an audit verified, kept so that the next one goes on from there.
//
//   "defenbao/audit-state/v4" LF, then blocks: 4 bytes of size, big-endian | 32 bytes | the bytes, at most 1
//   MB the 32 bytes are SHA-256(those of the block before | the bytes); the last block is empty
//
// The file is as good as whoever can write it: it is made for its owner alone (0600), and replaced whole, so
// that a torn one is never there. Threads: one.
#pragma once
#include <functional>
#include <string>

#include "ledger/audit/archive.h"
#include "ledger/base/result.h"

namespace dfb::audit {

// io_error; the old file then stands.
Result<void> write_state_file(const std::string& path, const std::function<void(ArchiveWriter&)>& write);

// not_found when there is none; io_error; corrupt when it is damaged, of another version or not such a file,
// whatever `read` made of it until then. No bytes of it end the program; `read` sees those of whole blocks
// whose digest holds.
Result<void> read_state_file(const std::string& path, const std::function<void(ArchiveReader&)>& read);

}  // namespace dfb::audit
