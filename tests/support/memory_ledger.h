// The book over rows in memory: applies signed lines and keeps what every entry must keep true.
#pragma once
#include <string>

#include "ledger/book/apply.h"
#include "ledger/book/memory_rows.h"
#include "tests/support/town.h"

namespace dfb::test {

// What became an entry: enough to write it into a log.
struct Entered {
  SignedLine line;
  std::string outcome;
  TimeUs time_us = 0;
};

class MemoryLedger {
 public:
  // Applies and keeps the effects. A refusal without an entry leaves the rows as they were.
  Result<book::Applied> apply(const book::Command& command, TimeUs now_us);
  Result<book::Applied> apply(const SignedLine& line, TimeUs now_us);
  // Every signed line that became an entry, from the first.
  const std::vector<Entered>& entered() const { return entered_; }

  const book::MemoryRows& rows() const { return rows_; }
  // Puts a row in as an entry of a later kind might have left it.
  template <class Row>
  void put(Row row) {
    rows_.put(std::move(row));
  }
  std::int64_t size() const;
  // REQUIRES: the row is there.
  book::Account account(book::AccountId id) const { return rows_.get<book::Account>({id}).value(); }
  std::int64_t balance(book::AccountId id) const { return account(id).balance.value; }

  // What is wrong with the rows, or nothing: the sum of all balances is 0, a resident owns exactly their lots
  // and what is held, lots are in order and not empty.
  std::string problem() const;
  // Every row as text, for comparing two ledgers.
  std::string dump() const;

 private:
  book::MemoryRows rows_;
  std::vector<Entered> entered_;
};

}  // namespace dfb::test
