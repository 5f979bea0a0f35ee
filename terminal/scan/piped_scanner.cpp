#include "terminal/scan/piped_scanner.h"

#include <fcntl.h>
#include <unistd.h>

namespace dfb::terminal {

Result<PipedScanner> PipedScanner::open(const std::string& device) {
  PipedScanner out;
  if (device.empty()) return out;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return io_failure("pipe");
  out.end_ = File(ends[0]);
  out.from_ = std::make_unique<File>(ends[1]);
  DFB_TRY(out.scanner_, DeviceScanner::open(device, [&to = *out.from_](const LineScanner::Line& line) {
            const std::string text = line.text + "\n";  // far below what a pipe takes at once
            (void)!::write(to.get(), text.data(), text.size());
          }));
  return out;
}

}  // namespace dfb::terminal
