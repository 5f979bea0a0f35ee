// What a cashier may type on the text terminal, and how it is read: one line, one thing wanted.
//
// Chinese and English words are both taken, whatever the screen speaks; a code is a line of its own length and is taken
// as it stands. Threads: values; pure functions.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "terminal/flow.h"

namespace dfb::terminal {

struct CodeLine {
  std::string code;
};
using AmountLine = Flow::Amount;
struct RefundLine {
  std::string sale;
  book::Points points;
  std::string memo = {};
  std::int64_t cash_fen = 0;
};  // a sale's id or a receipt's number
struct ReprintLine {
  std::string sale;  // empty: the last one
};
// Points that pay a part of a cash bill.
struct BillLine {
  std::int64_t fen = 0;
  book::Points points;
};
// Goods by their ids, as `goods` lists them.
struct GoodsNamed {
  std::vector<book::GoodsLine> lines;
};
// The shop's people by their number in the list that `staff` shows, from 1.
struct SignInLine {
  std::size_t person = 0;
};
struct VoidLine {
  std::string sale;
  std::size_t manager = 0;
};
struct UnlockLine {
  std::size_t person = 0, manager = 0;
};
enum class Word : std::uint8_t {
  enter, no, last, receipt, status, offline, acknowledge, help, quit, staff, lock, out, x, z, resume, goods
};
// A picture of a code, scanned from a file.
struct ImageLine {
  std::string path;
};
struct NotUnderstood {};
using ConsoleLine = std::variant<CodeLine, AmountLine, BillLine, GoodsNamed, RefundLine, ReprintLine, SignInLine, VoidLine,
                                 UnlockLine, ImageLine, Word, NotUnderstood>;
// Anything that is none of these is NotUnderstood. Pure.
ConsoleLine parse_console_line(std::string_view line);
// Whether it is what a PIN looks like, which amounts may look like too.
bool is_pin(std::string_view text);

}  // namespace dfb::terminal
