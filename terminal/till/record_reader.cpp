#include "terminal/till/record_reader.h"

#include "ledger/base/encoding.h"
#include "ledger/book/command.h"

namespace dfb::terminal {
namespace {

constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kLineTextMax = 90'000;

// The number at the subject's end: docs/formats.md#record.
std::int64_t number_of_report(std::string_view subject) {
  const auto number = parse_decimal(subject.substr(subject.rfind('-') + 1));
  return number ? number.value() : 0;
}

Result<void> fill_from_report(Sale& sale, const book::Payload& payload) {
  const auto* record = std::get_if<book::Record>(&payload.body);
  if (payload.id != sale.id || record == nullptr || record->kind != name(sale.kind))
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

}  // namespace

Result<RecordReader> RecordReader::of(const std::string& text) {
  DFB_TRY(auto value, json::parse(text));
  if (!std::holds_alternative<json::Object>(value.data)) return fail(Code::corrupt, "not an object");
  return RecordReader(std::make_unique<json::Value>(std::move(value)));
}

template <class T, class Parse>
T RecordReader::get(std::string_view name, std::size_t max, Parse parse) {
  auto parsed = parse(fields_.text(name, max));
  if (parsed) return std::move(parsed).value();
  fields_.refuse(std::string(name) + ": " + parsed.error().detail);
  return {};
}

Uuid RecordReader::uuid(std::string_view name) {
  return get<Uuid>(name, 36, [](const auto& t) { return parse_uuid(t); });
}

Hash RecordReader::hash(std::string_view name) {
  return get<Hash>(name, 43, [](const auto& t) { return parse_hash_text(t); });
}

std::string RecordReader::bytes(std::string_view name) {
  return get<std::string>(name, kLineTextMax, [](const auto& t) { return base64url_decode(t); });
}

book::AccountId RecordReader::account(std::string_view name) {
  return get<book::AccountId>(name, 13, [](const auto& t) { return book::parse_account(t); });
}

std::int64_t RecordReader::integer(std::string_view name, std::int64_t min) {
  return fields_.integer(name, min, kIntegerMax);
}

// [[good, count, points each]…], and only where goods were named.
Basket RecordReader::goods() {
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

Kind kind_of_record(What what) {
  switch (what) {
    case What::refund:
      return Kind::refund;
    case What::undo:
      return Kind::undo;
    case What::zreport:
      return Kind::zreport;
    case What::xreport:
      return Kind::xreport;
    default:
      return Kind::sale;
  }
}

Result<void> fill_from_pickup(Sale& sale) {
  DFB_TRY(const auto payload, book::parse_payload(sale.command.payload));
  const auto* resolve = std::get_if<book::Resolve>(&payload.body);
  if (payload.id != sale.id || resolve == nullptr || !resolve->capture)
    return fail(Code::corrupt, "the payload is not this pick-up's");
  sale.hold = resolve->hold;
  sale.points = resolve->points;
  return ok();
}

Result<void> fill_from_payload(Sale& sale) {
  DFB_TRY(const auto payload, book::parse_payload(sale.command.payload));
  if (is_report(sale.kind)) return fill_from_report(sale, payload);
  if (sale.kind == Kind::undo) return fill_from_undo(sale, payload);
  const auto* transfer = std::get_if<book::Transfer>(&payload.body);
  const auto kind = sale.kind == Kind::sale ? book::TransferKind::redeem : book::TransferKind::refund;
  if (payload.id != sale.id || transfer == nullptr || transfer->kind != kind)
    return fail(Code::corrupt, "the payload is not this command's");
  if (sale.kind == Kind::sale && book::goods_digest(lines_of(sale.goods)) != transfer->goods)
    return fail(Code::corrupt, "the goods are not those of the payload");
  sale.customer.account = sale.kind == Kind::sale ? transfer->from : transfer->to;
  sale.points = transfer->points;
  if (sale.kind == Kind::sale) sale.cash_fen = transfer->cash_fen;
  sale.refunded = transfer->sale;
  sale.memo = transfer->memo;
  if (const auto* code = std::get_if<book::CodeProof>(&transfer->proof);
      code != nullptr && sale.kind == Kind::sale) {
    sale.code = code->code;
    sale.customer.device = code->device;
  }
  return ok();
}

}  // namespace dfb::terminal
