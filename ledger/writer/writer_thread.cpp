#include "ledger/writer/writer_thread.h"

#include <algorithm>

#include "ledger/base/check.h"
#include "ledger/book/log_keys.h"
#include "ledger/log/entry_text.h"
#include "ledger/writer/log_keys.h"

namespace dfb {
namespace {

// Programme work: all of a round when no command waits, else a little every few rounds.
constexpr std::size_t kWorksAlone = 200, kWorksBeside = 16;
constexpr int kRoundsBetweenWorks = 8;

thread_local bool this_is_a_writer = false;

}  // namespace

bool WriterThread::on_writer_thread() { return this_is_a_writer; }

WriterThread::WriterThread(store::Store& store, log::Signer signer, const Clock& clock, Options options,
                           store::Head head)
    : store_(store),
      signer_(std::move(signer)),
      clock_(clock),
      options_(std::move(options)),
      head_(std::make_shared<const store::Head>(std::move(head))),
      thread_([this] { loop(); }) {}

Error WriterThread::why_not() const {
  if (options_.read_only) return fail(Code::read_only, "the ledger was restored from a backup");
  return stopping_ ? fail(Code::shutting_down) : fail(Code::busy, "the writer's inbox is full");
}

void WriterThread::submit(std::vector<check::CheckedCommand> chain, Step step, ChainCallback callback) {
  DFB_CHECK(!chain.empty());
  std::unique_lock guard(mutex_);
  if (dead_) return;
  const bool full = inbox_.size() >= options_.inbox_max;
  if (!stopping_ && !full && !options_.read_only) {
    inbox_.push_back({std::move(chain), std::move(step), std::move(callback)});
    wake_.notify_one();
    return;
  }
  const auto error = why_not();
  guard.unlock();
  callback(error);
}

void WriterThread::submit(std::function<Result<void>(sql::Connection&)> work,
                          std::function<void(Result<void>)> done) {
  std::unique_lock guard(mutex_);
  if (dead_) return;
  const bool full = works_.size() >= options_.inbox_max;
  if (!stopping_ && !full && !options_.read_only) {
    works_.push_back({std::move(work), std::move(done)});
    wake_.notify_one();
    return;
  }
  const auto error = why_not();
  guard.unlock();
  done(error);
}

std::shared_ptr<const store::Head> WriterThread::head() const {
  const std::lock_guard guard(head_mutex_);
  return head_;
}

void WriterThread::stop() {
  DFB_CHECK(!on_writer_thread());
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  const std::lock_guard guard(join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void WriterThread::loop() {
  this_is_a_writer = true;
  try {
    store_.snapshot()->read_ahead(state_);
  } catch (const std::exception&) {
    state_.forget();  // what the rules ask for is read then, and who asked hears what is wrong
  }
  for (Round round; take(round); round = {}) {
    if (!run(round)) return;
    give_answers(round);
  }
}

bool WriterThread::take(Round& round) {
  std::unique_lock guard(mutex_);
  wake_.wait(guard, [this] { return stopping_ || !inbox_.empty() || !works_.empty(); });
  const std::size_t jobs = std::min(inbox_.size(), options_.batch_max);
  for (std::size_t i = 0; i < jobs; ++i) {
    round.jobs.push_back(std::move(inbox_.front()));
    inbox_.pop_front();
  }
  std::size_t works = 0;
  if (jobs == 0)
    works = kWorksAlone;
  else if (!works_.empty() && ++rounds_without_work_ >= kRoundsBetweenWorks)
    works = kWorksBeside;
  works = std::min(works, works_.size());
  if (works > 0) rounds_without_work_ = 0;
  for (std::size_t i = 0; i < works; ++i) {
    round.works.push_back(std::move(works_.front()));
    works_.pop_front();
  }
  return jobs + works > 0;
}

bool WriterThread::run(Round& round) {
  std::shared_ptr<const store::Head> next = head();
  try {
    Batch batch(store_, options_.origin, next->edge, state_);
    apply(batch, round);
    if (round.changed) {
      if (batch.size() > next->edge.size()) next = sign(batch);
      // A crash up to here leaves nothing: the transaction is not committed, its signature was never shown,
      // and no client was answered. They send the same ids again.
      batch.finish(next->note);
      batch.keep_log_key_changes(next->note);
      try {
        // A crash within leaves the whole batch or nothing, whichever the engine finds at the next start; a
        // crash after it leaves entries that nobody was told of. In both cases the clients ask again with the
        // same ids and get the first answer, or the commands happen now.
        batch.transaction().commit();
        state_.keep();
      } catch (const std::exception& error) {
        // Whether it happened is unknown, so no further signature may leave this process: a checkpoint of the
        // same size could already be on the disk. The next start reads what is there.
        die(error.what());
        return false;
      }
    }
  } catch (const std::exception& error) {
    // Before the commit nothing has happened, in memory either: the batch took its edge with it, and its rows
    // are forgotten.
    state_.forget();
    const auto lost = fail(Code::io_error, std::string("nothing was written: ") + error.what());
    round.answers.assign(round.jobs.size(), lost);
    round.results.assign(round.works.size(), lost);
    return true;
  }
  {
    const std::lock_guard guard(head_mutex_);
    head_ = next;
  }
  for (auto& answers : round.answers)
    if (answers)
      for (auto& answer : *answers) answer.head = next;
  return true;
}

void WriterThread::apply(Batch& batch, Round& round) {
  for (auto& job : round.jobs) round.answers.push_back(answer(batch, job, round.changed));
  for (auto& work : round.works) {
    round.results.push_back(run_step(batch, work.work));
    if (round.results.back()) round.changed = true;
  }
}

Result<std::vector<Answer>> WriterThread::answer(Batch& batch, Job& job, bool& changed) {
  const auto& payload = job.commands.front().command().payload;
  if (const auto* genesis = std::get_if<book::Genesis>(&payload.body); genesis && batch.size() == 0)
    if (!signer_.has(genesis->log_vkey))
      return fail(Code::malformed, "`log` is not the key of this server's log");
  DFB_TRY(auto drafts, batch.decide(job.commands, batch.entry_time(clock_.now_us())));
  const auto& first = drafts.front();
  std::vector<Answer> answers;
  if (first.known_seq) {
    for (const auto& draft : drafts) {
      DFB_TRY(auto answer, known_answer(batch, *draft.known_seq));
      answers.push_back(std::move(answer));
    }
    return answers;
  }
  if (auto signable = check_signable(batch); !signable) {
    batch.drop();
    return signable.error();
  }
  if (job.step && !first.outcome.refused) {
    const auto step = [&](sql::Connection& sql) { return job.step(sql, first.seq, first.time_us); };
    if (auto done = run_step(batch, step); !done) {
      batch.drop();
      return done.error();
    }
  }
  batch.accept(drafts);
  changed = true;
  for (auto& draft : drafts)
    answers.push_back(
        {draft.seq, draft.time_us, false, draft.outcome.refused, std::move(draft.text), nullptr});
  return answers;
}

Result<Answer> WriterThread::known_answer(Batch& batch, std::int64_t seq) {
  auto texts = batch.transaction().entries(seq, 1);
  DFB_CHECK(texts.size() == 1);
  DFB_TRY(const auto entry, log::parse_entry_text(texts.front()));
  DFB_TRY(const auto outcome, book::parse_outcome(entry.outcome));
  return Answer{seq, entry.time_us, true, outcome.refused, std::move(texts.front()), nullptr};
}

// The step's writes and the entry's come and go together: when the step fails or throws, its savepoint is
// undone and the caller drops the command's changes in memory. An engine that cannot undo loses the whole
// batch.
Result<void> WriterThread::run_step(Batch& batch, const std::function<Result<void>(sql::Connection&)>& step) {
  auto& transaction = batch.transaction();
  transaction.begin_savepoint();
  Result<void> done = ok();
  try {
    done = step(transaction.sql());
  } catch (const sql::Error& error) {
    done = fail(Code::io_error, error.what());
  } catch (const std::exception& error) {
    done = fail(Code::internal, error.what());
  }
  if (done)
    transaction.keep_savepoint();
  else
    transaction.undo_savepoint();
  return done;
}

Result<void> WriterThread::check_signable(Batch& batch) const {
  const auto can = can_sign(signer_, *batch.state().find<book::LedgerRow>({1}));
  return can ? can : fail(Code::unknown_key, can.error().detail);
}

// Two checkpoints of one size can never leave: this one is shown to nobody before its commit, and if the
// commit is in doubt the process ends.
std::shared_ptr<const store::Head> WriterThread::sign(Batch& batch) const {
  auto next = std::make_shared<store::Head>();
  next->edge = batch.edge();
  next->checkpoint = {options_.origin, batch.size(), batch.edge().root()};
  next->note =
      signer_.sign(next->checkpoint, book::log_keys_in_force(*batch.state().find<book::LedgerRow>({1})));
  return next;
}

// A crash on the way leaves some clients without an answer to something that has happened; their retries are
// `known`.
void WriterThread::give_answers(Round& round) {
  for (std::size_t i = 0; i < round.jobs.size(); ++i) round.jobs[i].callback(std::move(round.answers[i]));
  for (std::size_t i = 0; i < round.works.size(); ++i) round.works[i].done(std::move(round.results[i]));
}

void WriterThread::die(const std::string& why) {
  std::deque<Job> inbox;
  std::deque<Work> works;
  {
    const std::lock_guard guard(mutex_);
    dead_ = true;
    inbox.swap(inbox_);
    works.swap(works_);
  }
  options_.fatal("the outcome of a commit is unknown: " + why);
}

}  // namespace dfb
