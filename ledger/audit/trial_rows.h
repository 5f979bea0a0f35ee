// What a policy on trial has counted, taken and refused so far. It grows with the entries, so beyond the
// limit it lies in temporary files, as the replay's own rows do. Everything throws TempError. Threads: one at
// a time.
#pragma once
#include <optional>
#include <string>

#include "ledger/audit/compact_rows.h"

namespace dfb::audit {

class TrialRows {
 public:
  explicit TrialRows(const MemoryLimit& limit);
  TrialRows(const TrialRows&) = delete;
  TrialRows& operator=(const TrialRows&) = delete;

  // Counters, facts and holds of the trial's own.
  template <class Row>
  void put(const Row& row) {
    rows_.put(row);
  }
  template <class Row>
  std::optional<Row> get(const typename Row::Key& key) const {
    return rows_.read(key);
  }

  // A record that waits for a review, here or in history, and its rule.
  void put_review(const Uuid& record, const std::string& rule);
  std::optional<std::string> review(const Uuid& record) const;
  // A command that the policy refused, and by which refusal.
  void put_refused(const Uuid& command, Code code);
  std::optional<Code> refused(const Uuid& command) const;

  std::size_t runs() const;  // in temporary files

 private:
  static constexpr std::size_t kNotesShare = 4;  // of the limit: for reviews and refusals

  void keep_limit();

  CompactRows rows_;
  std::size_t notes_bytes_max_;
  RunSpace space_;
  SpillingTable reviews_, refused_;
};

}  // namespace dfb::audit
