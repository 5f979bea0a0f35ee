#include "tests/support/paper.h"

#include <arpa/inet.h>
#include <iconv.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "ledger/base/check.h"

namespace dfb::test {
namespace {

std::string from_gb18030(std::string in) {
  const iconv_t handle = ::iconv_open("UTF-8", "GB18030");
  DFB_CHECK(handle != reinterpret_cast<iconv_t>(-1));
  std::string out(in.size() * 3 + 4, '\0');
  char *from = in.data(), *to = out.data();
  std::size_t from_left = in.size(), to_left = out.size();
  const bool good = ::iconv(handle, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
  ::iconv_close(handle);
  out.resize(out.size() - to_left);
  return good ? out : "<not GB 18030>";
}

class Head {
 public:
  explicit Head(std::string_view bytes) : rest_(bytes) {}
  Paper run() {
    while (!rest_.empty() && paper_.trouble.empty()) step(take());
    if (!line_.empty()) paper_.trouble += "the last line was not fed";
    return std::move(paper_);
  }

 private:
  unsigned take() {
    if (rest_.empty()) {
      paper_.trouble = "a command was cut off";
      return 0;
    }
    const unsigned byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  unsigned take_number() {
    const unsigned low = take();
    return low | take() << 8;
  }
  void unknown(const std::string& what) { paper_.trouble = what; }

  void step(unsigned byte) {
    if (byte == 0x0A) {
      // A code or a picture ends its own line.
      if (!after_picture_ || !line_.empty()) paper_.lines.push_back({from_gb18030(line_), large_});
      after_picture_ = false;
      line_.clear();
    } else if (byte == 0x1B) {
      escape(take());
    } else if (byte == 0x1C) {
      chinese(take());
    } else if (byte == 0x1D) {
      group(take());
    } else if (byte == 0x10) {
      if (take() != 4) unknown("DLE");
      take();
    } else if (byte < 0x20) {
      unknown("control character " + std::to_string(byte));
    } else if (byte < 0x80 || !chinese_) {
      line_ += static_cast<char>(byte);
    } else {
      line_ += static_cast<char>(byte);
      const unsigned second = take();
      line_ += static_cast<char>(second);
      if (second >= '0' && second <= '9') {  // of four bytes
        line_ += static_cast<char>(take());
        line_ += static_cast<char>(take());
      }
    }
  }

  void escape(unsigned command) {
    if (command == '@') {
      large_ = chinese_ = false;
    } else if (command == 'a' || command == 'd') {
      take();
    } else {
      unknown("ESC " + std::to_string(command));
    }
  }

  void chinese(unsigned command) {
    if (command == '&')
      chinese_ = true;
    else if (command == '!')
      large_chinese_ = take() == 0x0C;
    else
      unknown("FS " + std::to_string(command));
    if (line_.empty() && large_chinese_ != large_) unknown("letters and characters of two sizes");
  }

  void group(unsigned command) {
    if (command == '!') {
      large_ = take() == 0x11;
    } else if (command == 'V') {
      if (take() == 66) take();
      ++paper_.cuts;
    } else if (command == '(') {
      if (take() != 'k') return unknown("GS (");
      symbol();
    } else if (command == 'v') {
      if (take() != '0' || take() != 0) return unknown("GS v");
      picture();
    } else {
      unknown("GS " + std::to_string(command));
    }
  }

  void symbol() {
    const unsigned size = take_number(), kind = take(), function = take();
    if (kind != 0x31 || size < 3) return unknown("a symbol that is no QR code");
    std::string data;
    for (unsigned i = 2; i < size; ++i) data += static_cast<char>(take());
    if (function == 65 && data[0] == '2') return;  // the model
    if (function == 67) code_.dots = data[0];
    if (function == 69) code_.level = "LMQH"[data[0] - '0'];
    if (function == 80) code_.text = data.substr(1);
    if (function == 81) {
      paper_.codes.push_back(code_);
      after_picture_ = true;
    }
  }

  void picture() {
    const unsigned bytes = take_number(), height = take_number();
    PrintedImage image{static_cast<int>(bytes * 8), static_cast<int>(height), {}};
    for (unsigned i = 0; i < bytes * height; ++i) {
      const unsigned dots = take();
      for (int bit = 7; bit >= 0; --bit) image.grey.push_back((dots >> bit & 1) != 0 ? 0 : 255);
    }
    paper_.images.push_back(std::move(image));
    after_picture_ = true;
  }

  std::string_view rest_;
  Paper paper_;
  std::string line_;
  PrintedQr code_;
  bool large_ = false, large_chinese_ = false, chinese_ = false, after_picture_ = false;
};

}  // namespace

Paper print(std::string_view bytes) { return Head(bytes).run(); }

struct TcpPrinter::State {
  std::atomic<Manner> manner;
  int listening = -1;
  std::uint16_t port = 0;
  std::atomic<bool> stopped{false};
  mutable std::mutex mutex;
  std::vector<std::string> jobs;
  std::thread thread;

  void serve() {
    while (!stopped) {
      pollfd one{listening, POLLIN, 0};
      if (::poll(&one, 1, 20) <= 0) continue;
      const int fd = ::accept(listening, nullptr, nullptr);
      if (fd >= 0) talk(fd);
      ::close(fd);
    }
  }
  void talk(int fd) {
    if (manner == Manner::closes) return;
    std::string all;
    while (!stopped) {
      const Manner now = manner;
      pollfd one{fd, POLLIN, 0};
      if (now == Manner::stuck || ::poll(&one, 1, 20) <= 0) {
        ::poll(nullptr, 0, 5);
        continue;
      }
      char bytes[4096];
      const ssize_t got = ::recv(fd, bytes, now == Manner::slow ? 64 : sizeof bytes, 0);
      if (got < 0) return;
      if (got == 0) break;
      all.append(bytes, static_cast<std::size_t>(got));
      const bool asked = all.starts_with("\x10\x04\x04");
      if (asked) all.erase(0, 3);
      const char word = now == Manner::no_paper ? '\x72' : '\x12';
      if (asked && now != Manner::mute) (void)!::send(fd, &word, 1, MSG_NOSIGNAL);
      if (now == Manner::slow) ::poll(nullptr, 0, 2);
    }
    if (stopped || all.empty()) return;
    const std::lock_guard lock(mutex);
    jobs.push_back(std::move(all));
  }
};

TcpPrinter::TcpPrinter(Manner manner) : state_(std::make_unique<State>()) {
  state_->manner = manner;
  state_->listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int small = 1;  // a printer that takes nothing is soon full
  if (manner == Manner::stuck) ::setsockopt(state_->listening, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  DFB_CHECK(::bind(state_->listening, reinterpret_cast<sockaddr*>(&address), size) == 0);
  DFB_CHECK(::listen(state_->listening, 8) == 0);
  DFB_CHECK(::getsockname(state_->listening, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  state_->port = ntohs(address.sin_port);
  state_->thread = std::thread([this] { state_->serve(); });
}

TcpPrinter::~TcpPrinter() {
  state_->stopped = true;
  state_->thread.join();
  ::close(state_->listening);
}

std::string TcpPrinter::address() const { return "tcp://127.0.0.1:" + std::to_string(state_->port); }
void TcpPrinter::set(Manner manner) { state_->manner = manner; }

std::vector<std::string> TcpPrinter::jobs(std::size_t count) const {
  for (int i = 0; i < 2000; ++i) {
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->jobs.size() >= count) return state_->jobs;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return state_->jobs;
}

}  // namespace dfb::test
