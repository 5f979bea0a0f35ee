// A scanner's lines as something that can be polled beside the keyboard's. Threads: one, besides the device's.
#pragma once
#include <memory>
#include <string>

#include "ledger/base/files.h"
#include "ledger/base/result.h"
#include "terminal/scan/device_scanner.h"

namespace dfb::terminal {

class PipedScanner {
 public:
  // Without a device: none, whose fd() is -1. Fails as DeviceScanner::open().
  static Result<PipedScanner> open(const std::string& device);
  int fd() const { return end_.get(); }  // each line ends with LF

 private:
  File end_;
  std::unique_ptr<File> from_;
  std::unique_ptr<DeviceScanner> scanner_;  // last: its thread writes into the pipe
};

}  // namespace dfb::terminal
