// The loopback server of the till's page: files, the state, touches, camera frames. Source:
// docs/api.md#the-tills-page.
//
//   GET  /state?after=N              the view, as soon as it is another than version N, at most 20 s later
//   POST /touch                      one touch; 202 when the till's thread will see it
//   POST /frame?width=W&height=H     one picture, a byte of grey a pixel; {"found":…}
//   GET  anything else               the page's files
// Threads: handle() from any; it blocks while it waits for a new state, and while it decodes.
#pragma once
#include <memory>
#include <mutex>
#include <string>

#include "api/http/router.h"
#include "api/http/server.h"
#include "api/http/static_files.h"
#include "terminal/kiosk/board.h"
#include "terminal/kiosk/guard.h"
#include "terminal/kiosk/inbox.h"

namespace dfb::terminal::kiosk {

inline constexpr std::size_t kFramePixelsMax = 640 * 480;

class Pages {
 public:
  // bad_config when the folder of pages cannot be opened.
  static Result<std::unique_ptr<Pages>> open(const std::string& folder, Random& random, Board& board,
                                             Inbox& inbox);
  http::Response handle(const http::Request& request);
  Guard& guard() { return guard_; }

 private:
  Pages(http::StaticFiles files, Random& random, Board& board, Inbox& inbox);
  http::Response state(const http::Request& request);
  http::Response touch(const http::Request& request);
  http::Response frame(const http::Request& request);

  http::StaticFiles files_;
  Guard guard_;
  Board& board_;
  Inbox& inbox_;
  http::Router router_;
  std::mutex decoding_;
};

// Serves the pages on 127.0.0.1; port 0 takes any free one. io_error when the port is taken.
Result<std::unique_ptr<http::Server>> serve(Pages& pages, std::uint16_t port);

}  // namespace dfb::terminal::kiosk
