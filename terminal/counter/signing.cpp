// What the till signs: a sale, a refund, a void, a shift's report, and the cancel of any of them.
#include "ledger/base/check.h"
#include "ledger/book/offline_code.h"
#include "ledger/book/shift_report.h"
#include "ledger/crypto/signed_message.h"
#include "terminal/counter/counter.h"
#include "terminal/link/request.h"

namespace dfb::terminal {
namespace {

// Far enough ahead for a slow line, and near enough that a lost command is soon harmless.
constexpr TimeUs kSignedLifeUs = 2 * kMinuteUs;

}  // namespace

SignedLine Counter::sign(const book::Payload& payload) const {
  SignedLine line;
  line.payload = book::format_payload(payload);
  line.signature = dfb::sign(parts_.key, SignedKind::payload, parts_.setup.origin, line.payload);
  return line;
}

book::Transfer Counter::redemption() const {
  book::Transfer transfer;
  if (sale_.customer.offline) {
    const auto code = book::parse_offline_code(sale_.code);
    DFB_CHECK(code.has_value());
    transfer = redemption_of(*code, sale_.customer.device);
    transfer.goods = book::goods_digest({});
    transfer.cash_fen = sale_.cash_fen;
    return transfer;
  }
  transfer.kind = book::TransferKind::redeem;
  transfer.points = sale_.points;
  transfer.from = sale_.customer.account;
  transfer.to = parts_.setup.shop;
  transfer.goods = book::goods_digest(lines_of(sale_.goods));
  transfer.cash_fen = sale_.cash_fen;
  const Confirmation& word = sale_.confirmation;
  if (sale_.customer.card.value != 0)
    transfer.proof = book::CardProof{sale_.customer.card};
  else if (word.expires_us != 0)
    transfer.proof = book::QuoteProof{sale_.customer.device, word.expires_us, word.signature};
  else
    transfer.proof = book::CodeProof{sale_.customer.device, sale_.code};
  return transfer;
}

// The journal up to here stands in the ledger with it: docs/formats.md#record.
book::Record Counter::shift_record() const {
  book::Record record;
  record.kind = name(sale_.kind);
  record.subject = book::shift_report_subject(record.kind, parts_.key.public_key().id(), sale_.number);
  record.account = parts_.setup.shop;
  record.period = format_day(civil_day(parts_.clock.now_us() + clock_off_us_));
  record.count = sale_.totals.count;
  record.total = sale_.totals.total;
  record.refunds = sale_.totals.refunds;
  record.refunded = sale_.totals.refunded;
  record.lines = parts_.journal.chain().size();
  record.head = parts_.journal.chain().head();
  return record;
}

book::Body Counter::body_to_sign() const {
  switch (sale_.kind) {
    case Kind::sale:
      if (sale_.hold) return book::Resolve{*sale_.hold, true, parts_.setup.shop, sale_.points};
      return redemption();
    case Kind::undo:
      return book::Cancel{sale_.refunded};
    case Kind::zreport:
    case Kind::xreport:
      return shift_record();
    case Kind::refund:
      break;
  }
  book::Transfer transfer;
  transfer.points = sale_.points;
  transfer.kind = book::TransferKind::refund;
  transfer.from = parts_.setup.shop;
  transfer.to = sale_.customer.account;
  transfer.sale = sale_.refunded;
  transfer.memo = sale_.memo;
  return transfer;
}

SignedLine Counter::sign() {
  const TimeUs not_after_us = parts_.clock.now_us() + clock_off_us_ + kSignedLifeUs;
  return sign(book::Payload{sale_.id, parts_.key.public_key().id(), not_after_us, body_to_sign()});
}

SignedLine Counter::sign_cancel() {
  // After hours without a line the clocks may have drifted; without a line the old difference has to do.
  (void)greet();
  const TimeUs now_us = parts_.clock.now_us();
  return sign(book::Payload{make_uuid(now_us, parts_.random), parts_.key.public_key().id(),
                            now_us + clock_off_us_ + kSignedLifeUs, book::Cancel{sale_.id}});
}

std::string Counter::command_json(const SignedLine& line, const std::string& pin_token, const Basket& goods) const {
  return signed_command_json(line.payload, {{parts_.key.public_key().id(), line.signature}}, pin_token, lines_of(goods));
}

}  // namespace dfb::terminal
