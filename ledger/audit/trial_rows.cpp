#include "ledger/audit/trial_rows.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kFilterShare = 4;  // of what reviews and refusals may take
constexpr int kCodeBytes = 2;

}  // namespace

TrialRows::TrialRows(const MemoryLimit& limit)
    : rows_({limit.bytes - limit.bytes / kNotesShare, limit.folder}),
      notes_bytes_max_(limit.bytes / kNotesShare - limit.bytes / kNotesShare / kFilterShare),
      space_{limit.folder, limit.bytes / kNotesShare / kFilterShare},
      reviews_(sizeof(Uuid)),
      refused_(sizeof(Uuid)) {}

void TrialRows::put_review(const Uuid& record, const std::string& rule) {
  reviews_.put(record.view(), rule);
  keep_limit();
}

std::optional<std::string> TrialRows::review(const Uuid& record) const {
  const std::string_view rule = reviews_.find(record.view());
  return rule.data() == nullptr ? std::nullopt : std::optional(std::string(rule));
}

void TrialRows::put_refused(const Uuid& command, Code code) {
  std::string value;
  put_be(value, static_cast<std::uint64_t>(code), kCodeBytes);
  refused_.put(command.view(), value);
  keep_limit();
}

std::optional<Code> TrialRows::refused(const Uuid& command) const {
  const std::string_view value = refused_.find(command.view());
  return value.data() == nullptr ? std::nullopt : std::optional(static_cast<Code>(get_be(value)));
}

std::size_t TrialRows::runs() const { return rows_.runs() + reviews_.runs() + refused_.runs(); }

void TrialRows::keep_limit() {
  while (reviews_.bytes() + refused_.bytes() > notes_bytes_max_)
    (reviews_.bytes() > refused_.bytes() ? reviews_ : refused_).spill(space_);
}

}  // namespace dfb::audit
