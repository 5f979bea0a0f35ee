// The fields of every command that moves points or states a fact, in the documented order:
// docs/formats.md#payloads. One declaration serves reading and writing. Inner to ledger/book/payload.cpp.
#pragma once
#include <algorithm>
#include <array>

#include "ledger/book/codes.h"
#include "ledger/book/command.h"
#include "ledger/book/payload_io.h"
#include "ledger/book/shift_report.h"

namespace dfb::book {

inline constexpr Words<10> kTransferKinds{"mint",   "return", "award", "redeem", "refund",
                                          "expire", "settle", "fund",  "cover",  "opening"};
inline constexpr Words<4> kProofs{"code", "quote", "card", "offline"};
inline constexpr Words<2> kPurposes{"reserve", "allowance"}, kResolveActs{"release", "capture"};
inline constexpr std::array<std::string_view, 6> kEarningKinds{"checkin", "report", "attendance",
                                                               "opinion", "vote",   "adoption"};
inline constexpr std::int64_t kCounterMax = 0xffffffff, kOfflinePointsMax = 0xffffff;

inline bool is_earning_kind(std::string_view kind) {
  return std::find(kEarningKinds.begin(), kEarningKinds.end(), kind) != kEarningKinds.end();
}
inline bool is_record_kind(std::string_view kind) {
  return is_earning_kind(kind) || kind == "erasure" || is_shift_report(kind);
}
// What a rule is for: a record's kind, or the awards that officers give.
inline bool is_rule_kind(std::string_view kind) { return is_earning_kind(kind) || kind == "award"; }
inline bool is_period(std::string_view text) {
  return text == "-" ||
         parse_day(text.size() == 7 ? std::string(text) + "-01" : std::string(text)).has_value();
}
inline bool is_pay_code(std::string_view text) { return parse_pay_code(text).has_value(); }
inline bool is_journal_hash(std::string_view text) {
  constexpr std::size_t kSize = 22;
  return text.size() == kSize && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_';
         });
}
inline bool is_site_code(std::string_view text) { return parse_site_code(text).has_value(); }

template <class Io>
void time(Io& io, std::string_view name, typename Io::template Ref<TimeUs> at_us) {
  io.integer(name, at_us, 0, kIntegerMax);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<CodeProof> proof) {
  io.hash("device", proof.device);
  io.text("code", proof.code, is_pay_code);
}
template <class Io>
void fields(Io& io, typename Io::template Ref<QuoteProof> proof) {
  io.hash("device", proof.device);
  time(io, "expires", proof.expires_us);
  io.bytes("sig", proof.signature, is_signature);
}
template <class Io>
void fields(Io& io, typename Io::template Ref<CardProof> proof) {
  io.account("card", proof.card);
}
template <class Io>
void fields(Io& io, typename Io::template Ref<OfflineProof> proof) {
  io.hash("device", proof.device);
  io.uuid("allowance", proof.allowance);
  io.integer("counter", proof.counter, 1, kCounterMax);
  time(io, "at", proof.at_us);
  io.bytes("sig", proof.signature, is_signature);
}

inline Proof empty_proof(std::size_t index) {
  switch (index) {
    case 0:
      return CodeProof{};
    case 1:
      return QuoteProof{};
    case 2:
      return CardProof{};
    default:
      return OfflineProof{};
  }
}
inline void proof_fields(PayloadReader& io, Proof& proof) {
  std::size_t kind = 0;
  io.word("kind", kProofs, kind);
  proof = empty_proof(kind);
  std::visit([&](auto& one) { fields(io, one); }, proof);
}
inline void proof_fields(PayloadWriter& io, const Proof& proof) {
  io.word("kind", kProofs, proof.index());
  std::visit([&](const auto& one) { fields(io, one); }, proof);
}

// An offline code has room for 24 bits of points and 32 bits of steps.
inline bool fits_offline_code(const Transfer& transfer) {
  const auto* proof = std::get_if<OfflineProof>(&transfer.proof);
  return !proof || (transfer.points.value <= kOfflinePointsMax && proof->at_us % kPayStepUs == 0 &&
                    proof->at_us / kPayStepUs <= kCounterMax);
}

// Strictly rising by day, at most one plain and one grace lot a day, and together the points; or none at all.
inline bool are_opening_lots(const Lots& lots, Points points) {
  auto not_rising = [](const Lot& a, const Lot& b) {
    return std::pair(a.day, a.grace) >= std::pair(b.day, b.grace);
  };
  if (std::adjacent_find(lots.begin(), lots.end(), not_rising) != lots.end()) return false;
  auto too_many = [](const Lot& lot) { return lot.points > kPointsMax; };
  return lots.empty() || (std::none_of(lots.begin(), lots.end(), too_many) && total(lots) == points);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Transfer> transfer) {
  using enum TransferKind;
  io.word("kind", kTransferKinds, transfer.kind);
  io.account("from", transfer.from);
  io.account("to", transfer.to);
  io.points("points", transfer.points);
  switch (transfer.kind) {
    case mint:
    case return_:
    case fund:
      io.text("memo", transfer.memo, is_memo);
      break;
    case award:
      io.text("rule", transfer.rule, is_name);
      io.text("memo", transfer.memo, is_memo);
      break;
    case redeem:
      io.hash("goods", transfer.goods);
      io.integer("cash", transfer.cash_fen, 0, kPointsMax.value);
      io.object("proof", transfer.proof, [](auto& inner, auto& proof) { proof_fields(inner, proof); });
      io.require([&] { return fits_offline_code(transfer); },
                 "an offline code has a step of 5 seconds and 24 bits of points");
      break;
    case refund:
    case cover:
      io.uuid("sale", transfer.sale);
      io.text("memo", transfer.memo, is_memo);
      break;
    case expire:
      io.day("day", transfer.day);
      break;
    case settle:
      io.hash("statement", transfer.statement);
      io.integer("fen", transfer.fen, 0, kIntegerMax);
      io.integer("count", transfer.count, 0, kIntegerMax);
      io.integer("through", transfer.through, 0, kIntegerMax);
      break;
    case opening:
      io.lots("lots", transfer.lots);
      io.require([&] { return are_opening_lots(transfer.lots, transfer.points); },
                 "lots must rise by day and add up to points");
      break;
  }
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Hold> hold) {
  io.word("purpose", kPurposes, hold.purpose);
  io.account("account", hold.account);
  io.points("points", hold.points);
  time(io, "until", hold.until_us);
  if (hold.purpose == HoldPurpose::allowance) {
    io.hash("device", hold.device);
  } else {
    io.account("shop", hold.shop);
    io.hash("goods", hold.goods);
    io.integer("cash", hold.cash_fen, 0, kPointsMax.value);
  }
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Resolve> resolve) {
  io.uuid("hold", resolve.hold);
  io.word("act", kResolveActs, resolve.capture);
  io.account("to", resolve.to);
  io.points("points", resolve.points, 0);
  io.text("memo", resolve.memo, is_memo);
  io.require([&] { return resolve.capture == (resolve.points.value > 0); },
             "a capture has points, a release none");
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Record> record) {
  io.text("kind", record.kind, is_record_kind);
  io.text("subject", record.subject, is_name);
  io.account("account", record.account);
  io.text("period", record.period, is_period);
  bool earns = is_earning_kind(record.kind);
  if (earns) io.text("rule", record.rule, is_name);
  io.hash("evidence", record.evidence);
  if (earns && record.kind != "checkin" && io.has("task", !record.task.empty()))
    io.text("task", record.task, is_name);
  if (earns && io.has("site", !record.site.empty())) io.text("site", record.site, is_site_code);
  if (is_shift_report(record.kind)) {
    io.integer("count", record.count, 0, kIntegerMax);
    io.integer("total", record.total, 0, kIntegerMax);
    io.integer("refunds", record.refunds, 0, kIntegerMax);
    io.integer("refunded", record.refunded, 0, kIntegerMax);
    io.integer("lines", record.lines, 1, kIntegerMax);
    io.text("head", record.head, is_journal_hash);
  }
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Cancel> cancel) {
  io.uuid("target", cancel.target);
}

template <class Io>
void fields(Io& io, typename Io::template Ref<Reverse> reverse) {
  io.integer("entry", reverse.entry, 0, kIntegerMax);
  io.text("memo", reverse.memo, is_memo);
}

}  // namespace dfb::book
