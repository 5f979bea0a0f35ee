// A scanner as a device file of the kernel's input layer (/dev/input/by-id/…-event-kbd), read by a thread of its
// own. The device is taken for the till alone, so that what is scanned appears in no other window.
//
// `on_line` is called from that thread. A device that goes away is opened again every second until it is back.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "ledger/base/files.h"
#include "ledger/base/result.h"
#include "terminal/scan/key_events.h"
#include "terminal/scan/line_scanner.h"

namespace dfb::terminal {

// Taken for the caller alone where it is an input device. bad_config: it cannot be read now, and what to do.
Result<File> open_scanner(const std::string& path);

class DeviceScanner {
 public:
  using OnLine = std::function<void(const LineScanner::Line&)>;

  static Result<std::unique_ptr<DeviceScanner>> open(std::string path, OnLine on_line);  // as open_scanner()
  ~DeviceScanner();
  DeviceScanner(const DeviceScanner&) = delete;
  DeviceScanner& operator=(const DeviceScanner&) = delete;

  bool is_there() const { return is_there_; }

 private:
  DeviceScanner(std::string path, File device, File stop, File stop_end, OnLine on_line);
  void run();
  bool read_some();             // false when the device has gone
  bool is_stopped(int wait_ms);  // waits that long for being stopped

  const std::string path_;
  File device_;
  const File stop_, stop_end_;  // a pipe; closed at its writing end by the destructor's byte
  const OnLine on_line_;
  KeyEvents keys_;
  LineScanner lines_;
  std::atomic<bool> is_there_ = true;
  std::thread thread_;
};

}  // namespace dfb::terminal
