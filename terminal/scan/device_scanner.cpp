#include "terminal/scan/device_scanner.h"

#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace dfb::terminal {
namespace {

constexpr int kReopenMs = 1000;

}  // namespace

Result<File> open_scanner(const std::string& path) {
  File device(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (device.get() < 0) {
    const std::string why = std::strerror(errno);
    return fail(Code::bad_config,
                "scanner " + path + ": " + why +
                    (errno == EACCES ? "; let this user read it (group `input`)"
                                     : "; plug it in, and look for its name under /dev/input/by-id"));
  }
  // Not an input device (a pipe): there is nobody to take it from.
  if (::ioctl(device.get(), EVIOCGRAB, 1) != 0 && errno == EBUSY)
    return fail(Code::bad_config, "scanner " + path + ": another program has taken it; end that one first");
  return device;
}

Result<std::unique_ptr<DeviceScanner>> DeviceScanner::open(std::string path, OnLine on_line) {
  DFB_TRY(File device, open_scanner(path));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return io_failure("pipe");
  return std::unique_ptr<DeviceScanner>(new DeviceScanner(std::move(path), std::move(device), File(ends[0]),
                                                          File(ends[1]), std::move(on_line)));
}

DeviceScanner::DeviceScanner(std::string path, File device, File stop, File stop_end, OnLine on_line)
    : path_(std::move(path)),
      device_(std::move(device)),
      stop_(std::move(stop)),
      stop_end_(std::move(stop_end)),
      on_line_(std::move(on_line)),
      thread_([this] { run(); }) {}

DeviceScanner::~DeviceScanner() {
  const char stop = 0;
  (void)!::write(stop_end_.get(), &stop, 1);
  thread_.join();
}

bool DeviceScanner::is_stopped(int wait_ms) {
  pollfd stop{stop_.get(), POLLIN, 0};
  return ::poll(&stop, 1, wait_ms) > 0;
}

bool DeviceScanner::read_some() {
  std::array<input_event, 64> events;
  const ssize_t got = ::read(device_.get(), events.data(), sizeof events);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(got) / sizeof(input_event); ++i)
    if (const auto typed = keys_.feed(events[i].type, events[i].code, events[i].value))
      lines_.feed({&*typed, 1});
  while (const auto line = lines_.next()) on_line_(*line);
  return true;
}

void DeviceScanner::run() {
  for (;;) {
    pollfd waiting[] = {{device_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    if (waiting[0].revents == 0 || ((waiting[0].revents & POLLIN) != 0 && read_some())) continue;
    is_there_ = false;
    keys_ = {};
    lines_ = {};  // half a code is none
    device_ = File();
    for (bool back = false; !back;) {
      if (is_stopped(kReopenMs)) return;
      auto again = open_scanner(path_);
      back = again.has_value();
      if (back) device_ = std::move(again).value();
    }
    is_there_ = true;
  }
}

}  // namespace dfb::terminal
