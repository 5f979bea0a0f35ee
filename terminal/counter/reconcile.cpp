// The counter's side of selling without a line: judging a code, and telling the town afterwards.
//
// A sale goes out as the bytes that were journaled, as often as it takes: its id makes that harmless. What a
// crash leaves:
//   before `offline` is on disk      nothing was shown, and the sale is dropped at the next start
//   before `shown`                   the next start shows it again; it is sent either way
//   after a batch was sent           the next start sends it again and gets the first answers
//   between a batch's answers        those without their record are sent again, likewise
#include <algorithm>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/book/offline_code.h"
#include "terminal/counter/counter.h"
#include "terminal/link/pinned.h"
#include "terminal/link/request.h"

namespace dfb::terminal {
namespace {

// Pins that only became younger are not written again before.
constexpr TimeUs kKeepPinsEveryUs = 5 * kMinuteUs;

bool is_worth_keeping(const Pins& kept, Pins fresh) {
  if (fresh.synced_us - kept.synced_us >= kKeepPinsEveryUs) return true;
  fresh.synced_us = kept.synced_us;
  fresh.off_us = kept.off_us;
  return fresh != kept;
}

// Whether the town has spoken about the sale itself, though by no entry. Whatever else it says, the sale stays and
// is sent again:
//   clock_behind clock_unconfirmed     the town's own trouble
//   hold_expired                       the phone's clock is ahead; a code past its time was never sold by
//   key_revoked key_outside_dates      this till; a phone's revocation is an entry (terminal/take_over.h)
//   allowance_spent                    an entry too, once the ledger has room for this hour's refusals
bool settles(const Error& why) {
  const bool of_the_moment = why.code == Code::clock_behind || why.code == Code::clock_unconfirmed ||
                             why.code == Code::hold_expired || why.code == Code::key_revoked ||
                             why.code == Code::key_outside_dates || why.code == Code::allowance_spent;
  return (is_refusal(why.code) && !of_the_moment) || why.code == Code::malformed || why.code == Code::bad_signature ||
         why.code == Code::unknown_key;
}

// The town has answered that this till or its shop is none of its any more: that is no cut line, and nothing may be
// sold as if it were one.
bool turns_away(const Error& why) {
  return why.code == Code::key_revoked || why.code == Code::account_closed || why.code == Code::forbidden;
}

// What is said was not proven, or the log is another one than this till has seen.
bool is_of_a_proof(Code code) {
  return code == Code::inconsistent || code == Code::bad_path || code == Code::bad_signature ||
         code == Code::unknown_key || code == Code::wrong_entry;
}

// Whose sales a person may still have to read about.
std::set<book::AccountId> to_be_named(const History& history) {
  std::set<book::AccountId> out;
  for (const auto& [id, line] : history.kept()) out.insert(history.by_id(id)->account);
  for (const Past& past : history.conflicts()) out.insert(past.account);
  return out;
}

}  // namespace

Event Counter::judge_offline_code() {
  const auto code = book::parse_offline_code(sale_.code);
  if (!code) return Refused{code.error()};
  // The allowance may be of this minute. Without a line the pins of the last time have to do, and the customer
  // waits for one attempt only.
  Result<void> reached = ok();
  if (!journal_compared_)
    if (const auto met = greet(); !met) reached = met.error();
  if (journal_behind_) return Refused{fail(Code::corrupt, "the journal is older than the town's ledger")};
  if (reached) reached = fetch_pins();
  if (!reached && turns_away(reached.error())) return Refused{reached.error()};
  town_reached_ = reached.has_value();
  const OfflineStand stand{parts_.setup.shop, parts_.setup.origin, town_us(),
                           parts_.history.newest_us() + clock_off_us_, unsynced()};
  const auto device = judge_offline(*code, parts_.pins, parts_.history.used(), stand);
  if (!device) return Refused{device.error()};
  Customer customer;
  customer.device = *device;
  customer.name = parts_.pins.name_of(code->account);
  customer.account = code->account;
  customer.code_limit = customer.spend_max = code->points;
  customer.offline = true;
  return Presented{std::move(customer)};
}

Event Counter::post_kept() {
  if (!town_reached_) return NoAnswer{fail(Code::unreachable, "no line")};
  Event event = post();
  const auto* refused = std::get_if<Refused>(&event);
  if (refused == nullptr || refused->seq >= 0 || settles(refused->why)) return event;
  // Nothing was handed over yet: what would wait for its entry later is a refusal now.
  const bool now = turns_away(refused->why) || refused->why.code == Code::key_outside_dates ||
                   refused->why.code == Code::allowance_spent;
  return now ? event : NoAnswer{refused->why};
}

Result<void> Counter::compare_journal(const TillInfo& info) {
  journal_compared_ = true;
  journal_behind_ = journal_behind_ || (info.last && !parts_.history.knows(*info.last));
  if (!journal_behind_) return ok();
  return fail(Code::corrupt, "the journal is older than the town's ledger");
}

bool Counter::finds_journal_behind() {
  if (!journal_compared_) (void)greet();
  return journal_behind_;
}

Result<void> Counter::sync(int batches_most) {
  DFB_CHECK(!is_open(sale_));
  const auto before = std::exchange(distrust_, std::nullopt);
  auto done = exchange(batches_most);
  if (!done && is_of_a_proof(done.error().code))
    distrust_ = done.error();
  else if (!done && !distrust_)
    distrust_ = before;  // no answer takes nothing back
  return done;
}

Result<void> Counter::exchange(int batches_most) {
  if (!std::exchange(more_to_tell_, false)) DFB_TRY_VOID(greet());
  const std::int64_t before = unsynced().sales;
  DFB_TRY_VOID(upload_kept(batches_most));
  more_to_tell_ = unsynced().sales > 0 && unsynced().sales < before;
  if (unsynced().sales == 0) upload_most_ = kUploadMost;
  return more_to_tell_ ? ok() : fetch_pins();
}

Result<void> Counter::append(const std::vector<Journal::ToAppend>& records) {
  DFB_TRY(const auto written, parts_.journal.append(parts_.clock.now_us(), records));
  for (const Record& record : written) {
    const auto added = parts_.history.add(record);
    DFB_CHECK(added.has_value());
  }
  return ok();
}

Result<void> Counter::upload_kept(int batches_most) {
  Uuid last;  // what the town did not answer is passed over until the next sync
  for (int batch = 0; batch < batches_most; ++batch) {
    std::vector<Sale> sales;
    std::vector<SignedLine> lines;
    const auto& kept = parts_.history.kept();
    for (auto one = kept.upper_bound(last); one != kept.end() && lines.size() < upload_most_; ++one) {
      sales.emplace_back().id = one->first;
      lines.push_back(one->second);
    }
    if (lines.empty()) return ok();
    last = sales.back().id;
    auto uploaded = parts_.line.upload(offline_sales_json(lines, parts_.key.public_key().id()));
    // A line so slow that a batch does not get through within the time for an answer gets smaller ones.
    if (!uploaded && uploaded.error().code == Code::timed_out)
      upload_most_ = std::max<std::size_t>(1, lines.size() / 2);
    if (!uploaded) return uploaded.error();
    const std::vector<Reply>& replies = *uploaded;
    if (replies.size() != lines.size())
      return fail(Code::malformed, "the town answered another number of sales than it was sent");
    std::vector<Journal::ToAppend> records;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Event event = judge(replies[i], lines[i]);
      Sale& sale = sales[i];
      if (const auto* applied = std::get_if<Applied>(&event)) {
        sale.seq = applied->seq, sale.entry_us = applied->time_us;
        sale.log_size = applied->log_size, sale.log_root = applied->log_root;
        auto record = record_of(Do::write_done, sale);
        records.push_back({record.what, std::move(record.text)});
      } else if (const auto* refused = std::get_if<Refused>(&event);
                 refused != nullptr && (refused->seq >= 0 || settles(refused->why))) {
        sale.why = refused->why, sale.seq = refused->seq;
        auto record = record_of(Do::write_refused, sale);
        records.push_back({record.what, std::move(record.text)});
      } else if (const auto* untrusted = std::get_if<Untrusted>(&event)) {
        distrust_ = untrusted->why;
      }
    }
    if (records.empty()) continue;
    DFB_TRY_VOID(append(records));
  }
  return ok();
}

Result<void> Counter::fetch_pins() {
  Pins fresh = parts_.pins;
  fresh.keep_names(to_be_named(parts_.history));
  for (bool more = true; more;) {
    DFB_TRY(const OfflineNews news, parts_.line.offline_news(fresh.last_seq, fresh.policy_version));
    std::vector<log::Checkpoint> checkpoints;
    const std::int64_t before = fresh.last_seq;
    DFB_TRY_VOID(take_news(fresh, news, parts_.setup.origin, log_, checkpoints));
    for (const log::Checkpoint& checkpoint : checkpoints) DFB_TRY_VOID(see(checkpoint));
    clock_off_us_ = news.time_us - parts_.clock.now_us();
    parts_.history.forget_newest();
    more = news.more && fresh.last_seq > before;
  }
  fresh.off_us = clock_off_us_;
  if (parts_.keep_pins && is_worth_keeping(kept_pins_, fresh)) {
    DFB_TRY_VOID(parts_.keep_pins(fresh));
    kept_pins_ = fresh;
  }
  parts_.pins = std::move(fresh);
  return ok();
}

Result<bool> Counter::take_over(const SignedLine& former) {
  DFB_CHECK(!is_open(sale_));
  DFB_TRY(book::Payload payload, book::parse_payload(former.payload));
  if (parts_.history.knows(payload.id)) return false;
  const auto* transfer = std::get_if<book::Transfer>(&payload.body);
  if (transfer == nullptr || !std::holds_alternative<book::OfflineProof>(transfer->proof))
    return fail(Code::malformed, "not a sale by an offline code");
  if (transfer->to != parts_.setup.shop) return fail(Code::sale_of_other_shop, "a sale of another shop");
  Sale sale;
  sale.id = payload.id;
  payload.by = parts_.key.public_key().id();
  sale.command = sign(payload);
  // It was shown as sold by the former till. Of these three a crash may leave the first few: it is taken over again,
  // or shown once more.
  std::vector<Journal::ToAppend> records;
  for (const Do what : {Do::write_sale, Do::write_offline, Do::write_shown}) {
    auto record = record_of(what, sale);
    records.push_back({record.what, std::move(record.text)});
  }
  DFB_TRY_VOID(append(records));
  return true;
}

Result<void> Counter::acknowledge(const Uuid& sale) {
  const Past* past = parts_.history.by_id(sale);
  const auto conflicts = parts_.history.conflicts();
  const bool waits = past != nullptr && std::any_of(conflicts.begin(), conflicts.end(),
                                                    [&](const Past& one) { return one.id == sale; });
  if (!waits) return fail(Code::not_found, "nothing of that sale is to be read");
  DFB_TRY(const Record record,
          parts_.journal.append(parts_.clock.now_us(), What::acknowledged, acknowledged_text(sale)));
  return parts_.history.add(record);
}

}  // namespace dfb::terminal
