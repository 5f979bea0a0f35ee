#include "terminal/till/history.h"

#include <algorithm>

#include "ledger/book/command.h"
#include "terminal/till/record_reader.h"

namespace dfb::terminal {
namespace {

constexpr std::int64_t kIntegerMin = 1 - (std::int64_t{1} << 53);

}  // namespace

Result<void> History::add(const Record& record) {
  newest_us_ = std::max(newest_us_, record.at_us);
  if ((record.what == What::open) != (record.n == 0))
    return fail(Code::corrupt, "`open` is the first record alone");
  if (record.what == What::open) return add_open(record);
  if (record.what == What::seen) return add_seen(record);
  if (record.what == What::signin || record.what == What::signout || record.what == What::resumed) return add_staff(record);
  if (record.what == What::sent || record.what == What::pickup || kind_of_record(record.what) != Kind::sale)
    return add_sent(record);
  if (record.what == What::offline) return add_offline(record);
  DFB_TRY(auto reader, RecordReader::of(record.text));
  const Uuid id = reader.uuid("id");
  if (record.what == What::sale) {
    DFB_TRY_VOID(reader.fields().done());
    // A sale at a time: one that was announced before and never sent has come to nothing.
    std::erase_if(live_, [](const auto& live) { return live.second.phase == Phase::presenting; });
    Sale sale;
    sale.id = id;
    sale.phase = Phase::presenting;
    if (index_.contains(id) || !live_.emplace(id, sale).second)
      return fail(Code::corrupt, "a sale that was announced twice");
    return ok();
  }
  if (record.what == What::acknowledged) {
    DFB_TRY_VOID(reader.fields().done());
    return add_acknowledged(id);
  }
  const auto live = live_.find(id);
  if (live != live_.end()) return add_result(record, live->second);
  const bool answers = record.what == What::done || record.what == What::refused;
  if (!answers || !kept_.contains(id))
    return fail(Code::corrupt, "a sale that was never announced, or is settled");
  if (record.what == What::refused) conflicts_.insert(id);  // it was shown as done
  Sale sale;
  sale.id = id;
  sale.phase = Phase::kept;
  return add_result(record, sale);
}

Result<void> History::add_acknowledged(const Uuid& id) {
  if (conflicts_.erase(id) == 0) return fail(Code::corrupt, "nothing of that sale is to be acknowledged");
  release(id);
  return ok();
}

Result<void> History::add_open(const Record& record) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  Identity identity;
  identity.origin = reader.fields().text("origin", 255);
  identity.shop = reader.account("shop");
  identity.till = reader.hash("till");
  DFB_TRY_VOID(reader.fields().done());
  identity_ = std::move(identity);
  return ok();
}

Result<void> History::add_seen(const Record& record) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  const Seen seen{reader.integer("size"), reader.hash("root")};
  DFB_TRY_VOID(reader.fields().done());
  if (seen.size < seen_.size) return fail(Code::corrupt, "a checkpoint smaller than the one before");
  seen_ = seen;
  return ok();
}

Result<void> History::add_sent(const Record& record) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  if (record.what == What::xreport && reader.fields().has("number")) return add_counted_xreport(record);
  const Uuid id = reader.uuid("id");
  Sale sale;
  sale.kind = kind_of_record(record.what);
  sale.command = reader.line();
  const bool pickup = record.what == What::pickup;
  if (pickup) {
    sale.customer.account = reader.account("account");
    sale.cash_fen = reader.integer("cash");
  }
  if (sale.kind == Kind::refund && reader.fields().has("cash")) sale.cash_fen = reader.integer("cash", 1);
  if (sale.kind == Kind::sale) sale.goods = reader.goods();
  if (sale.kind == Kind::undo) sale.manager = reader.fields().text("manager", kStaffIdMax);
  if (is_report(sale.kind)) {
    // Below nothing where more was given back of earlier shifts than this one took.
    sale.totals.cash_fen = reader.integer("cash", kIntegerMin);
    sale.totals.voids = reader.integer("voids");
    sale.totals.from_us = reader.integer("from");
    sale.totals.no_pin = shift_totals().no_pin;
  }
  DFB_TRY_VOID(reader.fields().done());
  const bool is_sale = sale.kind == Kind::sale;
  const auto live = live_.find(id);
  const bool announced = live != live_.end() && live->second.phase == Phase::presenting;
  if (is_sale ? !announced : live != live_.end() || index_.contains(id))
    return fail(Code::corrupt, "a command that does not follow its sale");
  sale.id = id;
  sale.phase = Phase::sending;
  sale.sent_us = record.at_us;
  DFB_TRY_VOID(pickup ? fill_from_pickup(sale) : fill_from_payload(sale));
  if (sale.kind == Kind::undo) {
    const Past* undone = by_id(sale.refunded);
    if (undone == nullptr ? !knows(sale.refunded) : undone->kind != Kind::sale || undone->phase != Phase::done)
      return fail(Code::corrupt, "a void of what is no finished sale");
    if (undone != nullptr) {  // else by a till that kept more of them in memory
      sale.points = undone->points;
      sale.cash_fen = undone->cash_fen;
      sale.customer.account = undone->account;
    }
  }
  Past past{id, sale.kind, sale.phase, record.at_us, sale.customer.account, sale.points, sale.cash_fen,
            -1, sale.refunded, Code::internal, sale.memo};
  if (is_report(sale.kind)) past.report = std::make_shared<const ShiftTotals>(sale.totals);
  past.number = sale.number;
  past.goods = sale.goods;
  past.pickup = pickup;
  remember(std::move(past));
  live_[id] = std::move(sale);
  return ok();
}

Result<void> History::add_offline(const Record& record) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  Sale sale;
  sale.id = reader.uuid("id");
  sale.command = reader.line();
  DFB_TRY_VOID(reader.fields().done());
  const auto live = live_.find(sale.id);
  if (live == live_.end() || live->second.phase != Phase::presenting)
    return fail(Code::corrupt, "a command that does not follow its sale");
  DFB_TRY_VOID(fill_from_payload(sale));
  DFB_TRY(const auto payload, book::parse_payload(sale.command.payload));
  const auto* proof = std::get_if<book::OfflineProof>(&std::get<book::Transfer>(payload.body).proof);
  if (proof == nullptr) return fail(Code::corrupt, "not a sale by an offline code");
  sale.phase = Phase::kept;
  sale.sent_us = record.at_us;
  sale.customer.offline = true;
  sale.customer.device = proof->device;
  Past past{sale.id, Kind::sale, Phase::kept, record.at_us, sale.customer.account, sale.points, sale.cash_fen,
            -1, {}, Code::internal};
  past.offline = true;
  remember(std::move(past));
  AllowanceUse& use = used_[proof->allowance];
  use.counters.insert(proof->counter);
  use.points.value += sale.points.value;
  kept_[sale.id] = sale.command;
  ++unsynced_.sales;
  unsynced_.points.value += sale.points.value;
  live_[sale.id] = std::move(sale);
  return ok();
}

// The newest of the past, by whoever stands at the till.
void History::remember(Past past) {
  past.staff = staff_;
  past.no_pin = no_pin_;
  if (shift_from_us_ == 0 && past.kind != Kind::xreport) shift_from_us_ = past.at_us;
  index_[past.id] = first_ + static_cast<std::int64_t>(past_.size());
  past_.push_back(std::move(past));
  while (past_.size() > past_most_) forget_front();
}

Past& History::past_of(const Uuid& id) {
  const auto found = index_.find(id);
  return found != index_.end() ? past_[static_cast<std::size_t>(found->second - first_)] : awaited_.at(id).second;
}

bool History::is_waited_for(const Uuid& id) const {
  return live_.contains(id) || kept_.contains(id) || conflicts_.contains(id);
}

void History::forget_front() {
  Past past = std::move(past_.front());
  past_.pop_front();
  index_.erase(past.id);
  const std::int64_t number = first_++;
  if (is_waited_for(past.id))
    awaited_.emplace(past.id, std::pair(number, std::move(past)));
  else
    retire(number, past);
}

void History::retire(std::int64_t number, const Past& past) {
  if (number >= shift_begin_) count(past, shift_before_);
  old_.push_back({past.id, past.entry_us, past.phase == Phase::done ? past.seq : -1, past.kind});
}

// Of the older ones, what is waited for no more.
void History::release(const Uuid& id) {
  const auto found = awaited_.find(id);
  if (found == awaited_.end() || is_waited_for(id)) return;
  retire(found->second.first, found->second.second);
  awaited_.erase(found);
}

void History::settle_kept(const Sale& sale) {
  if (kept_.erase(sale.id) == 0) return;
  --unsynced_.sales;
  unsynced_.points.value -= past_of(sale.id).points.value;
}

std::vector<Past> History::conflicts() const {
  std::vector<Past> list;
  for (const Uuid& id : conflicts_) list.push_back(*by_id(id));
  return list;
}

// What a refund, a void and a report mean for the sales before them.
void History::note_done(const Sale& sale, const Record& record) {
  if (sale.kind == Kind::refund && by_id(sale.refunded) != nullptr) {
    past_of(sale.refunded).given_back.value += sale.points.value;
    past_of(sale.refunded).cash_back_fen += sale.cash_fen;
  }
  if (sale.kind == Kind::undo && by_id(sale.refunded) != nullptr) {
    past_of(sale.refunded).undone = true;
    past_of(sale.refunded).undone_points = sale.points;
  }
  if (sale.kind == Kind::xreport) x_number_ = sale.number;
  if (sale.kind == Kind::zreport) {
    z_number_ = sale.number;
    shift_begin_ = first_ + static_cast<std::int64_t>(past_.size());
    shift_from_us_ = record.at_us;
    shift_before_ = {};
  }
}

Result<void> History::add_result(const Record& record, Sale& sale) {
  DFB_TRY(auto reader, RecordReader::of(record.text));
  reader.uuid("id");
  const bool sent = by_id(sale.id) != nullptr;
  const bool needs_sent =
      record.what == What::unknown || record.what == What::done || record.what == What::cancel;
  const bool answered = sale.phase == Phase::kept && record.what == What::done;
  const bool settled = is_final(sale.phase) && !answered;
  if (needs_sent && (!sent || settled))
    return fail(Code::corrupt, "a result of what was not sent, or is settled");
  if (record.what == What::unknown) {
    sale.told_unknown = true;
  } else if (record.what == What::done) {
    sale.phase = Phase::done;
    sale.seq = reader.integer("seq");
    sale.entry_us = reader.integer("at");
    sale.log_size = reader.integer("size");
    sale.log_root = reader.hash("root");
    if (sale.kind == Kind::undo) sale.points.value = reader.integer("points");
  } else if (record.what == What::refused) {
    const auto code = code_from_name(reader.fields().text("code", 64));
    sale.phase = Phase::refused;
    sale.why.code = code.value_or(Code::internal);
    sale.seq = reader.integer("seq", -1);
  } else if (record.what == What::cancel) {
    sale.phase = Phase::cancelling;
    sale.cancel = reader.line();
  } else if (record.what == What::cancelled) {
    const std::string effect = reader.fields().text("effect", 8);
    sale.phase = Phase::cancelled;
    sale.effect = cancel_effect(effect).value_or(sale.effect);
    sale.seq = reader.integer("seq", -1);
  }
  DFB_TRY_VOID(reader.fields().done());
  if (record.what == What::done || record.what == What::refused) settle_kept(sale);
  if (sent) {
    Past& past = past_of(sale.id);
    past.phase = sale.phase;
    past.seq = sale.seq;
    past.why = sale.why.code;
    past.entry_us = sale.entry_us;
    if (sale.kind == Kind::undo) past.points = sale.points;
    past.log_size = sale.log_size;
    past.log_root = sale.log_root;
    if (record.what == What::done) note_done(sale, record);
  }
  // A refusal needs no second showing: nothing is handed over without a success on the screen.
  const Uuid id = sale.id;
  if (record.what == What::shown || record.what == What::refused) live_.erase(id);
  release(id);
  return ok();
}

std::vector<Sale> History::unfinished() const {
  std::vector<Sale> sales;
  for (const auto& [id, sale] : live_)
    if (by_id(id) != nullptr) sales.push_back(sale);
  return sales;
}

bool History::has_open() const {
  for (const auto& [id, sale] : live_)
    if (is_open(sale)) return true;
  return false;
}

const Past* History::by_id(const Uuid& id) const {
  const auto found = index_.find(id);
  if (found != index_.end()) return &past_[static_cast<std::size_t>(found->second - first_)];
  const auto awaited = awaited_.find(id);
  return awaited == awaited_.end() ? nullptr : &awaited->second.second;
}

bool History::knows(const Uuid& id) const {
  return by_id(id) != nullptr || std::any_of(old_.begin(), old_.end(), [&](const Old& one) { return one.id == id; });
}

const Past* History::by_receipt(std::int64_t seq) const {
  for (auto past = past_.rbegin(); past != past_.rend(); ++past)
    if (past->seq == seq && past->phase == Phase::done) return &*past;
  return nullptr;
}

}  // namespace dfb::terminal
