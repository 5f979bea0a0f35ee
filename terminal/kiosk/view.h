// What the page draws: all of the till's state that a cashier may see, as JSON. Source:
// docs/api.md#the-tills-page.
//
// A page that is opened anew draws the same. Names are masked as the town gave them. Texts that the till
// words itself come in both languages. Threads: values.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "terminal/attendance.h"
#include "terminal/counter/counter.h"
#include "terminal/kiosk/owner_view.h"
#include "terminal/printing/receipts.h"
#include "terminal/shelf.h"
#include "terminal/till/history.h"

namespace dfb::terminal::kiosk {

enum class Screen : std::uint8_t {
  scan,        // ready for the next customer
  working,     // an exchange with the town is under way; nothing is known to be wrong
  customer,    // points are awaited
  pickup,      // a reservation: the yes to handing it out is awaited
  pin,         // a card's PIN is awaited
  confirming,  // the customer confirms on the phone
  result,      // done, refused or cancelled, until it was read
  unknown,     // hand nothing over
  past,        // the last 50
  receipt,     // of one of them
  refund,      // points to give back are awaited
  undo,        // a manager's word for a void is awaited
  who,         // somebody has to sign in, or wants to
  shift,       // what the shift came to so far; X and Z
  owner,       // the owner's report: a manager's PIN, a period, the figures
  stopped,     // the program ends; it has to be started again
};
BOOST_DESCRIBE_ENUM(Screen, scan, working, customer, pickup, pin, confirming, result, unknown, past, receipt, refund,
                    undo, who, shift, owner, stopped)

struct ShopView {
  std::string name_zh, name_en, account, origin;
};
BOOST_DESCRIBE_STRUCT(ShopView, (), (name_zh, name_en, account, origin))

struct LineView {
  bool up = false;
  bool clock_off = false;          // so far that a person should set it
  std::int64_t clock_ahead_s = 0;  // this machine's clock minus the town's
  std::int64_t log_size = 0;
  std::string log_root;            // base64
  std::int64_t fen_per_point = 0;  // the policy's rate; 0: not known
};
BOOST_DESCRIBE_STRUCT(LineView, (), (up, clock_off, clock_ahead_s, log_size, log_root, fen_per_point))

// An offline sale that the town refused.
struct RefusedView {
  std::string id, zh, en;
};
BOOST_DESCRIBE_STRUCT(RefusedView, (), (id, zh, en))

// Selling without a line. The texts are the till's own, in both languages.
struct OfflineView {
  std::int64_t unsynced_sales = 0, unsynced_points = 0, points_left = 0, minutes_left = 0;
  std::string banner_zh, banner_en;
  std::string warning_zh, warning_en;  // what is wrong with the till or the town as a whole
  std::string aside_zh, aside_en;    // sales without a result that wait while offline codes are taken
  std::vector<RefusedView> refused;  // until they were acknowledged
};
BOOST_DESCRIBE_STRUCT(OfflineView, (),
                      (unsynced_sales, unsynced_points, points_left, minutes_left, banner_zh, banner_en,
                       warning_zh, warning_en, aside_zh, aside_en, refused))

// A good of the shop's, and how much of it is bought.
struct GoodView {
  std::string good, name_zh, name_en;
  std::int64_t points = 0, stock = 0;
};
BOOST_DESCRIBE_STRUCT(GoodView, (), (good, name_zh, name_en, points, stock))

struct GoodsLineView {
  std::string good;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(GoodsLineView, (), (good, count))

struct SaleView {
  std::string id, kind, phase;                 // as name(Kind) and name(Phase)
  std::string name;                            // masked; empty after a restart
  std::int64_t code_limit = 0, spend_max = 0;  // of a customer who waits
  std::int64_t points = 0, cash_fen = 0;
  bool card = false, offline = false, pickup = false;
  std::int64_t until_us = 0;  // of a reservation that waits
  std::int64_t asked_us = 0;  // when the customer's phone was asked
  std::int64_t sent_us = 0, entry_us = 0, seq = -1;
  std::string effect;               // cancelled: burnt, undone, none
  bool alarm = false;               // an answer did not stand the check
  bool given_up = false;            // unknown: it may wait while others pay by offline codes
  std::string why, why_zh, why_en;  // refused, unknown: the code and its words; of a cancelled pick-up, and of a sale that stands late, the words alone
  std::int64_t number = 0;          // a shift report's
  std::string goods_zh, goods_en;   // what is bought by name, in words
};
BOOST_DESCRIBE_STRUCT(SaleView, (),
                      (id, kind, phase, name, code_limit, spend_max, points, cash_fen, card, offline, pickup,
                       until_us, asked_us, sent_us, entry_us, seq, effect, alarm, given_up, why, why_zh, why_en, number, goods_zh, goods_en))

struct PastView {
  std::string id, kind, phase, why;
  std::int64_t at_us = 0, points = 0, cash_fen = 0, seq = -1, given_back = 0, number = 0;
  bool undone = false, pickup = false;
  std::string goods_zh = {}, goods_en = {}, why_zh = {}, why_en = {};
};
BOOST_DESCRIBE_STRUCT(PastView, (),
                      (id, kind, phase, why, why_zh, why_en, at_us, points, cash_fen, seq, given_back, number, undone, pickup,
                       goods_zh, goods_en))

// The civil day's finished sales and refunds by this till's journal.
struct DayView {
  std::string day;
  std::int64_t sales = 0, points = 0, cash_fen = 0, refunds = 0, points_back = 0;
};
BOOST_DESCRIBE_STRUCT(DayView, (), (day, sales, points, cash_fen, refunds, points_back))

struct ReasonView {
  std::string memo, zh, en;
};
BOOST_DESCRIBE_STRUCT(ReasonView, (), (memo, zh, en))

struct RefundView {
  PastView sale;
  std::int64_t left = 0, cash_left_fen = 0;
  std::vector<ReasonView> reasons;
  bool may_void = false;
  bool elsewhere = false;  // the town knows it, and this till's journal does not
};
BOOST_DESCRIBE_STRUCT(RefundView, (), (sale, left, cash_left_fen, reasons, may_void, elsewhere))

// A printout line by line, as it is on paper; one line stands for the QR code.
struct PaperLineView {
  std::string text;
  bool large = false, qr = false;
};
BOOST_DESCRIBE_STRUCT(PaperLineView, (), (text, large, qr))

struct ReceiptView {
  std::string sale, kind;  // its id, and name(Kind)
  std::int64_t columns = 0, number = 0;  // a report's number
  std::string qr_text, qr_svg;
  std::vector<PaperLineView> zh, en;
};
BOOST_DESCRIBE_STRUCT(ReceiptView, (), (sale, kind, columns, number, qr_text, qr_svg, zh, en))

struct PrinterView {
  std::string state;  // none, ready, printing, silent, no_paper
  std::int64_t waiting = 0, given_up = 0;
};
BOOST_DESCRIBE_STRUCT(PrinterView, (), (state, waiting, given_up))

struct StaffMemberView {
  std::string id, name;
  bool manager = false, locked = false;
};
BOOST_DESCRIBE_STRUCT(StaffMemberView, (), (id, name, manager, locked))

// The shop's people, where they sign in.
struct PeopleView {
  std::vector<StaffMemberView> staff;
  std::string cashier;  // whose id stands in the journal
  bool shut = false;    // nobody is at the till: the cashier's PIN, or another one's, opens it
  bool may_resume = false;  // there is no line: the cashier may go on without a PIN
  bool resumed = false;     // and does: offline codes alone
};
BOOST_DESCRIBE_STRUCT(PeopleView, (), (staff, cashier, shut, may_resume, resumed))

struct ShiftView {
  std::int64_t number = 0, x_number = 0;  // of the Z report that will close it, of the next X report
  std::int64_t from_us = 0;
  std::int64_t count = 0, total = 0, refunds = 0, refunded = 0, voids = 0, cash_fen = 0;
};
BOOST_DESCRIBE_STRUCT(ShiftView, (), (number, x_number, from_us, count, total, refunds, refunded, voids, cash_fen))

struct DraftView {
  std::int64_t points = 0, cash_fen = 0;
  std::string memo;  // why points are given back
  std::vector<GoodsLineView> goods;
};
BOOST_DESCRIBE_STRUCT(DraftView, (), (points, cash_fen, memo, goods))

// Something to say in passing; `n` tells one from the next.
struct NoteView {
  std::int64_t n = 0;
  std::string what, zh, en;
};
BOOST_DESCRIBE_STRUCT(NoteView, (), (n, what, zh, en))

struct View {
  Screen screen = Screen::scan;
  ShopView shop;
  LineView line;
  PrinterView printer;
  OfflineView offline;
  DraftView draft;
  std::optional<SaleView> sale;  // customer, pickup, working, result, unknown
  std::optional<RefundView> refund;    // refund, undo
  std::optional<ReceiptView> receipt;  // receipt; result, when it is done
  std::optional<PeopleView> people;
  std::optional<ShiftView> shift;
  std::optional<OwnerView> owner;
  std::vector<PastView> past;  // newest first
  std::optional<DayView> today;
  std::optional<NoteView> note;
  std::vector<GoodView> goods;      // customer, unless the code is an offline one, which buys none by name
  std::int64_t goods_asked_us = 0;  // when the town told of them; this machine's clock
};
BOOST_DESCRIBE_STRUCT(View, (),
                      (screen, shop, line, printer, offline, draft, sale, refund, receipt, people, shift, owner, past,
                       today, note, goods, goods_asked_us))

inline constexpr std::size_t kPastMost = 50;

// `folder` is the till's.
OfflineView offline_of(const Counter& counter, const History& history, const std::string& folder);
SaleView view_of(const Sale& sale, const Shelf& shelf);
PrinterView view_of(const PrinterStatus& status);
RefundView refund_view_of(const History& history, const Past& sale, const Shelf& shelf);
// `Record` is a Sale or a Past that is done.
template <class Record>
ReceiptView receipt_view_of(const Receipts& receipts, const Record& record);
PeopleView view_of(const Attendance& attendance);
ShiftView shift_view(const History& history);
PastView view_of(const Past& past, const Shelf& shelf);
std::vector<PastView> last_ones(const History& history, const Shelf& shelf);
std::vector<GoodView> shelf_view(const Shelf& shelf);
std::vector<GoodsLineView> view_of(const std::vector<book::GoodsLine>& lines);
DayView day_of(const History& history, TimeUs now_us);

}  // namespace dfb::terminal::kiosk
