// As long as it lives, no file of this process grows beyond so many bytes: a write that crosses the line is
// cut short, and the next one fails, as on a full disk.
#pragma once
#include <sys/resource.h>

#include <csignal>

#include "ledger/base/check.h"

namespace dfb::audit::test {

class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    DFB_CHECK(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit now{bytes, before_.rlim_max};
    DFB_CHECK(::setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~FullDisk() {
    DFB_CHECK(::setrlimit(RLIMIT_FSIZE, &before_) == 0);
    std::signal(SIGXFSZ, signal_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*signal_)(int);
  rlimit before_{};
};

}  // namespace dfb::audit::test
