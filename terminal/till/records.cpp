#include "terminal/till/records.h"

#include <algorithm>
#include <array>
#include <memory>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/base/strict_json.h"
#include "ledger/book/command.h"

namespace dfb::terminal {
namespace {

constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kLineTextMax = 90'000;
constexpr std::size_t kStaffIdMax = 32;
constexpr std::array<std::string_view, 3> kEffects{"burnt", "undone", "none"};

json::Writer begin(const Sale& sale) {
  json::Writer writer;
  writer.begin_object().field("id", to_string(sale.id));
  return writer;
}

std::string end(json::Writer writer) {
  writer.end_object();
  return writer.take();
}

json::Writer& put(json::Writer& writer, const SignedLine& line) {
  return writer.field("payload", base64url_encode(line.payload))
      .field("signature", base64url_encode(line.signature));
}

void put_goods(json::Writer& writer, const Basket& goods) {
  writer.key("goods").begin_array();
  for (const SoldGood& one : goods)
    writer.begin_array().value(one.good).value(one.count).value(one.points).end_array();
  writer.end_array();
}

// Reads one record's text; the getters of json::Fields that know this project's values.
class Reader {
 public:
  static Result<Reader> of(const std::string& text) {
    DFB_TRY(auto value, json::parse(text));
    if (!std::holds_alternative<json::Object>(value.data)) return fail(Code::corrupt, "not an object");
    return Reader(std::make_unique<json::Value>(std::move(value)));
  }
  json::Fields& fields() { return fields_; }
  Uuid uuid(std::string_view name) {
    return get<Uuid>(name, 36, [](const auto& t) { return parse_uuid(t); });
  }
  Hash hash(std::string_view name) {
    return get<Hash>(name, 43, [](const auto& t) { return parse_hash_text(t); });
  }
  std::string bytes(std::string_view name) {
    return get<std::string>(name, kLineTextMax, [](const auto& t) { return base64url_decode(t); });
  }
  book::AccountId account(std::string_view name) {
    return get<book::AccountId>(name, 13, [](const auto& t) { return book::parse_account(t); });
  }
  SignedLine line() { return {bytes("payload"), bytes("signature")}; }
  std::int64_t integer(std::string_view name, std::int64_t min = 0) {
    return fields_.integer(name, min, kIntegerMax);
  }
  // [[good, count, points each]…], and only where goods were named.
  Basket goods() {
    Basket basket;
    if (!fields_.has("goods")) return basket;
    for (const json::Value& line : fields_.array("goods", book::kGoodsLinesMax)) {
      const auto* parts = std::get_if<json::Array>(&line.data);
      const bool three = parts != nullptr && parts->size() == 3;
      const auto* good = three ? std::get_if<std::string>(&(*parts)[0].data) : nullptr;
      const auto* count = three ? std::get_if<std::int64_t>(&(*parts)[1].data) : nullptr;
      const auto* points = three ? std::get_if<std::int64_t>(&(*parts)[2].data) : nullptr;
      if (good == nullptr || count == nullptr || points == nullptr || *points < 1 ||
          *points > book::kPointsMax.value) {
        fields_.refuse("goods: not [good, count, points]");
        return {};
      }
      basket.push_back({*good, *count, *points});
    }
    if (const auto good = book::check_goods(lines_of(basket)); !good) fields_.refuse(good.error().detail);
    return basket;
  }

 private:
  explicit Reader(std::unique_ptr<json::Value> value)
      : value_(std::move(value)), fields_(std::get<json::Object>(value_->data)) {}
  template <class T, class Parse>
  T get(std::string_view name, std::size_t max, Parse parse) {
    auto parsed = parse(fields_.text(name, max));
    if (parsed) return std::move(parsed).value();
    fields_.refuse(std::string(name) + ": " + parsed.error().detail);
    return {};
  }
  std::unique_ptr<json::Value> value_;
  json::Fields fields_;
};

Kind kind_of_record(What what) {
  switch (what) {
    case What::refund:
      return Kind::refund;
    case What::undo:
      return Kind::undo;
    case What::zreport:
      return Kind::zreport;
    default:
      return Kind::sale;
  }
}

// The number at the subject's end: docs/formats.md#record.
std::int64_t number_of_report(std::string_view subject) {
  const auto number = parse_decimal(subject.substr(subject.rfind('-') + 1));
  return number ? number.value() : 0;
}

Result<void> fill_from_report(Sale& sale, const book::Payload& payload) {
  const auto* record = std::get_if<book::Record>(&payload.body);
  if (payload.id != sale.id || record == nullptr || record->kind != "zreport")
    return fail(Code::corrupt, "the payload is not this report's");
  sale.number = number_of_report(record->subject);
  sale.totals.count = record->count;
  sale.totals.total = record->total;
  sale.totals.refunds = record->refunds;
  sale.totals.refunded = record->refunded;
  return ok();
}

Result<void> fill_from_undo(Sale& sale, const book::Payload& payload) {
  const auto* cancel = std::get_if<book::Cancel>(&payload.body);
  if (payload.id != sale.id || cancel == nullptr)
    return fail(Code::corrupt, "the payload is not this void's");
  sale.refunded = cancel->target;
  return ok();
}

// Of the resident, the cash part and the goods the payload says nothing: the record has them.
Result<void> fill_from_pickup(Sale& sale) {
  DFB_TRY(const auto payload, book::parse_payload(sale.command.payload));
  const auto* resolve = std::get_if<book::Resolve>(&payload.body);
  if (payload.id != sale.id || resolve == nullptr || !resolve->capture)
    return fail(Code::corrupt, "the payload is not this pick-up's");
  sale.hold = resolve->hold;
  sale.points = resolve->points;
  return ok();
}

// The sale as its payload tells it.
Result<void> fill_from_payload(Sale& sale) {
  DFB_TRY(const auto payload, book::parse_payload(sale.command.payload));
  if (sale.kind == Kind::zreport) return fill_from_report(sale, payload);
  if (sale.kind == Kind::undo) return fill_from_undo(sale, payload);
  const auto* transfer = std::get_if<book::Transfer>(&payload.body);
  const auto kind = sale.kind == Kind::sale ? book::TransferKind::redeem : book::TransferKind::refund;
  if (payload.id != sale.id || transfer == nullptr || transfer->kind != kind)
    return fail(Code::corrupt, "the payload is not this command's");
  if (sale.kind == Kind::sale && book::goods_digest(lines_of(sale.goods)) != transfer->goods)
    return fail(Code::corrupt, "the goods are not those of the payload");
  sale.customer.account = sale.kind == Kind::sale ? transfer->from : transfer->to;
  sale.points = transfer->points;
  sale.cash_fen = transfer->cash_fen;
  sale.refunded = transfer->sale;
  sale.memo = transfer->memo;
  if (const auto* code = std::get_if<book::CodeProof>(&transfer->proof);
      code != nullptr && sale.kind == Kind::sale) {
    sale.code = code->code;
    sale.customer.device = code->device;
  }
  return ok();
}

}  // namespace

std::string open_text(const Identity& identity) {
  json::Writer writer;
  writer.begin_object().field("origin", identity.origin).field("shop", to_string(identity.shop));
  writer.field("till", hash_text(identity.till)).end_object();
  return writer.take();
}

std::string seen_text(const Seen& seen) {
  json::Writer writer;
  writer.begin_object().field("size", seen.size).field("root", hash_text(seen.root)).end_object();
  return writer.take();
}

std::string acknowledged_text(const Uuid& sale) {
  json::Writer writer;
  writer.begin_object().field("id", to_string(sale)).end_object();
  return writer.take();
}

std::string signin_text(std::string_view staff) {
  json::Writer writer;
  writer.begin_object().field("staff", staff).end_object();
  return writer.take();
}

std::string signout_text(std::string_view staff) { return signin_text(staff); }

std::string resumed_text(std::string_view staff) { return signin_text(staff); }

std::string xreport_text(std::int64_t number, const ShiftTotals& totals) {
  json::Writer writer;
  writer.begin_object().field("number", number).field("count", totals.count).field("total", totals.total);
  writer.field("refunds", totals.refunds).field("refunded", totals.refunded).end_object();
  return writer.take();
}

RecordToWrite record_of(Do what, const Sale& sale) {
  json::Writer writer = begin(sale);
  switch (what) {
    case Do::write_sale:
      return {What::sale, end(writer)};
    case Do::write_sent:
    case Do::write_refund:
      put(writer, sale.command);
      if (sale.hold) writer.field("account", to_string(sale.customer.account)).field("cash", sale.cash_fen);
      if (!sale.goods.empty()) put_goods(writer, sale.goods);
      return {sale.hold ? What::pickup : what == Do::write_sent ? What::sent : What::refund, end(writer)};
    case Do::write_offline:
      put(writer, sale.command);
      return {What::offline, end(writer)};
    case Do::write_undo:
      put(writer, sale.command).field("manager", sale.manager);
      return {What::undo, end(writer)};
    case Do::write_zreport:
      put(writer, sale.command).field("cash", sale.totals.cash_fen).field("voids", sale.totals.voids);
      writer.field("from", sale.totals.from_us);
      return {What::zreport, end(writer)};
    case Do::write_unknown:
      return {What::unknown, end(writer)};
    case Do::write_done:
      writer.field("seq", sale.seq).field("at", sale.entry_us).field("size", sale.log_size);
      writer.field("root", hash_text(sale.log_root));
      if (sale.kind == Kind::undo) writer.field("points", sale.points.value);
      return {What::done, end(writer)};
    case Do::write_refused:
      writer.field("code", name(sale.why.code)).field("seq", sale.seq);
      return {What::refused, end(writer)};
    case Do::write_cancel:
      put(writer, sale.cancel);
      return {What::cancel, end(writer)};
    case Do::write_cancelled:
      writer.field("effect", kEffects[static_cast<std::size_t>(sale.effect)]).field("seq", sale.seq);
      return {What::cancelled, end(writer)};
    case Do::write_shown:
      return {What::shown, end(writer)};
    default:
      DFB_CHECK(!"an action that writes no record");
  }
  return {};
}

Result<void> History::add(const Record& record) {
  newest_us_ = std::max(newest_us_, record.at_us);
  if ((record.what == What::open) != (record.n == 0))
    return fail(Code::corrupt, "`open` is the first record alone");
  if (record.what == What::open) return add_open(record);
  if (record.what == What::seen) return add_seen(record);
  if (record.what == What::signin || record.what == What::signout || record.what == What::resumed) return add_staff(record);
  if (record.what == What::xreport) return add_xreport(record);
  if (record.what == What::sent || record.what == What::pickup || kind_of_record(record.what) != Kind::sale)
    return add_sent(record);
  if (record.what == What::offline) return add_offline(record);
  DFB_TRY(auto reader, Reader::of(record.text));
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
  return ok();
}

Result<void> History::add_open(const Record& record) {
  DFB_TRY(auto reader, Reader::of(record.text));
  Identity identity;
  identity.origin = reader.fields().text("origin", 255);
  identity.shop = reader.account("shop");
  identity.till = reader.hash("till");
  DFB_TRY_VOID(reader.fields().done());
  identity_ = std::move(identity);
  return ok();
}

Result<void> History::add_seen(const Record& record) {
  DFB_TRY(auto reader, Reader::of(record.text));
  const Seen seen{reader.integer("size"), reader.hash("root")};
  DFB_TRY_VOID(reader.fields().done());
  if (seen.size < seen_.size) return fail(Code::corrupt, "a checkpoint smaller than the one before");
  seen_ = seen;
  return ok();
}

Result<void> History::add_sent(const Record& record) {
  DFB_TRY(auto reader, Reader::of(record.text));
  const Uuid id = reader.uuid("id");
  Sale sale;
  sale.kind = kind_of_record(record.what);
  sale.command = reader.line();
  const bool pickup = record.what == What::pickup;
  if (pickup) {
    sale.customer.account = reader.account("account");
    sale.cash_fen = reader.integer("cash");
  }
  if (sale.kind == Kind::sale) sale.goods = reader.goods();
  if (sale.kind == Kind::undo) sale.manager = reader.fields().text("manager", kStaffIdMax);
  if (sale.kind == Kind::zreport) {
    sale.totals.cash_fen = reader.integer("cash");
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
    if (undone == nullptr || undone->kind != Kind::sale || undone->phase != Phase::done)
      return fail(Code::corrupt, "a void of what is no finished sale");
    sale.points = undone->points;
    sale.cash_fen = undone->cash_fen;
    sale.customer.account = undone->account;
  }
  index_[id] = past_.size();
  Past past{id, sale.kind, sale.phase, record.at_us, sale.customer.account, sale.points, sale.cash_fen,
            -1, sale.refunded, Code::internal, sale.memo};
  past.staff = staff_;
  past.no_pin = no_pin_;
  if (sale.kind == Kind::zreport) past.report = std::make_shared<const ShiftTotals>(sale.totals);
  past.number = sale.number;
  past.goods = sale.goods;
  past.pickup = pickup;
  past_.push_back(std::move(past));
  if (shift_from_us_ == 0) shift_from_us_ = record.at_us;
  live_[id] = std::move(sale);
  return ok();
}

Result<void> History::add_offline(const Record& record) {
  DFB_TRY(auto reader, Reader::of(record.text));
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
  index_[sale.id] = past_.size();
  Past past{sale.id, Kind::sale, Phase::kept, record.at_us, sale.customer.account, sale.points, sale.cash_fen,
            -1, {}, Code::internal};
  past.staff = staff_;
  past.no_pin = no_pin_;
  past.offline = true;
  past_.push_back(std::move(past));
  if (shift_from_us_ == 0) shift_from_us_ = record.at_us;
  AllowanceUse& use = used_[proof->allowance];
  use.counters.insert(proof->counter);
  use.points.value += sale.points.value;
  kept_[sale.id] = sale.command;
  ++unsynced_.sales;
  unsynced_.points.value += sale.points.value;
  live_[sale.id] = std::move(sale);
  return ok();
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

Result<void> History::add_staff(const Record& record) {
  DFB_TRY(auto reader, Reader::of(record.text));
  std::string staff = reader.fields().text("staff", kStaffIdMax);
  DFB_TRY_VOID(reader.fields().done());
  const bool in = record.what == What::signin;
  if (staff.empty() || (!in && staff != staff_))
    return fail(Code::corrupt, "somebody signs out or goes on who does not stand here");
  knows_staff_ = true;
  no_pin_ = record.what == What::resumed;
  if (record.what != What::resumed) staff_ = in ? std::move(staff) : std::string();
  return ok();
}

Result<void> History::add_xreport(const Record& record) {
  DFB_TRY(auto reader, Reader::of(record.text));
  const std::int64_t number = reader.integer("number", 1);
  for (const char* field : {"count", "total", "refunds", "refunded"}) reader.integer(field);
  DFB_TRY_VOID(reader.fields().done());
  if (number != x_number_ + 1) return fail(Code::corrupt, "an X report whose number does not follow");
  x_number_ = number;
  return ok();
}

// What a refund, a void and a Z report mean for the sales before them.
void History::note_done(const Sale& sale, const Record& record) {
  if (sale.kind == Kind::refund && index_.contains(sale.refunded))
    past_of(sale.refunded).given_back.value += sale.points.value;
  if (sale.kind == Kind::undo) {
    past_of(sale.refunded).undone = true;
    past_of(sale.refunded).undone_points = sale.points;
  }
  if (sale.kind == Kind::zreport) {
    z_number_ = sale.number;
    shift_begin_ = past_.size();
    shift_from_us_ = record.at_us;
  }
}

bool History::is_in_shift(const Past& past) const {
  const auto found = index_.find(past.id);
  return found != index_.end() && found->second >= shift_begin_;
}

ShiftTotals History::shift_totals() const {
  ShiftTotals totals;
  totals.from_us = shift_from_us_;
  for (std::size_t i = shift_begin_; i < past_.size(); ++i) {
    const Past& past = past_[i];
    const bool done = past.phase == Phase::done;
    if (past.kind == Kind::refund && done) {
      ++totals.refunds;
      totals.refunded += past.points.value;
    }
    if (past.kind != Kind::sale) continue;
    // What was sold without a line is in the drawer, whatever the town says of its points.
    const bool sold = done || past.phase == Phase::kept || (past.offline && past.phase == Phase::refused);
    if (sold && !past.undone) totals.cash_fen += past.cash_fen;
    if (sold && past.no_pin) ++totals.no_pin;
    if (!done) continue;
    if (past.undone)
      ++totals.voids;
    else
      ++totals.count;
    totals.total += past.points.value - past.undone_points.value;
  }
  return totals;
}

Past& History::past_of(const Uuid& id) { return past_[index_.at(id)]; }

Result<void> History::add_result(const Record& record, Sale& sale) {
  DFB_TRY(auto reader, Reader::of(record.text));
  reader.uuid("id");
  const bool sent = index_.contains(sale.id);
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
    for (std::size_t i = 0; i < kEffects.size(); ++i)
      if (kEffects[i] == effect) sale.effect = static_cast<CancelEffect>(i);
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
  if (record.what == What::shown || record.what == What::refused) live_.erase(Uuid(sale.id));
  return ok();
}

std::vector<Sale> History::unfinished() const {
  std::vector<Sale> sales;
  for (const auto& [id, sale] : live_)
    if (index_.contains(id)) sales.push_back(sale);
  return sales;
}

bool History::has_open() const {
  for (const auto& [id, sale] : live_)
    if (is_open(sale)) return true;
  return false;
}

CanVoid can_void(const History& history, const Past& sale) {
  if (sale.kind != Kind::sale || sale.phase != Phase::done) return CanVoid::no_sale;
  if (sale.undone) return CanVoid::voided_already;
  if (sale.given_back.value > 0) return CanVoid::given_back;
  return history.is_in_shift(sale) ? CanVoid::yes : CanVoid::earlier_shift;
}

const Past* History::by_id(const Uuid& id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &past_[found->second];
}

const Past* History::by_receipt(std::int64_t seq) const {
  for (auto past = past_.rbegin(); past != past_.rend(); ++past)
    if (past->seq == seq && past->phase == Phase::done) return &*past;
  return nullptr;
}

}  // namespace dfb::terminal
