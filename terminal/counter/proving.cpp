// What the town answers, and what of it is proven: commands are sent here, their entries judged, the log's checkpoints and
// keys followed. Nothing is taken on the town's word that the log can prove.
#include <utility>

#include "ledger/base/check.h"
#include "terminal/counter/counter.h"
#include "terminal/link/pinned.h"

namespace dfb::terminal {
namespace {

// The failures that say nothing about a proof are those of the line.
bool is_of_the_line(Code code) {
  return code == Code::unreachable || code == Code::timed_out || code == Code::busy ||
         code == Code::internal || code == Code::shutting_down || code == Code::rate_limited ||
         code == Code::not_found || code == Code::bad_config || code == Code::io_error;
}

Event from_failure(const Error& error) {
  // After `unreachable` nothing was sent, after `busy` nothing happened, and without its files the line does
  // not open.
  if (error.code == Code::unreachable || error.code == Code::busy || error.code == Code::bad_config)
    return NotTaken{error};
  return NoAnswer{error};
}

}  // namespace

// What moves nothing is refused by whatever the town says, and not known when it says nothing.
Event Counter::of_nothing_sent(const Error& error) const {
  return is_of_the_line(error.code) && error.code != Code::not_found ? from_failure(error) : Refused{error};
}

Event Counter::post() {
  constexpr Route kRoutes[] = {Route::redemptions, Route::refunds, Route::cancels, Route::shift_reports,
                               Route::shift_reports};
  // What a reservation's goods are the town knows from the phone.
  const std::string command = command_json(sale_.command, sale_.pin_token, sale_.hold ? Basket{} : sale_.goods);
  const Route route = sale_.hold ? Route::pick_ups : kRoutes[static_cast<std::size_t>(sale_.kind)];
  return judge(parts_.line.post(route, command), sale_.command);
}

Event Counter::post_cancel() {
  return judge(parts_.line.post(Route::cancels, command_json(sale_.cancel)), sale_.cancel);
}

Event Counter::enquire() {
  auto reply = parts_.line.enquire(sale_.id);
  if (reply && reply->problem && !reply->answer) {
    if (reply->problem->code == Code::not_found) return NotFound{};
    return NoAnswer{*reply->problem};  // about the question, not about the sale
  }
  // A cancel of this till came first: its entry is what the town shows, and the sale itself can never happen.
  if (reply && reply->answer && reply->answer->refused == name(Code::id_burnt))
    return Refused{fail(Code::id_burnt), reply->answer->seq};
  return judge(std::move(reply), sale_.command);
}

Event Counter::judge(Result<Reply> reply, const SignedLine& line) {
  if (!reply) return from_failure(reply.error());
  if (reply->answer) {
    if (reply->problem && reply->answer->refused.empty()) reply->answer->refused = name(reply->problem->code);
    return judge_entry(*reply->answer, line);
  }
  DFB_CHECK(reply->problem);
  if (reply->problem->code == Code::rate_limited) return NotTaken{*reply->problem, 30 * kSecondUs};
  return Refused{*reply->problem};
}

Event Counter::judge_entry(const CommandAnswer& answer, const SignedLine& line) {
  auto proven = verify_answer(answer, line.payload, Pinned{log_, parts_.key.public_key()});
  if (!proven && proven.error().code == Code::unknown_key) {
    const auto followed = follow_log_key();
    if (!followed && is_of_the_line(followed.error().code)) return NoAnswer{followed.error()};
    if (!followed) return Untrusted{followed.error()};
    proven = verify_answer(answer, line.payload, Pinned{log_, parts_.key.public_key()});
  }
  if (!proven) return Untrusted{proven.error()};
  const auto continues = see(proven->checkpoint);
  if (!continues)
    return is_of_the_line(continues.error().code) ? Event(NoAnswer{continues.error()})
                                                  : Event(Untrusted{continues.error()});
  if (proven->outcome.refused) return Refused{fail(*proven->outcome.refused), proven->entry.seq};
  Applied applied{proven->entry.seq, proven->entry.time_us, proven->checkpoint.size, proven->checkpoint.root};
  applied.effect = proven->outcome.burnt ? CancelEffect::burnt : CancelEffect::undone;
  applied.points = proven->outcome.points.value_or(book::Points{});
  return applied;
}

Result<void> Counter::demand_continuity(const log::Checkpoint& checkpoint) {
  auto continues = verify_continues(seen(), checkpoint, parts_.line);
  if (!continues && (continues.error().code == Code::inconsistent || continues.error().code == Code::bad_path))
    other_history_ = true;
  return continues;
}

Result<void> Counter::see(const log::Checkpoint& checkpoint) {
  DFB_TRY_VOID(demand_continuity(checkpoint));
  if (checkpoint.size <= seen().size) return ok();
  DFB_TRY(const Record record, parts_.journal.append(parts_.clock.now_us(), What::seen,
                                                     seen_text({checkpoint.size, checkpoint.root})));
  return parts_.history.add(record);
}

Result<log::Checkpoint> Counter::see(std::string_view note) {
  auto checkpoint = log::open_checkpoint(note, log_);
  if (!checkpoint && checkpoint.error().code == Code::unknown_key) {
    DFB_TRY_VOID(follow_log_key());
    checkpoint = log::open_checkpoint(note, log_);
  }
  if (checkpoint) DFB_TRY_VOID(see(*checkpoint));
  return checkpoint;
}

Result<void> Counter::watch_log() {
  DFB_TRY(const LeafPage page, parts_.line.leaves(0));  // none of the shop's entries, only what they would lie under
  DFB_TRY_VOID(see(page.checkpoint));
  return ok();
}

// What the log says of its next key counts when the key that is trusted now has signed it, and when it is the
// log that this till has seen so far.
Result<void> Counter::follow_log_key() {
  DFB_TRY(const auto changes, parts_.line.log_keys());
  std::vector<log::Checkpoint> checkpoints;
  log::Vkey next = terminal::follow_log_key(log_, changes, checkpoints);
  if (format_vkey(next) == format_vkey(log_)) return ok();
  for (const log::Checkpoint& checkpoint : checkpoints) DFB_TRY_VOID(demand_continuity(checkpoint));
  if (parts_.keep_log_key) DFB_TRY_VOID(parts_.keep_log_key(next));
  log_ = std::move(next);
  return ok();
}

Result<TillInfo> Counter::greet() {
  auto told = parts_.line.info();
  if (told) revoked_ = false;
  if (!told && told.error().code == Code::key_revoked) revoked_ = true;
  if (!told) return told.error();
  const TillInfo info = std::move(told).value();
  const Setup& setup = parts_.setup;
  if (info.origin != setup.origin || info.shop != setup.shop || info.till != setup.till)
    return fail(Code::forbidden, "the town takes this terminal for another one; enrol it anew");
  clock_off_us_ = info.time_us - parts_.clock.now_us();
  fen_per_point_ = info.fen_per_point;
  DFB_TRY_VOID(compare_journal(info));
  // Before the former key is out of force, while its thief could still be found out.
  if (info.log_vkey != format_vkey(log_)) DFB_TRY_VOID(follow_log_key());
  if (info.log_vkey != format_vkey(log_))
    return fail(Code::unknown_key,
                "the town names a key of its log that the log does not prove; tell an auditor");
  return info;
}

}  // namespace dfb::terminal
