#include "tests/bench/long_journal.h"

#include <fstream>

#include "ledger/base/random.h"
#include "ledger/book/codes.h"
#include "ledger/book/command.h"
#include "ledger/book/goods.h"
#include "terminal/till/history.h"
#include "tests/bench/till_process.h"

namespace dfb::bench {
namespace {

using namespace terminal;

constexpr TimeUs kBetweenSalesUs = 12 * kMinuteUs;
constexpr int kSalesAShift = 110, kEntriesASale = 3;

// A sale as it stands once it is done and shown.
class Sales {
 public:
  Sales(const e2e::Till& till, const std::string& origin) : till_(till) {
    const auto phone = PrivateKey::generate(Algorithm::p256);
    const book::AccountId account{book::kFirstFreeAccount + 1};
    code_ = book::make_pay_code(phone, origin, account, book::Points{200}, 0).text();
    sale_.customer.account = account;
    sale_.customer.device = phone.public_key().id();
    signature_ = random_.bytes(64);
  }
  const Sale& next(TimeUs at_us) {
    sale_.id = make_uuid(at_us, random_);
    sale_.points = {20};
    book::Transfer transfer;
    transfer.kind = book::TransferKind::redeem;
    transfer.points = sale_.points, transfer.from = sale_.customer.account, transfer.to = till_.shop;
    transfer.goods = book::goods_digest({});
    transfer.proof = book::CodeProof{sale_.customer.device, code_};
    sale_.command = {book::format_payload({sale_.id, till_.key.public_key().id(), at_us, transfer}),
                     signature_};
    sale_.seq += kEntriesASale, sale_.entry_us = at_us, sale_.log_size = sale_.seq + 1;
    return sale_;
  }
  // The report that closes the shift.
  const Sale& report(std::int64_t number, TimeUs at_us, const ShiftTotals& totals, const Chain& chain) {
    report_.kind = Kind::zreport;
    report_.id = make_uuid(at_us, random_);
    book::Record record;
    record.kind = "zreport", record.subject = "till-1-z-" + std::to_string(number), record.account = till_.shop;
    record.period = format_day(civil_day(at_us)), record.count = totals.count, record.total = totals.total;
    record.lines = chain.size(), record.head = chain.head();
    report_.command = {book::format_payload({report_.id, till_.key.public_key().id(), at_us, record}),
                       sale_.command.signature};
    report_.totals = totals;
    report_.seq = ++sale_.seq, report_.entry_us = at_us, report_.log_size = report_.seq + 1;
    return report_;
  }

 private:
  const e2e::Till& till_;
  SystemRandom random_;
  std::string code_;
  std::string signature_;
  Sale sale_, report_;
};

}  // namespace

void lengthen_journal(const e2e::Till& till, const std::string& origin, int sales) {
  const std::string path = till.folder + "/journal";
  History history;
  std::ifstream in(path, std::ios::binary);
  auto read = e2e::must(read_journal(in, [&](const Record& record) { return history.add(record); }), path);
  Chain chain = std::move(read.chain);
  std::ofstream out(path, std::ios::binary | std::ios::app);
  Sales made(till, origin);
  const TimeUs begin_us = SystemClock().now_us() - sales * kBetweenSalesUs;
  // The same each time: the town's log does not grow by these sales, and must not look shorter than what was seen.
  const std::string seen = seen_text(history.seen());
  std::int64_t shift = 0;
  for (int i = 0; i < sales; ++i) {
    const TimeUs at_us = begin_us + i * kBetweenSalesUs;
    const auto put = [&](Do what, const Sale& sale) {
      const RecordToWrite record = record_of(what, sale);
      out << chain.add(at_us, record.what, record.text);
    };
    const Sale& sale = made.next(at_us);
    put(Do::write_sale, sale);
    put(Do::write_sent, sale);
    out << chain.add(at_us, What::seen, seen);
    put(Do::write_done, sale);
    put(Do::write_shown, sale);
    if ((i + 1) % kSalesAShift != 0) continue;
    const ShiftTotals totals{at_us, kSalesAShift, kSalesAShift * 20, 0, 0, 0, 0, 0};
    const Sale& report = made.report(++shift, at_us, totals, chain);
    put(Do::write_zreport, report);
    put(Do::write_done, report);
    put(Do::write_shown, report);
  }
  if (!out.flush()) give_up(path + " was not written");
}

}  // namespace dfb::bench
