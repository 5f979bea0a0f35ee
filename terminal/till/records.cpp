#include "terminal/till/records.h"

#include <array>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/base/strict_json.h"

namespace dfb::terminal {
namespace {

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

RecordToWrite record_of(Do what, const Sale& sale) {
  json::Writer writer = begin(sale);
  switch (what) {
    case Do::write_sale:
      return {What::sale, end(writer)};
    case Do::write_sent:
    case Do::write_refund:
      put(writer, sale.command);
      if (sale.hold) writer.field("account", to_string(sale.customer.account)).field("cash", sale.cash_fen);
      if (sale.kind == Kind::refund && sale.cash_fen > 0) writer.field("cash", sale.cash_fen);
      if (!sale.goods.empty()) put_goods(writer, sale.goods);
      return {sale.hold ? What::pickup : what == Do::write_sent ? What::sent : What::refund, end(writer)};
    case Do::write_offline:
      put(writer, sale.command);
      return {What::offline, end(writer)};
    case Do::write_undo:
      put(writer, sale.command).field("manager", sale.manager);
      return {What::undo, end(writer)};
    case Do::write_zreport:
    case Do::write_xreport:
      put(writer, sale.command).field("cash", sale.totals.cash_fen).field("voids", sale.totals.voids);
      writer.field("from", sale.totals.from_us);
      return {what == Do::write_zreport ? What::zreport : What::xreport, end(writer)};
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
      DFB_CHECK(false && "an action that writes no record");
  }
  return {};
}

std::optional<CancelEffect> cancel_effect(std::string_view word) {
  for (std::size_t i = 0; i < kEffects.size(); ++i)
    if (kEffects[i] == word) return static_cast<CancelEffect>(i);
  return std::nullopt;
}

}  // namespace dfb::terminal
