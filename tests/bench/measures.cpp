#include "tests/bench/measures.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>

#include "ledger/audit/key_directory.h"
#include "ledger/log/entry_text.h"
#include "tests/bench/processors.h"
#include "tests/support/log_folder.h"

namespace dfb::bench {
namespace {

using Time = std::chrono::steady_clock;

double since(Time::time_point start) { return std::chrono::duration<double>(Time::now() - start).count(); }

void on_all_processors(const std::function<void(unsigned)>& work) {
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < processors_used(); ++i) threads.emplace_back(work, i);
  work(0);
}

// Counts answers down; the first refusal is kept.
class Answers {
 public:
  explicit Answers(std::size_t count) : left_(count) {}
  Writer::Callback one() {
    return [this](Result<Answer> answer) {
      if (!answer || answer->refused) {
        const std::lock_guard lock(mutex_);
        if (what_.empty()) what_ = answer ? answer->entry : to_string(answer.error());
      }
      if (--left_ == 0) done_.set_value();
    };
  }
  void wait() {
    done_.get_future().wait();
    if (!what_.empty()) throw std::runtime_error("refused: " + what_);
  }

 private:
  std::atomic<std::size_t> left_;
  std::promise<void> done_;
  std::mutex mutex_;
  std::string what_;
};

}  // namespace

Bench::Bench(const BenchTown& town, store::Store& store) : clock_(town.now_us()), keys_(store) {
  Writer::Options options;
  options.origin = test::kTownOrigin;
  options.inbox_max = 1'000'000;
  options.fatal = [](const std::string& why) { throw std::runtime_error(why); };
  writer_ = Writer::start(store, town.log_key(), clock_, std::move(options)).value();
}

void Bench::run_in_order(const std::vector<SignedLine>& lines) {
  for (std::size_t next = 0; next < lines.size();) {
    // As long as every key is known already: what enrols one ends the batch.
    Answers answers(1);
    std::vector<check::CheckedCommand> batch;
    for (; next < lines.size(); ++next) {
      auto checked = check::check(lines[next].payload, lines[next].signatures, keys_, test::kTownOrigin);
      if (!checked && batch.empty())
        throw std::runtime_error(to_string(checked.error()) + lines[next].payload);
      if (!checked) break;
      batch.push_back(*std::move(checked));
    }
    write(std::move(batch));
  }
}

std::vector<check::CheckedCommand> Bench::check_all(const std::vector<SignedLine>& lines) {
  std::vector<std::optional<check::CheckedCommand>> checked(lines.size());
  std::atomic<std::size_t> next = 0;
  on_all_processors([&](unsigned) {
    for (std::size_t i = next++; i < lines.size(); i = next++)
      checked[i] = check::check(lines[i].payload, lines[i].signatures, keys_, test::kTownOrigin).value();
  });
  std::vector<check::CheckedCommand> all;
  for (auto& one : checked) all.push_back(*std::move(one));
  return all;
}

double Bench::redeem(const std::vector<SignedLine>& lines) {
  Answers answers(lines.size());
  std::atomic<std::size_t> next = 0;
  const auto start = Time::now();
  on_all_processors([&](unsigned) {
    for (std::size_t i = next++; i < lines.size(); i = next++)
      writer_->submit(check::check(lines[i].payload, lines[i].signatures, keys_, test::kTownOrigin).value(),
                      {}, answers.one());
  });
  answers.wait();
  return since(start);
}

double Bench::write(std::vector<check::CheckedCommand> commands) {
  std::promise<void> go;
  std::promise<void> held;
  Answers answers(commands.size());
  writer_->submit(
      [&, ready = go.get_future().share()](sql::Connection&) -> Result<void> {
        held.set_value();
        ready.wait();
        return fail(Code::busy);  // nothing to commit
      },
      [](Result<void>) {});
  held.get_future().wait();
  for (auto& command : commands) writer_->submit(std::move(command), {}, answers.one());
  const auto start = Time::now();
  go.set_value();
  answers.wait();
  return since(start);
}

double bare_checks(const BenchTown& town, double seconds) {
  constexpr std::size_t kMessages = 2000;
  const auto& people = town.residents();
  std::vector<PublicKey> keys;
  std::vector<std::string> messages, signatures;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const auto& key = people[i * people.size() / kMessages].key;
    messages.push_back(town.uniform()[i % town.uniform().size()].payload + std::to_string(i));
    signatures.push_back(key.sign(messages.back()));
    keys.push_back(key.public_key());
  }
  std::atomic<std::int64_t> count = 0;
  std::atomic<bool> wrong = false;
  const auto start = Time::now();
  on_all_processors([&](unsigned thread) {
    std::int64_t own = 0;
    for (std::size_t i = thread * kMessages / 2; since(start) < seconds; ++i, ++own)
      if (const auto k = i % kMessages; !keys[k].verify(messages[k], signatures[k])) wrong = true;
    count += own;
  });
  if (wrong) throw std::runtime_error("a right signature does not verify");
  return static_cast<double>(count) / since(start);
}

std::optional<double> openssl_checks() {
  const std::string command =
      "openssl speed -seconds 1 -multi " + std::to_string(processors_used()) + " ecdsap256 2>/dev/null";
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (!pipe) return std::nullopt;
  std::optional<double> verifications;
  char line[512];
  while (std::fgets(line, sizeof line, pipe)) {
    double sign_s = 0, verify_s = 0, signs = 0, verifies = 0;
    if (std::sscanf(line, " 256 bits ecdsa (nistp256) %lfs %lfs %lf %lf", &sign_s, &verify_s, &signs,
                    &verifies) == 4)
      verifications = verifies;
  }
  ::pclose(pipe);
  return verifications;
}

AuditedLog::AuditedLog(const BenchTown& town, const store::View& view) : town_(town) {
  const auto leaves = view.entries(0, view.size());
  for (const auto& leaf : leaves) {
    const auto entry = log::parse_entry_text(leaf).value();
    const auto payload = book::parse_payload(entry.payload).value();
    signatures_ += std::ssize(entry.signatures) + std::ssize(audit::keys_named(payload.body));
  }
  std::filesystem::remove_all(town.path("log"));
  test::write_log(town.path("log"), leaves, test::kTownOrigin, town.log_key());
}

Audited AuditedLog::audit() const {
  audit::Task task{
      .key = log::make_vkey(test::kTownOrigin, log::NoteKeyType::ed25519, town_.log_key().public_key())};
  task.threads = processors_used();
  const auto source = audit::folder_source(town_.path("log"));
  const auto start = Time::now();
  const auto report = audit::audit(*source, task);
  if (report.verdict != audit::Verdict::sound) throw std::runtime_error("the measured log is not sound");
  return {since(start), report.replayed, signatures_};
}

}  // namespace dfb::bench
