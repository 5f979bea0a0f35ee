// The till on a plain text terminal: codes and commands come in as lines, results go out as lines.
//
// The same line may come from a keyboard or from a keyboard-wedge scanner that ends it with CR.
// Threads: one.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "terminal/flow.h"
#include "terminal/scan/line_scanner.h"
#include "terminal/screen.h"

namespace dfb::terminal {

// What a cashier may type.
struct CodeLine {
  std::string code;
};
using AmountLine = Flow::Amount;
struct RefundLine {
  std::string sale;
  book::Points points;
};  // a sale's id or a receipt's number
enum class Word : std::uint8_t { enter, no, last, receipt, status, help, quit };
struct NotUnderstood {};
using ConsoleLine = std::variant<CodeLine, AmountLine, RefundLine, Word, NotUnderstood>;
ConsoleLine parse_console_line(std::string_view line);

class Console {
 public:
  struct Parts {
    Counter& counter;
    const History& history;
    Screen& screen;
    std::string shop, origin;         // for receipts
    int in_fd;                        // read until its end; not owned
    std::function<void()> idle = {};  // between two sales, before the next line is waited for
    int scans_fd = -1;                // lines of a scanner of its own, beside the keyboard's; not owned
  };
  explicit Console(Parts parts) : parts_(std::move(parts)), flow_(parts_.counter) {}

  // Settles what the journal left open, then serves until `quit` or the input's end. Returns true when
  // nothing is open. Fails as the counter does.
  Result<bool> run(std::vector<Sale> unfinished);

 private:
  Result<void> take(const LineScanner::Line& line);
  Result<void> take_words(const ConsoleLine& line);
  Result<void> take_word(Word word);
  Result<void> start_refund(const RefundLine& line);
  Result<void> tell(Flow::Outcome outcome);
  void ask_to_confirm();
  Result<bool> read_some();  // false at the input's end
  bool read_from(int fd, LineScanner& lines);
  void show_last();
  void show_receipt();
  void show_status();

  Parts parts_;
  Flow flow_;
  LineScanner typed_, scanned_;
  bool quit_ = false;
};

}  // namespace dfb::terminal
