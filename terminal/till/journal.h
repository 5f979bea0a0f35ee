// The till's journal: what it is about to do, on disk before it does it. Source: docs/formats.md#journal.
//
//   <n> <time> <what> <text> <hash>      one line a record; n from 0, time in µs, text is strict JSON
//   hash = first 22 characters of base64url(SHA-256(<hash of the line before> || <the line up to its hash>))
//
// A last line without its line feed, or with zero bytes in it, was torn by a power cut before it was on disk:
// nothing was done after it, and open() cuts it off. Of records that were written together, of one time, the later
// ones can have reached the disk and the earlier not: those go with them. Any other line that does not fit stops the
// terminal: somebody or something has changed the file. Threads: one. Two programs on one journal are kept apart by a
// lock.
#pragma once
#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"

namespace dfb::terminal {

enum class What : std::uint8_t {
  open,
  sale,
  sent,
  done,
  refused,
  unknown,
  cancel,
  cancelled,
  refund,
  shown,
  seen,
  offline,       // a sale that the town has not answered yet
  acknowledged,  // a person has read why the town refused it
  undo,          // spelt `void`
  zreport,
  xreport,
  signin,
  signout,
  resumed,  // without a PIN, as there is no line
  pickup    // sent, as `sent` is: a reservation is captured
};
std::string_view name(What what);

struct Record {
  std::int64_t n = 0;
  TimeUs at_us = 0;
  What what = What::open;
  std::string text;
  friend bool operator==(const Record&, const Record&) = default;
};

// Reads lines and checks that each continues the one before.
class Chain {
 public:
  // `line` without its line feed. corrupt, saying what is wrong.
  Result<Record> next(std::string_view line);
  // The line for a record that follows, and the chain moves on. REQUIRES: text without line feeds.
  std::string add(TimeUs at_us, What what, std::string_view text);
  std::int64_t size() const { return size_; }
  const std::string& head() const { return head_; }  // the last line's hash; empty before the first

 private:
  std::int64_t size_ = 0;
  std::string head_;
};

// What is wrong with that line, counted from 1, and what to do: corrupt.
Error at_line(std::int64_t number, const Error& why);

using Visitor = std::function<Result<void>(const Record&)>;

struct ReadJournal {
  Chain chain;
  std::int64_t bytes = 0;  // up to the end of the last whole line
  bool torn = false;       // something stands after it
};
// corrupt, also when the visitor fails: with the line's number, counted from 1, and what to do.
Result<ReadJournal> read_journal(std::istream& in, const Visitor& visit);

class Journal {
 public:
  // Opens or creates (mode 0600) and locks the file, hands each record to `visit`, cuts a torn last line.
  // busy when another program has it, corrupt as read_journal, io_error.
  static Result<Journal> open(const std::string& path, const Visitor& visit);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  // On disk when it returns. After io_error nothing more can be appended: what the disk holds is only known
  // after opening anew. REQUIRES: text without line feeds.
  Result<Record> append(TimeUs at_us, What what, std::string_view text);
  // Several, in this order, with one wait for the disk. After a crash the first few of them may stand.
  struct ToAppend {
    What what;
    std::string text;
  };
  Result<std::vector<Record>> append(TimeUs at_us, const std::vector<ToAppend>& records);
  const Chain& chain() const;
  bool cut_torn_line() const;  // open() had to

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dfb::terminal
