// A receipt printer for tests: takes ESC/POS bytes and gives what would stand on the paper. Written from the
// makers' command tables, not from the till's encoder; what it does not know is a failure.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::test {

struct PrintedLine {
  std::string text;  // UTF-8
  bool large = false;
  friend bool operator==(const PrintedLine&, const PrintedLine&) = default;
};
struct PrintedQr {
  std::string text;
  int dots = 0;  // a module
  char level = '?';
};
struct PrintedImage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey;  // 0 or 255 a dot
};
struct Paper {
  std::vector<PrintedLine> lines;  // QR codes and pictures stand between them
  std::vector<PrintedQr> codes;
  std::vector<PrintedImage> images;
  int cuts = 0;
  std::string trouble;  // the first command that is not known
};
Paper print(std::string_view bytes);

// A network printer on a free loopback port.
class TcpPrinter {
 public:
  enum class Manner {
    prints,    // and says that it has paper
    mute,      // prints, and never says anything
    no_paper,  // says so; takes what it is given all the same
    slow,      // takes a few bytes at a time
    stuck,     // takes the connection and reads nothing
    closes,    // at once, whatever comes
  };
  explicit TcpPrinter(Manner manner);
  ~TcpPrinter();
  TcpPrinter(const TcpPrinter&) = delete;
  TcpPrinter& operator=(const TcpPrinter&) = delete;

  std::string address() const;  // tcp://127.0.0.1:port
  void set(Manner manner);
  // What each connection brought that was ended in order, without questions for its state; waits for so many.
  std::vector<std::string> jobs(std::size_t count) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dfb::test
