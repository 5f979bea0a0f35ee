// Where the auditor reads a log from: a folder in tlog-tiles layout (what a server shows under /log/,
// copied), or a server. Threads: a Source is one thread's at a time.
#pragma once
#include <memory>
#include <string>

#include "ledger/base/result.h"
#include "ledger/fetch/http_client.h"

namespace dfb::audit {

class Source {
 public:
  virtual ~Source() = default;
  // The file at a path below the log, such as "checkpoint" or "tile/0/000.p/17", as it came. Fails with
  // not_found when there is none and too_large past `bytes_max`; anything else (io_error, unreachable,
  // timed_out, unauthenticated, forbidden, busy) says that the file did not arrive, and why.
  virtual Result<std::string> read(const std::string& path, std::size_t bytes_max) = 0;
};

std::unique_ptr<Source> folder_source(std::string folder);
// `url` without the last slash: https://host:port/log. Tries again a few times when the server is busy or the
// line breaks.
std::unique_ptr<Source> http_source(std::string url, fetch::Options options);
// Keeps a copy of everything that arrives below `folder`, which must be absent or empty (checked by
// prepare_folder).
std::unique_ptr<Source> saving_source(Source& from, std::string folder);
Result<void> prepare_folder(const std::string& folder);  // io_error

// A whole file, for keys, tokens, receipts; io_error, too_large.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

}  // namespace dfb::audit
