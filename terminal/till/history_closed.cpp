// The history's part for shifts that lie far behind: their records are read for ids and places in the ledger alone.
#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "terminal/till/history.h"
#include "terminal/till/record_reader.h"

namespace dfb::terminal {
namespace {

// Every record of a command begins with {"id":"…"; one that does not is read in full.
constexpr std::string_view kBegin = R"({"id":")";
constexpr std::size_t kIdSize = 36;

std::string_view id_in(std::string_view text) {
  const bool there = text.starts_with(kBegin) && text.size() > kBegin.size() + kIdSize && text[kBegin.size() + kIdSize] == '"';
  return there ? text.substr(kBegin.size(), kIdSize) : std::string_view();
}

std::optional<std::int64_t> integer_in(std::string_view text, std::string_view field) {
  const std::size_t at = text.find(field);
  if (at == text.npos) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + at + field.size(), end, value);
  return read.ec == std::errc() && value >= 0 ? std::optional(value) : std::nullopt;
}

// Of before there were X reports in the ledger.
bool is_counted_xreport(const Record& record) { return record.what == What::xreport && id_in(record.text).empty(); }

bool is_command(What what) {
  return what == What::sent || what == What::pickup || kind_of_record(what) != Kind::sale;
}

// What became of the commands of a shift, and what its other records were.
class Closed {
 public:
  // False: this is no shift whose records all belong to one another, each command settled and told.
  bool read(const std::deque<Record>& records) {
    order_.reserve(records.size() / 4);
    for (const Record& record : records)
      if (!take(record)) return false;
    return report_told_ && std::all_of(order_.begin(), order_.end(), [](const One* one) { return one->told; });
  }
  template <class Visit>
  void each(Visit visit) const {
    for (const One* one : order_) visit(one->old);
  }
  const Record* seen() const { return seen_; }
  const Record* reading() const { return reading_; }            // the last X report's command that was entered
  const Record& report() const { return *report_; }             // the Z report's
  const Record& report_done() const { return *report_done_; }  // and when it was entered

 private:
  struct One {
    Old old;
    const Record* command = nullptr;
    bool sent = false, settled = false, told = false;
  };
  bool take(const Record& record) {
    if (record.what == What::seen) return seen_ = &record, true;
    if (is_counted_xreport(record) || record.what == What::signin || record.what == What::signout ||
        record.what == What::resumed)
      return true;
    if (record.what == What::open || record.what == What::offline || record.what == What::acknowledged) return false;
    const std::string_view id = id_in(record.text);
    if (id.empty() || report_told_) return false;
    if (record.what == What::sale) return report_done_ == nullptr && ones_.try_emplace(id).second;
    if (is_command(record.what)) return take_command(id, record);
    const auto found = ones_.find(id);
    return found != ones_.end() && take_result(found->second, record);
  }
  bool take_command(std::string_view id, const Record& record) {
    const auto [at, fresh] = ones_.try_emplace(id);
    One& one = at->second;
    one.old.kind = kind_of_record(record.what);
    const auto uuid = parse_uuid(id);
    if (!uuid || one.sent || one.settled || fresh == (one.old.kind == Kind::sale) || report_done_ != nullptr) return false;
    one.old.id = *uuid;
    one.sent = true;
    one.command = &record;
    order_.push_back(&one);
    if (one.old.kind == Kind::zreport) report_ = &record;
    return true;
  }
  bool take_result(One& one, const Record& record) {
    switch (record.what) {
      case What::unknown:
      case What::cancel:
        return one.sent && !one.settled;
      case What::done: {
        const auto seq = integer_in(record.text, "\"seq\":"), at_us = integer_in(record.text, "\"at\":");
        if (!one.sent || one.settled || !seq || !at_us) return false;
        one.settled = true;
        one.old.seq = *seq, one.old.entry_us = *at_us;
        if (one.old.kind == Kind::xreport) reading_ = one.command;
        if (one.old.kind == Kind::zreport) report_done_ = &record;
        return true;
      }
      case What::refused:
      case What::cancelled:
        if (one.settled) return false;
        one.settled = true;
        one.told = record.what == What::refused;
        return true;
      case What::shown:
        if (!one.settled) return false;
        one.told = true;
        report_told_ = report_told_ || (one.old.kind == Kind::zreport && report_done_ != nullptr);
        return true;
      default:
        return false;
    }
  }
  std::unordered_map<std::string_view, One> ones_;
  std::vector<const One*> order_;  // those that were sent
  const Record *seen_ = nullptr, *reading_ = nullptr, *report_ = nullptr, *report_done_ = nullptr;
  bool report_told_ = false;
};

}  // namespace

Result<bool> History::add_closed(const std::deque<Record>& records) {
  Closed closed;
  if (!closed.read(records)) return false;
  const auto read_report = [](const Record& record) -> Result<Sale> {
    Sale report;
    DFB_TRY(auto reader, RecordReader::of(record.text));
    report.kind = kind_of_record(record.what);
    report.id = reader.uuid("id");
    report.command = reader.line();
    DFB_TRY_VOID(fill_from_payload(report));
    return report;
  };
  DFB_TRY(const Sale report, read_report(closed.report()));

  for (const Record& record : records) {
    newest_us_ = std::max(newest_us_, record.at_us);
    if (is_counted_xreport(record)) DFB_TRY_VOID(add_counted_xreport(record));
    if (record.what == What::signin || record.what == What::signout || record.what == What::resumed)
      DFB_TRY_VOID(add_staff(record));
  }
  if (closed.reading() != nullptr) {
    DFB_TRY(const Sale reading, read_report(*closed.reading()));
    x_number_ = reading.number;
  }
  if (closed.seen() != nullptr) DFB_TRY_VOID(add_seen(*closed.seen()));
  std::erase_if(live_, [](const auto& live) { return live.second.phase == Phase::presenting; });
  while (!past_.empty()) forget_front();
  closed.each([&](const Old& one) {
    old_.push_back(one);
    ++first_;
  });
  z_number_ = report.number;
  shift_begin_ = first_;
  shift_from_us_ = closed.report_done().at_us;
  shift_before_ = {};
  return true;
}

}  // namespace dfb::terminal
