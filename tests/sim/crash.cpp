// Processes that hold the writer and end without a word. The parent has no threads while it forks.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <sstream>

#include "ledger/base/check.h"
#include "tests/sim/live.h"

namespace dfb::sim {

using namespace book;

namespace {

enum class End { after_answer, in_transaction, while_answering };

std::string as_line(std::size_t index, const Prediction& answer) {
  std::string text = std::to_string(index) + " ";
  if (answer.known) return text + "known " + std::to_string(*answer.known) + "\n";
  if (answer.refused) return text + "refused " + std::string(name(*answer.refused)) + "\n";
  return text + "entry " + format_outcome(*answer.outcome) + "\n";
}

Prediction from_words(const std::string& what, const std::string& rest) {
  if (what == "known") return {{}, {}, std::stoll(rest), {}};
  if (what == "refused") return {{}, code_from_name(rest), {}, {}};
  return {parse_outcome(rest).value(), {}, {}, {}};
}

struct Plan {
  std::size_t first = 0, last = 0;  // commands first..last-1, then the end
  End end = End::after_answer;
};

[[noreturn]] void child(const Stage& stage, const Sequence& sequence, const std::string& path,
                        const PrivateKey& log_key, const Plan& plan, int out) {
  auto store = store::open_sqlite(path, {}).value();
  Live live(stage, *store, log_key);
  auto tell = [&](std::size_t index, const Prediction& answer) {
    const auto line = as_line(index, answer);
    DFB_CHECK(::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  };
  for (std::size_t i = plan.first; i < plan.last; ++i) tell(i, live.send(sequence[i]).front());
  if (plan.end == End::after_answer || plan.last == sequence.size()) ::_exit(0);
  if (plan.end == End::in_transaction) {
    live.send(sequence[plan.last],
              [](sql::Connection&, std::int64_t, TimeUs) -> Result<void> { ::_exit(0); });
    ::_exit(0);
  }
  std::size_t count = 0;
  while (plan.last + count < sequence.size() && sequence[plan.last + count].at == sequence[plan.last].at &&
         sequence[plan.last + count].lines.size() == 1)
    ++count;
  if (count > 0)
    live.burst(sequence, plan.last, count, [&](std::size_t index, const Prediction& answer) {
      tell(index, answer);
      ::_exit(0);
    });
  ::sleep(2);  // a burst that could not be sent
  ::_exit(0);
}

std::string ask(const Stage& stage, const Sequence& sequence, const std::string& path,
                const PrivateKey& log_key, const Plan& plan) {
  int ends[2];
  DFB_CHECK(::pipe(ends) == 0);
  const pid_t pid = ::fork();
  DFB_CHECK(pid >= 0);
  if (pid == 0) child(stage, sequence, path, log_key, plan, ends[1]);
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, std::size_t(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  DFB_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return text;
}

std::int64_t size_of(const std::string& path) {
  return store::open_sqlite(path, {}).value()->snapshot()->size();
}

}  // namespace

std::optional<Difference> crash_trial(const Stage& stage, const Sequence& sequence,
                                      const std::string& founded, const std::string& path,
                                      const PrivateKey& log_key, std::uint64_t seed) {
  // What a former trial of the same seed left beside its file belongs to that file.
  for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(path + beside);
  std::filesystem::copy_file(founded, path, std::filesystem::copy_options::overwrite_existing);
  std::mt19937_64 random(seed);
  Model model = stage.model;
  const auto expected = predictions(model, sequence);
  std::vector<std::int64_t> seq;  // the entry that each command brings about, or -1
  std::int64_t size = stage.model.world().size;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    seq.push_back(expected[i].front().outcome ? size : -1);
    for (const auto& answer : expected[i]) size += answer.outcome ? 1 : 0;
  }
  std::size_t next = 0;
  while (next < sequence.size()) {
    // What a former process entered without being able to answer stands, and everything before it was judged.
    const auto there = size_of(path);
    std::size_t judged = next;
    for (std::size_t i = next; i < sequence.size(); ++i)
      if (seq[i] >= 0 && seq[i] < there) judged = i + 1;
    for (std::size_t i = next; i < judged; ++i) {
      if (seq[i] < 0) continue;
      std::istringstream answer(ask(stage, sequence, path, log_key, {i, i + 1, End::after_answer}));
      std::string index, what, rest;
      answer >> index >> what >> rest;
      if (what != "known" || rest != std::to_string(seq[i]))
        return Difference{"crash: not known", "command " + index + ": " + what + " " + rest};
    }
    next = judged;
    if (next == sequence.size()) break;
    Plan plan{next, std::min(sequence.size(), next + random() % 12), static_cast<End>(random() % 3)};
    if (plan.end == End::after_answer) plan.last = std::min(sequence.size(), plan.last + 1);
    std::istringstream lines(ask(stage, sequence, path, log_key, plan));
    for (std::string index, what, rest; lines >> index >> what && std::getline(lines >> std::ws, rest);) {
      const auto i = static_cast<std::size_t>(std::stoull(index));
      const auto found = from_words(what, rest);
      if (!same(expected[i].front(), found))
        return Difference{"crash: " + kind_of(expected[i].front()) + ", not " + kind_of(found),
                          "command " + index + "\n  expected " + to_string(expected[i].front()) +
                              "\n  found    " + to_string(found)};
      next = i + 1;
    }
  }
  auto store = store::open_sqlite(path, {}).value();
  if (store->snapshot()->size() != size) return Difference{"crash: size", "entries were lost or doubled"};
  if (auto problem = compare_accounts(model.world(), *store->snapshot()); !problem.empty())
    return Difference{"crash: accounts", problem};
  return compare_rebuilt(model.world(), *store, "crash");
}

}  // namespace dfb::sim
