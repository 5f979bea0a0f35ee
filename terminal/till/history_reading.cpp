#include "terminal/till/history_reading.h"

#include <utility>

#include "terminal/till/record_reader.h"

namespace dfb::terminal {
namespace {

bool carries_command(What what) {
  return what == What::sent || what == What::pickup || what == What::offline || kind_of_record(what) != Kind::sale;
}

// A quiet shop has long shifts of a few sales and many records of what the log was seen to be.
constexpr std::size_t kRecordsASale = 8;

}  // namespace

void HistoryReading::take(Record record) {
  if (broken_) return;
  // The report's id stands in its three records alike, and first in each.
  const auto is_of_report = [&] { return !report_id_.empty() && record.text.starts_with(report_id_); };
  if (record.what == What::zreport) {
    report_id_ = record.text.substr(0, record.text.find(','));
    report_done_ = false;
  }
  if (carries_command(record.what)) {
    ++open_.sent_count;
    ++sent_count_;
  }
  const bool told = record.what == What::shown && report_done_ && record.text.substr(0, record.text.size() - 1) == report_id_;
  if (record.what == What::done && is_of_report()) report_done_ = true;
  open_.records.push_back(std::move(record));
  ++record_count_;
  if (told) close_shift();
  while (!broken_ && !closed_.empty() && sent_count_ - closed_.front().sent_count >= history_.past_most()) {
    read_whole(closed_.front());
    closed_.pop_front();
  }
  while (!broken_ && closed_.empty() && sent_count_ > history_.past_most()) read_first(open_);
  while (!broken_ && record_count_ > kRecordsASale * history_.past_most()) {
    read_first(closed_.empty() ? open_ : closed_.front());
    if (!closed_.empty() && closed_.front().records.empty()) closed_.pop_front();
  }
}

void HistoryReading::close_shift() {
  closed_.push_back(std::exchange(open_, {}));
  report_id_.clear();
  report_done_ = false;
}

void HistoryReading::read_whole(Shift& shift) {
  if (!shift.begun) {
    const auto closed = history_.add_closed(shift.records);
    if (!closed) {
      broken_ = at_line(shift.records.front().n + 1, closed.error());
      return;
    }
    if (*closed) {
      sent_count_ -= shift.sent_count;
      record_count_ -= shift.records.size();
      return;
    }
  }
  while (!broken_ && !shift.records.empty()) read_first(shift);
}

void HistoryReading::read_first(Shift& shift) {
  const Record record = std::move(shift.records.front());
  shift.records.pop_front();
  --record_count_;
  shift.begun = true;
  if (carries_command(record.what)) {
    --shift.sent_count;
    --sent_count_;
  }
  if (const auto added = history_.add(record); !added) broken_ = at_line(record.n + 1, added.error());
}

Result<void> HistoryReading::finish() {
  for (Shift& shift : closed_)
    while (!broken_ && !shift.records.empty()) read_first(shift);
  while (!broken_ && !open_.records.empty()) read_first(open_);
  if (broken_) return *broken_;
  return ok();
}

Result<Journal> open_journal(const std::string& path, History& history) {
  HistoryReading reading(history);
  DFB_TRY(Journal journal, Journal::open(path, [&](const Record& record) {
            reading.take(record);
            return ok();
          }));
  if (const auto read = reading.finish(); !read) return fail(read.error().code, path + ": " + read.error().detail);
  return journal;
}

}  // namespace dfb::terminal
