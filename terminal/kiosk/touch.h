// What the page sends: one touch of the cashier each. Source of the bodies: docs/api.md#the-tills-page.
//
// A touch names the sale that it is about. What was meant for another one, because the page was slow or two
// pages are open, does nothing. Threads: values; pure functions.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/base/uuid.h"
#include "ledger/book/goods.h"
#include "ledger/book/types.h"
#include "terminal/report/period.h"

namespace dfb::terminal::kiosk {

struct Scan {
  std::string text;
  bool camera = false;  // by the page's camera, which goes on looking while a customer waits
};
struct Draft {  // what is typed so far; 0 for nothing yet
  Uuid sale;
  book::Points points;
  std::int64_t cash_fen = 0;
  std::string memo = {};  // of a refund: why
  std::vector<book::GoodsLine> goods = {};
};
struct Pay {  // the yes to exactly these points
  Uuid sale;
  book::Points points;
  std::int64_t cash_fen = 0;
  std::vector<book::GoodsLine> goods = {};  // for these goods
};
struct Pin {  // a card's, typed by the customer; never kept
  Uuid sale;
  std::string pin;
};
struct Drop {
  Uuid sale;
};
struct Next {  // the result was read
  Uuid sale;
};
struct ShowPast {};
struct Find {
  std::string text;  // a receipt's number or a sale's id
};
struct GiveBack {
  Uuid sale;
  book::Points points;
  std::string memo = {};  // why: up to 64 plain characters
  std::int64_t cash_fen = 0;
};
struct ShowReceipt {  // of a sale or refund of the past
  Uuid sale;
};
struct Print {  // its receipt, once more
  Uuid sale;
};
struct Acknowledge {  // it was read why the town refused this offline sale
  Uuid sale;
};
struct Back {};
struct ShowSignIn {};  // somebody else is to stand at the till
struct SignIn {        // a PIN is checked and forgotten
  std::string staff, pin;
};
struct Unlock {  // a manager opens another person's lock
  std::string staff, manager, pin;
};
struct Resume {};  // without a line: the cashier goes on, without a PIN
struct SignOut {};
struct Lock {};
struct ShowShift {};  // what the shift came to so far, and its reports
struct XReport {
  std::int64_t number = 0;  // the one that the page offered: a second finger makes no second report
};
struct ZReport {
  std::int64_t number = 0;  // likewise
};
struct AskVoid {
  Uuid sale;
};
struct Void {
  Uuid sale;
  std::string manager, pin;
};
struct ShowOwner {};  // the owner's report
struct OpenOwner {    // on a manager's PIN, where people sign in
  std::string manager, pin;
};
struct ReadOwner {
  Period period;
};
using Touch = std::variant<Scan, Draft, Pay, Pin, Drop, Next, ShowPast, Find, GiveBack, Acknowledge, Back,
                           ShowReceipt, Print, ShowSignIn, SignIn, Unlock, SignOut, Lock, ShowShift, XReport, ZReport,
                           AskVoid, Void, Resume, ShowOwner, OpenOwner, ReadOwner>;

// malformed, saying what is wrong.
Result<Touch> parse_touch(std::string_view json);

}  // namespace dfb::terminal::kiosk
