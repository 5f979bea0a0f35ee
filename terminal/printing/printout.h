// What is to be printed, as data: a receipt, a shift's sums, a test page. How it is laid out for a paper's
// width is layout.h's, how a printer is told escpos.h's. At its end the paper is fed and cut.
// Threads: values.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dfb::terminal {

struct Printout {
  struct Text {  // wrapped where it is too long for a line
    std::string text;
    bool centred = false, large = false;
  };
  struct Row {  // one line with two ends; what does not fit goes to a line of its own
    std::string left, right;
    bool large = false;
  };
  struct Rule {};
  struct Qr {
    std::string text;  // at most qr::kTextMax bytes
  };
  using Part = std::variant<Text, Row, Rule, Qr>;
  std::vector<Part> parts;

  Printout& title(std::string text) { return add(Text{std::move(text), true, true}); }
  Printout& centred(std::string text) { return add(Text{std::move(text), true}); }
  Printout& text(std::string text) { return add(Text{std::move(text)}); }
  Printout& row(std::string left, std::string right) { return add(Row{std::move(left), std::move(right)}); }
  Printout& large_row(std::string left, std::string right) {
    return add(Row{std::move(left), std::move(right), true});
  }
  Printout& rule() { return add(Rule{}); }
  Printout& qr(std::string text) { return add(Qr{std::move(text)}); }

 private:
  Printout& add(Part part) {
    parts.push_back(std::move(part));
    return *this;
  }
};

}  // namespace dfb::terminal
