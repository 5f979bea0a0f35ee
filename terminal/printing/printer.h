// Where printouts go: a device file (USB, serial, or any file) or a printer in the network.
//
// Nothing here waits longer than its timing says, but for a name that has to be looked up and a device driver
// that holds its file's close.
// Threads: any, one at a time on one printer.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "ledger/base/result.h"

namespace dfb::terminal {

struct DevicePrinter {
  std::string path;
};
struct TcpPrinter {
  std::string host, port;
};
using PrinterAddress = std::variant<DevicePrinter, TcpPrinter>;

// A path, or tcp://HOST:PORT, tcp://[IPV6]:PORT; the port is 9100 unless it is named. bad_config.
Result<PrinterAddress> parse_printer(std::string_view text);

struct PrinterTiming {
  std::chrono::milliseconds connect{3000};
  std::chrono::milliseconds stall{5000};          // without a byte taken
  std::chrono::milliseconds answer{500};          // for its word about the paper; many give none
  std::chrono::milliseconds retry{2000};          // between two tries
  std::chrono::milliseconds keep_trying{60'000};  // from the moment it was handed over; then it is given up
};

enum class Printed : std::uint8_t {
  yes,       // the printer has taken every byte
  silent,    // it is not there, does not answer, or takes no more
  no_paper,  // it says so; it was given nothing
};
struct PrintResult {
  Printed printed = Printed::yes;
  std::string why;  // for the log of whoever repairs it, in English
};

// `stopped` is asked ten times a second: true gives up at once, with `silent`. What a printer has taken
// before it went silent may be on paper. REQUIRES: SIGPIPE is blocked or ignored in this thread.
PrintResult send_to_printer(const PrinterAddress& printer, std::string_view bytes,
                            const PrinterTiming& timing, const std::function<bool()>& stopped);

}  // namespace dfb::terminal
