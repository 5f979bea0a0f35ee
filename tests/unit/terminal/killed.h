// A till that is killed -9 as soon as its journal has so many lines.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "tests/unit/terminal/shop.h"

namespace dfb::terminal::test {

// Lines in the file now, without opening it.
inline int lines_of(const Shop& shop) {
  const std::string bytes = shop.folder.read("journal");
  return static_cast<int>(std::count(bytes.begin(), bytes.end(), '\n'));
}

// Runs `work`, which opens the till, in a child that kills itself as soon as the journal has `lines` lines: it
// looks before each record, each step and each message. What the journal had when it last went on stands in the
// file `acted_upon`, in bytes: what stands behind that, a power cut may have taken in part or in whole. True if it
// was killed. REQUIRES: the till is not open.
template <class Work>
bool killed_at(Shop& shop, int lines, Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto check = [&] {
      if (lines_of(shop) >= lines) ::kill(::getpid(), SIGKILL);
      shop.folder.write("acted_upon", std::to_string(shop.folder.read("journal").size()));
    };
    shop.line->on_post = check;
    shop.till_clock.on_read = check;
    work();
    check();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

}  // namespace dfb::terminal::test
