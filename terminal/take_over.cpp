#include "terminal/take_over.h"

#include <algorithm>
#include <limits>
#include <map>

#include "ledger/base/files.h"
#include "terminal/link/enrol.h"
#include "terminal/report/leaves.h"

namespace dfb::terminal {
namespace {

// Two machines' clocks, and the phones'.
constexpr TimeUs kClocksApartUs = kDayUs;

Result<void> judge_former(const Setup& setup, const Setup& former, const Folder& folder) {
  if (former.origin != setup.origin || former.shop != setup.shop)
    return fail(Code::bad_config, folder.path + " is a terminal of another shop");
  if (former.till == setup.till)
    return fail(Code::bad_config, folder.path + " has this terminal's own key; name the former one's folder");
  return ok();
}

// The town gives a certificate to every terminal that it still knows.
Result<void> is_revoked(const Folder& folder, const Setup& former) {
  DFB_TRY(const PrivateKey key, load_private_key(folder.key()));
  const auto renewed = renew_certificate(folder, former.server, key);
  if (renewed)
    return fail(Code::forbidden, "the terminal in " + folder.path +
                                     " is still enrolled: run settle there, and it tells the town itself");
  if (renewed.error().code != Code::key_not_enrolled) return renewed.error();
  return ok();
}

// The shop's entries since the first sale that was left behind, by their commands' ids.
Result<std::map<Uuid, Leaf>> entered_since(Counter& counter, Line& line, TimeUs from_us) {
  DFB_TRY(Leaves leaves, own_leaves(counter, line, from_us - kClocksApartUs,
                                    std::numeric_limits<TimeUs>::max(), [](std::size_t) {}));
  std::map<Uuid, Leaf> out;
  for (Leaf& leaf : leaves.leaves) {
    const Uuid id = leaf.payload.id;
    out.emplace(id, std::move(leaf));
  }
  return out;
}

Past known_by(const Leaf& leaf, Past past) {
  past.phase = leaf.outcome.refused ? Phase::refused : Phase::done;
  past.why = leaf.outcome.refused.value_or(Code::internal);
  past.seq = leaf.seq;
  return past;
}

}  // namespace

Result<TakenOver> take_over(Counter& counter, Line& line, const Setup& setup, const Folder& former) {
  DFB_TRY(const Setup left, load_setup(former));
  DFB_TRY_VOID(judge_former(setup, left, former));
  if (!file_exists(former.journal())) return fail(Code::bad_config, former.journal() + " is missing");
  History history;
  // Held open, so that no program goes on there meanwhile; with a broken one none does. What stands before the broken
  // line is of use all the same: each code bears its phone's signature, and the ledger says what was told already.
  const auto journal =
      Journal::open(former.journal(), [&](const Record& record) { return history.add(record); });
  if (!journal && journal.error().code != Code::corrupt) return journal.error();
  if (!history.identity() || *history.identity() != Identity{left.origin, left.shop, left.till})
    return fail(Code::bad_config, former.journal() + " is another terminal's");
  DFB_TRY_VOID(is_revoked(former, left));

  TakenOver out;
  if (!journal) out.broken = journal.error().detail;
  for (const Sale& sale : history.unfinished())
    if (is_open(sale)) out.open.push_back(*history.by_id(sale.id));
  if (history.kept().empty()) return out;
  // Since it was revoked nothing more comes in by its key, so what these entries lack stays lacking.
  TimeUs from_us = std::numeric_limits<TimeUs>::max();
  for (const auto& [id, kept] : history.kept()) from_us = std::min(from_us, history.by_id(id)->at_us);
  DFB_TRY(const auto entered, entered_since(counter, line, from_us));
  for (const auto& [id, kept] : history.kept()) {
    const Past& past = *history.by_id(id);
    if (const auto found = entered.find(id); found != entered.end() && found->second.payload.by == left.till) {
      out.known.push_back(known_by(found->second, past));
      continue;
    }
    DFB_TRY(const bool fresh, counter.take_over(kept));
    if (!fresh) continue;
    ++out.taken.sales;
    out.taken.points.value += past.points.value;
  }
  return out;
}

}  // namespace dfb::terminal
