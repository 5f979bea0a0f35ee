// The sale as tables: every phase against every event, what is allowed to follow, and what never may.
#include "terminal/till/sale.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "ledger/base/check.h"

namespace dfb::terminal {
namespace {

constexpr TimeUs kNow = 1'795'484'400'000'000;
const Timing kTiming{};

constexpr std::array kPhases{Phase::idle,      Phase::presenting, Phase::ready,          Phase::pin,
                             Phase::attesting, Phase::offering,   Phase::confirming,     Phase::signing,
                             Phase::sending,   Phase::asking,     Phase::signing_cancel, Phase::cancelling,
                             Phase::checking,  Phase::done,       Phase::refused,        Phase::cancelled};

struct NamedEvent {
  const char* name;
  Event event;
};
const std::vector<NamedEvent>& events() {
  static const std::vector<NamedEvent> kEvents{
      {"scanned", Scanned{{}, "CODE"}},
      {"refund_wanted", RefundWanted{{}, {}, {}, {10}, ""}},
      {"undo_wanted", UndoWanted{{}, {}, {}, {30}, "s-01"}},
      {"report_wanted", ReportWanted{{}, 7, {}}},
      {"presented", Presented{}},
      {"amount", AmountGiven{{30}, 0}},
      {"more", AmountGiven{{51}, 0}},
      {"pin_given", PinGiven{}},
      {"attested", Attested{"token"}},
      {"pin_wrong", PinWrong{{Code::pin_wrong, ""}}},
      {"offered", Offered{}},
      {"waiting", Waiting{}},
      {"confirmed", Confirmed{"signature"}},
      {"dropped", Dropped{}},
      {"signed", Signed{{"payload", "signature"}}},
      {"applied", Applied{7, kNow, 8, {}, CancelEffect::undone}},
      {"refused", Refused{{Code::insufficient_points, ""}, 7}},
      {"not_found", NotFound{}},
      {"not_taken", NotTaken{{Code::busy, ""}}},
      {"no_answer", NoAnswer{{Code::timed_out, ""}}},
      {"untrusted", Untrusted{{Code::bad_path, ""}}},
      {"tick", Tick{}},
      {"restarted", Restarted{}},
  };
  return kEvents;
}

std::string letters(const std::vector<Action>& actions) {
  static const std::map<Do, const char*> kNames{{Do::write_sale, "w.sale"},
                                                {Do::write_sent, "w.sent"},
                                                {Do::write_refund, "w.refund"},
                                                {Do::write_undo, "w.void"},
                                                {Do::write_zreport, "w.zreport"},
                                                {Do::write_xreport, "w.xreport"},
                                                {Do::write_unknown, "w.unknown"},
                                                {Do::write_done, "w.done"},
                                                {Do::write_refused, "w.refused"},
                                                {Do::write_cancel, "w.cancel"},
                                                {Do::write_cancelled, "w.cancelled"},
                                                {Do::write_shown, "w.shown"},
                                                {Do::present, "present"},
                                                {Do::attest, "attest"},
                                                {Do::offer, "offer"},
                                                {Do::ask_word, "ask_word"},
                                                {Do::sign, "sign"},
                                                {Do::post, "post"},
                                                {Do::enquire, "enquire"},
                                                {Do::sign_cancel, "sign_cancel"},
                                                {Do::post_cancel, "post_cancel"},
                                                {Do::wait, "wait"},
                                                {Do::show_customer, "s.customer"},
                                                {Do::show_pin, "s.pin"},
                                                {Do::show_confirming, "s.confirming"},
                                                {Do::show_done, "s.done"},
                                                {Do::show_refused, "s.refused"},
                                                {Do::show_unknown, "s.unknown"},
                                                {Do::show_alarm, "s.alarm"},
                                                {Do::show_cancelled, "s.cancelled"}};
  std::string out;
  for (const Action& action : actions) out += (out.empty() ? "" : " ") + std::string(kNames.at(action.what));
  return out;
}

Sale sale_in(Phase phase, Kind kind) {
  Sale sale;
  sale.phase = phase;
  sale.kind = kind;
  sale.sent_us = sale.asked_us = kNow - kSecondUs;
  sale.customer.spend_max = {50};
  return sale;
}

// Phase and event -> the phase that follows and the actions. What is not in the table must change nothing.
using Table = std::map<std::pair<Phase, std::string>, std::pair<Phase, std::string>>;
const std::string kDone = "w.done s.done w.shown", kRefused = "w.refused s.refused",
                  kCancelled = "w.cancelled s.cancelled w.shown", kUnknown = "w.unknown s.unknown";

Table common_rows() {
  using P = Phase;
  return {
      {{P::idle, "scanned"}, {P::presenting, "w.sale present"}},
      {{P::idle, "refund_wanted"}, {P::signing, "sign"}},
      {{P::idle, "undo_wanted"}, {P::signing, "sign"}},
      {{P::idle, "report_wanted"}, {P::signing, "sign"}},
      {{P::presenting, "presented"}, {P::ready, "s.customer"}},
      {{P::presenting, "refused"}, {P::refused, kRefused}},
      {{P::presenting, "not_taken"}, {P::refused, kRefused}},
      {{P::presenting, "no_answer"}, {P::refused, kRefused}},
      {{P::ready, "amount"}, {P::signing, "sign"}},
      {{P::ready, "more"}, {P::offering, "offer"}},
      {{P::ready, "dropped"}, {P::cancelled, kCancelled}},
      {{P::pin, "pin_given"}, {P::attesting, "attest"}},
      {{P::pin, "dropped"}, {P::cancelled, kCancelled}},
      {{P::attesting, "attested"}, {P::signing, "sign"}},
      {{P::attesting, "pin_wrong"}, {P::pin, "s.pin"}},
      {{P::attesting, "refused"}, {P::refused, kRefused}},
      {{P::attesting, "not_taken"}, {P::pin, "s.pin"}},
      {{P::attesting, "no_answer"}, {P::pin, "s.pin"}},
      {{P::offering, "offered"}, {P::confirming, "s.confirming wait"}},
      {{P::offering, "refused"}, {P::refused, kRefused}},
      {{P::offering, "not_taken"}, {P::refused, kRefused}},
      {{P::offering, "no_answer"}, {P::refused, kRefused}},
      {{P::confirming, "waiting"}, {P::confirming, "wait"}},
      {{P::confirming, "confirmed"}, {P::signing, "sign"}},
      {{P::confirming, "dropped"}, {P::cancelled, kCancelled}},
      {{P::confirming, "refused"}, {P::refused, kRefused}},
      {{P::confirming, "not_taken"}, {P::confirming, "wait"}},
      {{P::confirming, "no_answer"}, {P::confirming, "wait"}},
      {{P::confirming, "tick"}, {P::confirming, "ask_word"}},
      {{P::sending, "applied"}, {P::done, kDone}},
      {{P::sending, "refused"}, {P::refused, kRefused}},
      {{P::sending, "not_taken"}, {P::sending, "wait"}},
      {{P::sending, "tick"}, {P::sending, "post"}},
      {{P::signing_cancel, "signed"}, {P::cancelling, "w.cancel " + kUnknown + " post_cancel"}},
      {{P::signing_cancel, "tick"}, {P::signing_cancel, "sign_cancel"}},
      {{P::asking, "applied"}, {P::done, kDone}},
      {{P::asking, "refused"}, {P::refused, kRefused}},
      {{P::asking, "not_found"}, {P::asking, "wait"}},
      {{P::asking, "not_taken"}, {P::asking, "wait"}},
      {{P::asking, "no_answer"}, {P::asking, "wait"}},
      {{P::asking, "untrusted"}, {P::asking, "s.alarm wait"}},
      {{P::asking, "tick"}, {P::asking, "enquire"}},
      {{P::cancelling, "applied"}, {P::cancelled, kCancelled}},
      {{P::cancelling, "refused"}, {P::checking, "enquire"}},
      {{P::cancelling, "not_taken"}, {P::cancelling, "wait"}},
      {{P::cancelling, "no_answer"}, {P::cancelling, "wait"}},
      {{P::cancelling, "untrusted"}, {P::cancelling, "s.alarm wait"}},
      {{P::cancelling, "tick"}, {P::cancelling, "post_cancel"}},
      {{P::cancelling, "restarted"}, {P::cancelling, kUnknown + " post_cancel"}},
      {{P::checking, "applied"}, {P::done, kDone}},
      {{P::checking, "refused"}, {P::refused, kRefused}},
      {{P::checking, "not_found"}, {P::signing_cancel, "wait"}},
      {{P::checking, "not_taken"}, {P::cancelling, "wait"}},
      {{P::checking, "no_answer"}, {P::cancelling, "wait"}},
      {{P::checking, "untrusted"}, {P::cancelling, "s.alarm wait"}},
      {{P::done, "restarted"}, {P::done, "s.done w.shown"}},
      {{P::cancelled, "restarted"}, {P::cancelled, "s.cancelled w.shown"}},
  };
}

void expect_table(const Table& table, Kind kind) {
  for (const Phase phase : kPhases)
    for (const auto& [event_name, event] : events()) {
      SCOPED_TRACE(std::string(name(phase)) + " x " + event_name);
      const Sale before = sale_in(phase, kind);
      const Step after = step(before, event, kNow, kTiming);
      const auto row = table.find({phase, event_name});
      if (row == table.end()) {
        EXPECT_EQ(letters(after.actions), "");
        EXPECT_EQ(after.sale, before);
        continue;
      }
      EXPECT_EQ(name(after.sale.phase), name(row->second.first));
      EXPECT_EQ(letters(after.actions), row->second.second);
    }
}

TEST(Sale, EveryPhaseAgainstEveryEvent) {
  Table table = common_rows();
  table[{Phase::signing, "signed"}] = {Phase::sending, "w.sent post"};
  table[{Phase::sending, "no_answer"}] = {Phase::asking, kUnknown + " enquire"};
  table[{Phase::sending, "untrusted"}] = {Phase::asking, "s.alarm " + kUnknown + " enquire"};
  table[{Phase::sending, "restarted"}] = {Phase::asking, kUnknown + " enquire"};
  expect_table(table, Kind::sale);
}

// A refund, a void and a shift report differ in what is written alone.
void expect_sent_until_answered(Kind kind, const std::string& written) {
  Table table = common_rows();
  table[{Phase::signing, "signed"}] = {Phase::sending, written + " post"};
  table[{Phase::sending, "no_answer"}] = {Phase::sending, kUnknown + " wait"};
  table[{Phase::sending, "untrusted"}] = {Phase::sending, "s.alarm " + kUnknown + " wait"};
  table[{Phase::sending, "restarted"}] = {Phase::sending, kUnknown + " post"};
  // A scan makes a sale of an idle machine, whatever kind it was.
  expect_table(table, kind);
}

TEST(Sale, EveryPhaseOfARefundAgainstEveryEvent) { expect_sent_until_answered(Kind::refund, "w.refund"); }
TEST(Sale, EveryPhaseOfAVoidAgainstEveryEvent) { expect_sent_until_answered(Kind::undo, "w.void"); }
TEST(Sale, EveryPhaseOfAZReportAgainstEveryEvent) { expect_sent_until_answered(Kind::zreport, "w.zreport"); }
TEST(Sale, EveryPhaseOfAnXReportAgainstEveryEvent) { expect_sent_until_answered(Kind::xreport, "w.xreport"); }

// However late it is, what may have arrived is sent again until there is an answer.
TEST(Sale, WhatMayHaveArrivedIsNeverGivenUpButForASale) {
  for (const Kind kind : {Kind::refund, Kind::undo, Kind::zreport, Kind::xreport})
    for (const bool perhaps : {false, true}) {
      Sale sale = sale_in(Phase::sending, kind);
      sale.sent_us = kNow - kDayUs;
      sale.perhaps_arrived = perhaps;
      const Step after = step(sale, NotTaken{{Code::busy, ""}}, kNow, kTiming);
      EXPECT_EQ(after.sale.phase, perhaps ? Phase::sending : Phase::refused) << name(kind);
    }
}

// A reading of the shift waits for no line: nothing comes of it that was never sent, and it is asked for again.
TEST(Sale, OnlyAnXReportThatWasNeverSentEndsWithTheLine) {
  for (const Kind kind : {Kind::sale, Kind::refund, Kind::undo, Kind::zreport, Kind::xreport})
    for (const bool perhaps : {false, true})
      for (const Code code : {Code::unreachable, Code::busy}) {
        Sale sale = sale_in(Phase::sending, kind);
        sale.perhaps_arrived = perhaps;
        const Step after = step(sale, NotTaken{{code, ""}}, kNow, kTiming);
        const bool ends = kind == Kind::xreport && !perhaps && code == Code::unreachable;
        EXPECT_EQ(letters(after.actions), ends ? kRefused : "wait") << name(kind) << " " << dfb::name(code);
      }
}

TEST(Sale, NobodyWaitsForAnXReportWithoutAnAnswer) {
  for (const Kind kind : {Kind::refund, Kind::undo, Kind::zreport, Kind::xreport}) {
    Sale sale = sale_in(Phase::sending, kind);
    EXPECT_FALSE(is_given_up(sale)) << "its answer may come at once";
    sale.told_unknown = true;
    EXPECT_EQ(is_given_up(sale), kind == Kind::xreport) << name(kind);
    sale.told_alarm = true;
    EXPECT_FALSE(is_given_up(sale)) << "the town is not to be believed";
  }
}

TEST(Sale, AReportIsOfTheKindThatWasWanted) {
  for (const Kind kind : {Kind::zreport, Kind::xreport}) {
    const Sale report = step({}, ReportWanted{{}, 7, {}, kind}, kNow, kTiming).sale;
    EXPECT_EQ(report.kind, kind);
    EXPECT_EQ(report.number, 7);
  }
}

// The town turns a till away before it looks at what the till asks for.
TEST(Sale, ATownThatTurnsTheTillAwayHasNotRefusedWhatMayHaveArrived) {
  for (const Kind kind : {Kind::refund, Kind::undo, Kind::zreport, Kind::xreport})
    for (const Code code : {Code::key_revoked, Code::forbidden, Code::unauthenticated, Code::account_closed}) {
      Sale sale = sale_in(Phase::sending, kind);
      EXPECT_EQ(step(sale, Refused{{code, ""}}, kNow, kTiming).sale.phase, Phase::refused) << "nothing had arrived";
      sale.perhaps_arrived = true;
      const Step after = step(sale, Refused{{code, ""}}, kNow, kTiming);
      EXPECT_EQ(after.sale.phase, Phase::sending) << dfb::name(code);
      EXPECT_EQ(letters(after.actions), kUnknown + " wait");
      EXPECT_EQ(step(sale, Refused{{code, ""}, 7}, kNow, kTiming).sale.phase, Phase::refused) << "an entry says so";
      EXPECT_EQ(step(sale, Refused{{Code::refund_exceeds_sale, ""}}, kNow, kTiming).sale.phase, Phase::refused);
    }
}

// When the time is over the sale is given up by a cancel.
TEST(Sale, EveryPhaseAgainstEveryEventWhenTheTimeIsOver) {
  for (const TimeUs elapsed_us : {kTiming.cancel_after_us, kDayUs, TimeUs{-1}}) {
    const auto ends = [&](Phase phase, const Event& event, bool perhaps) {
      Sale sale = sale_in(phase, Kind::sale);
      sale.sent_us = kNow - elapsed_us;
      sale.perhaps_arrived = perhaps;
      const Step after = step(sale, event, kNow, kTiming);
      return std::string(name(after.sale.phase)) + ": " + letters(after.actions);
    };
    const std::string cancel = "signing_cancel: sign_cancel";
    EXPECT_EQ(ends(Phase::asking, NotFound{}, true), cancel);
    EXPECT_EQ(ends(Phase::asking, NoAnswer{}, true), cancel);
    EXPECT_EQ(ends(Phase::asking, NotTaken{}, true), cancel);
    EXPECT_EQ(ends(Phase::asking, Tick{}, true), cancel);
    EXPECT_EQ(ends(Phase::sending, Restarted{}, false), "signing_cancel: " + kUnknown + " sign_cancel");
    EXPECT_EQ(ends(Phase::sending, NoAnswer{}, false), "signing_cancel: " + kUnknown + " sign_cancel");
    EXPECT_EQ(ends(Phase::sending, NotTaken{}, true), cancel);
    EXPECT_EQ(ends(Phase::sending, NotTaken{}, false), "refused: " + kRefused) << "nothing ever arrived";
  }
}

// A card's sale wants its PIN, however few the points.
TEST(Sale, ACardWantsItsPin) {
  Sale sale = sale_in(Phase::ready, Kind::sale);
  sale.customer.card = {book::kFirstFreeAccount + 1};
  const Step after = step(sale, AmountGiven{{30}, 0}, kNow, kTiming);
  EXPECT_EQ(after.sale.phase, Phase::pin);
  EXPECT_EQ(letters(after.actions), "s.pin");
}

TEST(Sale, WithoutTheCustomersWordItEnds) {
  for (const TimeUs elapsed_us : {kTiming.confirm_us, kDayUs, TimeUs{-1}}) {
    Sale sale = sale_in(Phase::confirming, Kind::sale);
    sale.asked_us = kNow - elapsed_us;
    for (const Event& event : {Event(Waiting{}), Event(NoAnswer{}), Event(NotTaken{})}) {
      const Step after = step(sale, event, kNow, kTiming);
      EXPECT_EQ(after.sale.phase, Phase::refused);
      EXPECT_EQ(after.sale.why.code, Code::quote_expired);
      EXPECT_EQ(letters(after.actions), kRefused);
    }
  }
}

TEST(Sale, WhatARefusedCancelMeans) {
  const auto after = [](Code code) {
    return step(sale_in(Phase::cancelling, Kind::sale), Refused{{code, ""}}, kNow, kTiming);
  };
  EXPECT_EQ(after(Code::target_already_undone).sale.phase, Phase::cancelled);
  EXPECT_EQ(after(Code::target_already_undone).sale.effect, CancelEffect::none);
  for (const Code code : {Code::too_late, Code::not_after_too_far, Code::id_burnt}) {
    EXPECT_EQ(after(code).sale.phase, Phase::signing_cancel);
    EXPECT_EQ(letters(after(code).actions), "wait") << "never a loop without a pause";
  }
  for (const Code code : {Code::target_not_reversible, Code::shop_below_floor, Code::forbidden})
    EXPECT_EQ(after(code).sale.phase, Phase::checking);
}

TEST(Sale, SaysUnknownAndAlarmOnce) {
  Sale sale = sale_in(Phase::sending, Kind::sale);
  int unknown = 0, alarms = 0;
  const std::vector<Event> story{NoAnswer{}, Untrusted{}, Tick{}, NoAnswer{},
                                 Tick{},     Untrusted{}, Tick{}, NotFound{}};
  for (const Event& event : story) {
    Step after = step(sale, event, kNow, kTiming);
    for (const Action& action : after.actions) {
      unknown += action.what == Do::show_unknown;
      alarms += action.what == Do::show_alarm;
    }
    sale = after.sale;
  }
  EXPECT_EQ(unknown, 1);
  EXPECT_EQ(alarms, 1);
}

TEST(Sale, WaitsAsLongAsTheTownAsks) {
  const Step after =
      step(sale_in(Phase::sending, Kind::sale), NotTaken{{Code::busy, ""}, kMinuteUs}, kNow, kTiming);
  ASSERT_EQ(after.actions.size(), 1U);
  EXPECT_EQ(after.actions[0].wait_us, kMinuteUs);
}

// Random stories of any length keep the promises: what is sent was written before, a success follows a proof
// alone, and nothing but a final phase has no next step.
TEST(Sale, RandomStoriesKeepThePromises) {
  std::mt19937_64 random(3);
  for (int story = 0; story < 5'000; ++story) {
    Sale sale = sale_in(Phase::idle, static_cast<Kind>(story % 4));
    TimeUs now_us = kNow;
    std::set<Do> written;
    for (int i = 0; i < 40; ++i) {
      const NamedEvent& event = events()[random() % events().size()];
      now_us += static_cast<TimeUs>(random() % 8'000'000);
      const Phase before = sale.phase;
      const Step after = step(sale, event.event, now_us, kTiming);
      for (const Action& action : after.actions) {
        written.insert(action.what);
        ASSERT_TRUE(action.what != Do::post || written.contains(Do::write_sent) ||
                    written.contains(Do::write_refund) || written.contains(Do::write_undo) ||
                    written.contains(Do::write_zreport) || written.contains(Do::write_xreport));
        ASSERT_TRUE(action.what != Do::post_cancel || written.contains(Do::write_cancel));
        ASSERT_TRUE(action.what != Do::write_done || std::holds_alternative<Applied>(event.event));
        ASSERT_TRUE(action.what != Do::show_done || written.contains(Do::write_done));
      }
      if (is_final(before)) {
        ASSERT_EQ(after.sale.phase, before);
      }
      sale = after.sale;
    }
  }
}

}  // namespace
}  // namespace dfb::terminal
