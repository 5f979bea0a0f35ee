#include "terminal/printing/printer.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "ledger/base/encoding.h"
#include "ledger/base/files.h"

namespace dfb::terminal {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::string_view kTcp = "tcp://", kRawPort = "9100";
constexpr milliseconds kSlice{100};

// DLE EOT 4 asks for the paper sensor. An answer has the bits 1, 4 set and 0, 7 clear; 5 and 6: no paper.
constexpr std::string_view kAskPaper{"\x10\x04\x04", 3};
constexpr unsigned kAnswerMask = 0x93, kAnswer = 0x12, kPaperEnd = 0x60;

std::string because(std::string_view what) { return std::string(what) + ": " + std::strerror(errno); }

class Sending {
 public:
  Sending(const PrinterTiming& timing, const std::function<bool()>& stopped)
      : timing_(timing), stopped_(stopped) {}

  PrintResult to(const DevicePrinter& printer, std::string_view bytes) const {
    // Never made: a printer that is unplugged would leave a file that swallows receipts.
    const File file(::open(printer.path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_APPEND | O_CLOEXEC));
    if (file.get() < 0) return silent(because(printer.path));
    return write(file.get(), bytes, printer.path);
  }

  PrintResult to(const TcpPrinter& printer, std::string_view bytes) const {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(printer.host.c_str(), printer.port.c_str(), &hints, &found);
        failed != 0)
      return silent(printer.host + ": " + ::gai_strerror(failed));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
    PrintResult last = silent(printer.host + ": no address");
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
      const File socket(::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      last = connect(socket.get(), *one, printer.host);
      if (last.printed == Printed::yes) return talk(socket.get(), bytes, printer.host);
    }
    return last;
  }

 private:
  static PrintResult silent(std::string why) { return {Printed::silent, std::move(why)}; }

  // Whether one of `events` came before the time was over.
  bool await(int fd, short events, milliseconds most) const {
    const SteadyTime until = std::chrono::steady_clock::now() + most;
    while (!stopped_()) {
      pollfd one{fd, events, 0};
      if (::poll(&one, 1, static_cast<int>(kSlice.count())) > 0) return true;
      if (std::chrono::steady_clock::now() >= until) break;
    }
    return false;
  }

  PrintResult connect(int fd, const addrinfo& address, const std::string& name) const {
    if (fd < 0) return silent(because(name));
    if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return {};
    if (errno != EINPROGRESS) return silent(because(name));
    if (!await(fd, POLLOUT, timing_.connect)) return silent(name + ": no answer");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? PrintResult{} : silent(name + ": " + std::strerror(error));
  }

  // Without paper nothing is sent, so that nothing is printed twice when there is some again.
  PrintResult talk(int fd, std::string_view bytes, const std::string& name) const {
    if (const PrintResult asked = write(fd, kAskPaper, name); asked.printed != Printed::yes) return asked;
    unsigned char word = 0;
    if (await(fd, POLLIN, timing_.answer)) {
      const ssize_t got = ::recv(fd, &word, 1, 0);
      if (got == 0) return silent(name + ": closed the connection");
      if (got == 1 && (word & kAnswerMask) == kAnswer && (word & kPaperEnd) != 0)
        return {Printed::no_paper, name + ": no paper"};
    }
    if (const PrintResult sent = write(fd, bytes, name); sent.printed != Printed::yes) return sent;
    return acknowledged(fd, name);
  }

  PrintResult write(int fd, std::string_view bytes, const std::string& name) const {
    while (!bytes.empty()) {
      if (!await(fd, POLLOUT, timing_.stall)) return silent(name + ": takes no more");
      const ssize_t put = ::write(fd, bytes.data(), bytes.size());
      if (put < 0 && errno != EINTR && errno != EAGAIN) return silent(because(name));
      if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }

  // Until the other side's network has all of it: what only lies in this machine's buffer is not printed.
  PrintResult acknowledged(int fd, const std::string& name) const {
    ::shutdown(fd, SHUT_WR);
    int before = -1;
    SteadyTime moved = std::chrono::steady_clock::now();
    while (!stopped_()) {
      int waiting = 0;
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return silent(name + ": " + std::strerror(error));
      if (::ioctl(fd, SIOCOUTQ, &waiting) != 0) return silent(because(name));
      if (waiting == 0) return {};
      const SteadyTime now = std::chrono::steady_clock::now();
      if (waiting != before) moved = now;
      before = waiting;
      if (now - moved >= timing_.stall) return silent(name + ": takes no more");
      ::poll(nullptr, 0, 10);
    }
    return silent(name + ": the till stops");
  }

  const PrinterTiming& timing_;
  const std::function<bool()>& stopped_;
};

}  // namespace

Result<PrinterAddress> parse_printer(std::string_view text) {
  const auto bad = [&] {
    return fail(Code::bad_config,
                "--printer " + std::string(text) + ": a device file or tcp://HOST:PORT is wanted");
  };
  if (text.empty()) return bad();
  if (!text.starts_with(kTcp)) {
    if (text.find("://") != text.npos) return bad();
    return PrinterAddress(DevicePrinter{std::string(text)});
  }
  text.remove_prefix(kTcp.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  std::string_view host = text, port = kRawPort;
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', text.starts_with('[') && bracket != text.npos ? bracket : 0);
  if (colon != text.npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto number = parse_decimal(port);
  if (host.empty() || host.find_first_of("/[] @?#") != host.npos || !number || number.value() < 1 ||
      number.value() > 65535)
    return bad();
  return PrinterAddress(TcpPrinter{std::string(host), std::string(port)});
}

PrintResult send_to_printer(const PrinterAddress& printer, std::string_view bytes,
                            const PrinterTiming& timing, const std::function<bool()>& stopped) {
  const Sending sending(timing, stopped);
  return std::visit([&](const auto& one) { return sending.to(one, bytes); }, printer);
}

}  // namespace dfb::terminal
