// A town whose entries stand in a log with real signatures, and the operator who holds the log's key: entries
// can be forged, changed, dropped and reordered, and the log signed anew.
#pragma once
#include <gtest/gtest.h>

#include "ledger/audit/audit.h"
#include "ledger/log/entry_text.h"
#include "tests/support/log_folder.h"
#include "tests/support/memory_ledger.h"
#include "tests/support/temp_folder.h"

namespace dfb::audit::test {

using dfb::test::kTownOrigin;
using dfb::test::MemoryLedger;
using dfb::test::SignedLine;
using dfb::test::TempFolder;
using dfb::test::Town;

inline const PrivateKey& log_key() {
  static const PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  return key;
}
inline log::Vkey vkey_of(const PrivateKey& key, const std::string& name = kTownOrigin) {
  return log::make_vkey(name, log::NoteKeyType::ed25519, key.public_key());
}

struct AuditedTown {
  Town town{kTownOrigin, log::format_vkey(vkey_of(log_key()))};
  MemoryLedger ledger;
  std::vector<log::EntryText> entries;

  void found() {
    for (const auto& line : town.founding()) send(line);
  }
  std::int64_t size() const { return static_cast<std::int64_t>(entries.size()); }

  // An honest entry; answers its number.
  std::int64_t send(const SignedLine& line) {
    const auto applied = ledger.apply(line, town.now_us);
    EXPECT_TRUE(applied.has_value()) << to_string(applied.error()) << "\n" << line.payload;
    if (!applied || !applied->outcome) return -1;
    return forge(line, book::format_outcome(*applied->outcome));
  }
  // An entry that the ledger would never have written.
  std::int64_t forge(const SignedLine& line, std::string outcome) {
    entries.push_back({town.origin, size(), town.now_us, line.payload, std::move(outcome), line.signatures});
    return size() - 1;
  }
  // What an operator does who hides that an entry is gone.
  void renumber() {
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i].seq = static_cast<std::int64_t>(i);
  }

  std::vector<std::string> leaves() const {
    std::vector<std::string> leaves;
    for (const auto& entry : entries) leaves.push_back(log::format_entry_text(entry).value());
    return leaves;
  }
  Hash root() const {
    log::Edge edge;
    for (const std::string& leaf : leaves()) edge.append(log::leaf_hash(leaf));
    return edge.root();
  }
  std::string write(const std::string& folder) const {
    return dfb::test::write_log(folder, leaves(), town.origin, log_key());
  }
};

// The checkpoint of the first `size` entries under the signatures of all of `keys`.
inline std::string note_of(const AuditedTown& town, std::int64_t size, std::vector<PrivateKey> keys) {
  log::Edge edge;
  const auto leaves = town.leaves();
  for (std::int64_t i = 0; i < size; ++i) edge.append(log::leaf_hash(leaves[static_cast<std::size_t>(i)]));
  log::Note note;
  for (const PrivateKey& key : keys) {
    const auto one =
        log::parse_note(log::sign_checkpoint({town.town.origin, size, edge.root()}, key)).value();
    note.text = one.text;
    note.signatures.push_back(one.signatures[0]);
  }
  return log::format_note(note);
}

// Founded, and a day's life: one check-in, one award, one sale by code, its refund in part, a confirmed sale
// that is cancelled, an id burnt unseen, a sale refused for want of points.
struct Lived {
  AuditedTown town;
  std::int64_t check_in, award, sale, refund, confirmed, cancel, burn, refused;
};
inline Lived lived() {
  static const Lived lived = [] {
    Lived l;
    auto& t = l.town;
    auto& people = t.town;
    t.found();
    const auto later = [&] { people.now_us += 10 * kSecondUs; };
    l.check_in = t.send(people.check_in(people.resident));
    l.award = t.send(people.award(people.sibling, 40));
    later();
    const auto sale = people.redeem(people.resident, 30);
    l.sale = t.send(sale);
    later();
    l.refund = t.send(people.refund(sale.id, people.resident, 10));
    const auto confirmed = people.redeem_confirmed(people.resident, 20, people.now_us + kMinuteUs);
    l.confirmed = t.send(confirmed);
    later();
    l.cancel = t.send(people.cancel(confirmed.id));
    l.burn = t.send(people.cancel(people.next_id()));
    later();
    l.refused = t.send(people.redeem(people.resident, 150));
    return l;
  }();
  return lived;
}

// A long history, a full tile and 44 entries more: many small sales after a few awards.
inline const AuditedTown& busy() {
  constexpr std::int64_t kEntries = 300;
  static const AuditedTown town = [] {
    AuditedTown t;
    auto& people = t.town;
    auto& limits = people.policy.limits;
    limits.code_points_day = 100'000, limits.code_count_day = 100'000;
    t.found();
    for (int i = 0; i < 5; ++i) t.send(people.award(people.resident, 100));
    while (t.size() < kEntries) {
      people.now_us += 6 * kSecondUs;
      t.send(people.redeem(people.resident, 1));
    }
    return t;
  }();
  return town;
}

inline Report audit_folder(const std::string& folder, Task task) {
  const auto source = folder_source(folder);
  return audit(*source, task);
}
inline Task plain_task(const PrivateKey& key = log_key()) {
  Task task{.key = vkey_of(key)};
  task.threads = 2;
  return task;
}
inline Report audit_town(const AuditedTown& town, Task task = plain_task()) {
  TempFolder folder;
  town.write(folder.path());
  return audit_folder(folder.path(), std::move(task));
}

inline std::string lines(const Report& report) {
  std::string lines;
  if (report.could_not) lines += "could not: " + to_string(*report.could_not) + "\n";
  for (const auto& finding : report.findings) lines += to_line(finding, Lang::en) + "\n";
  return lines;
}

// The one finding of an unsound log is about this entry.
inline void expect_at(const Report& report, std::int64_t entry, What what, const std::string& rule = {}) {
  EXPECT_EQ(report.verdict, Verdict::unsound) << lines(report);
  ASSERT_EQ(report.findings.size(), 1U) << lines(report);
  const Finding& finding = report.findings.front();
  EXPECT_EQ(finding.entry, entry) << lines(report);
  EXPECT_EQ(name(finding.what), name(what)) << lines(report);
  EXPECT_EQ(finding.rule, rule) << lines(report);
  EXPECT_EQ(report.replayed, entry) << lines(report);
}

// A copy of a town that was founded.
inline AuditedTown founded() {
  static const AuditedTown town = [] {
    AuditedTown fresh;
    fresh.found();
    return fresh;
  }();
  return town;
}

}  // namespace dfb::audit::test
