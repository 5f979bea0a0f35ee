// Page files served from a folder. Nothing outside the folder can be reached: every segment of the path is
// opened below its parent without following symbolic links; names that begin with a dot are hidden.
//
// A file is read from disk on each request, so that pages can be renewed while the server runs. Files below
// assets/ bear their content's hash in their name and may be kept for ever; all others are revalidated by
// ETag. Threads: immutable; serve() may be called from any thread and blocks on the disk.
#pragma once
#include <string>
#include <string_view>

#include "api/http/message.h"
#include "ledger/base/result.h"

namespace dfb::http {

struct StaticOptions {
  std::string directory;
  std::string content_security_policy =
      "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri "
      "'none'; "
      "form-action 'self'; frame-ancestors 'none'";
  std::string permissions_policy = "camera=(self), geolocation=(self), microphone=()";
  std::size_t file_bytes_max = 16 * 1024 * 1024;
};

class StaticFiles {
 public:
  // bad_config if the directory cannot be opened.
  static Result<StaticFiles> open(StaticOptions options);

  // `path` is relative to the folder, as a {rest...} gives it: "" and "x/" mean index.html there; a folder
  // without its slash answers 308 to the one with it. 304 when If-None-Match holds. 404 problem for all that
  // is not a plain file.
  Response serve(const Request& request, std::string_view path) const;

 private:
  explicit StaticFiles(StaticOptions options) : options_(std::move(options)) {}
  StaticOptions options_;
};

// By the name's extension; application/octet-stream for others.
std::string_view content_type_of(std::string_view file_name);

}  // namespace dfb::http
