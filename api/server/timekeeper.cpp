#include "api/server/timekeeper.h"

#include <chrono>
#include <memory>

#include "api/programme/due.h"
#include "api/programme/reservations.h"
#include "ledger/base/uuid.h"

namespace dfb::server {
namespace {

constexpr std::int64_t kAtOnce = 500;
constexpr TimeUs kLifeUs = 4 * kMinuteUs;

// What came of one look. The answers own it too: they come even where the look itself ended early.
struct Tally {
  std::mutex mutex;
  std::condition_variable done;
  std::size_t waiting = 0;
  std::int64_t entered = 0;
  std::string refused;
};

}  // namespace

Timekeeper::Timekeeper(Parts parts)
    : parts_(std::move(parts)), thread_([this](std::stop_token stop) {
        while (!stop.stop_requested()) {
          std::int64_t entered = 0;
          try {
            entered = run_once();
          } catch (const std::exception& error) {
            parts_.log(std::string("due: ") + error.what());
          }
          // A night on which much expires goes on at once; residents' commands share the batches.
          std::unique_lock lock(mutex_);
          wake_.wait_for(lock, stop, std::chrono::seconds(entered > 0 ? 0 : 60), [] { return false; });
        }
      }) {}

std::int64_t Timekeeper::run_once() {
  const TimeUs now_us = parts_.clock.now_us();
  const auto view = parts_.store.snapshot();
  const auto due = programme::due_commands(*view, now_us, kAtOnce);
  if (due.empty()) return 0;
  const auto server = parts_.server_keys.newest(*view, now_us);
  if (!server) throw std::runtime_error(to_string(server.error()));
  SystemRandom random;
  const auto tally = std::make_shared<Tally>();
  for (const auto& body : due) {
    const book::Payload payload{make_uuid(now_us, random), server->public_key().id(), now_us + kLifeUs, body};
    std::string line = book::format_payload(payload);
    const std::string signature = sign(*server, SignedKind::payload, parts_.origin, line);
    auto checked = check::check(std::move(line), {{payload.by, signature}}, parts_.keys, parts_.origin);
    if (!checked) throw std::runtime_error(to_string(checked.error()));
    {
      const std::lock_guard guard(tally->mutex);
      ++tally->waiting;
    }
    Step step;  // a savepoint for each of a night's expired lots would be for nothing
    if (std::holds_alternative<book::Resolve>(body))
      step = [payload](sql::Connection& sql, std::int64_t, TimeUs) -> Result<void> {
        programme::move_goods(sql, payload);
        return ok();
      };
    parts_.writer.submit(*std::move(checked), std::move(step), [tally](Result<Answer> answer) {
      const std::lock_guard guard(tally->mutex);
      if (answer) {
        ++tally->entered;
      } else {
        tally->refused = to_string(answer.error());
      }
      --tally->waiting;
      tally->done.notify_one();
    });
  }
  std::unique_lock guard(tally->mutex);
  tally->done.wait(guard, [&] { return tally->waiting == 0; });
  if (tally->entered > 0)
    parts_.log("due: " + std::to_string(tally->entered) + " entries for what expired or ran out");
  if (!tally->refused.empty()) parts_.log("due: refused: " + tally->refused);
  return tally->refused.empty() ? tally->entered : 0;
}

}  // namespace dfb::server
