// The till with the page as its face: threads, signals, the start URL.
#pragma once
#include <string>

#include "terminal/kiosk/desk.h"

namespace dfb::terminal::kiosk {

struct Options {
  std::uint16_t port = 8470;  // 0: any free one
  std::string pages;          // the folder of the page's files
};

// The till's thread is the caller's; HTTP has its own. `started` gets the start URL when the page can be
// opened. SIGINT and SIGTERM end it, as does a journal that cannot be written. True when nothing is open.
// Fails as Desk::run and page_server.h. REQUIRES: SIGINT and SIGTERM are blocked in every thread; `desk`
// works on `board` and `inbox`.
Result<bool> run(Desk& desk, std::vector<Sale> unfinished, Board& board, Inbox& inbox, Random& random,
                 const Options& options, const std::function<void(const std::string& url)>& started);

}  // namespace dfb::terminal::kiosk
