// What is typed on a terminal, such as a PIN, shown to nobody. Threads: one.
#pragma once
#include <termios.h>

namespace dfb::terminal {

// While it lives, what is typed on that terminal is not shown; -1, or no terminal: nothing happens.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd >= 0 && ::tcgetattr(fd, &before_) == 0 ? fd : -1) {
    if (fd_ < 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd_, TCSANOW, &silent);
  }
  ~EchoOff() {
    if (fd_ >= 0) ::tcsetattr(fd_, TCSANOW, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  termios before_{};
  int fd_;
};

}  // namespace dfb::terminal
