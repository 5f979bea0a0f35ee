// A town's ledger with its writer, over any store.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <future>

#include "ledger/log/note.h"
#include "ledger/writer/key_cache.h"
#include "ledger/writer/writer.h"
#include "tests/support/town.h"

namespace dfb::test {

inline std::string vkey_of(const PrivateKey& log_key) {
  return log::format_vkey(log::make_vkey(kTownOrigin, log::NoteKeyType::ed25519, log_key.public_key()));
}

class RunningTown {
 public:
  explicit RunningTown(store::Store& store_in,
                       PrivateKey log_key_in = PrivateKey::generate(Algorithm::ed25519))
      : store(store_in), log_key(std::move(log_key_in)), town(kTownOrigin, vkey_of(log_key)) {}

  // Starts the writer; what start() refuses is the answer.
  Result<void> start() {
    Writer::Options options = limits;
    options.origin = kTownOrigin;
    options.fatal = [this](const std::string& why) {
      ++fatal_count;
      fatal_why = why;
    };
    std::vector<PrivateKey> held{log_key};
    if (next_log_key) held.push_back(*next_log_key);
    if (former_key_gone) held.erase(held.begin());
    DFB_TRY(writer, Writer::start(store, log::Signer(kTownOrigin, std::move(held)), clock, options));
    return ok();
  }
  void found() {
    for (const auto& line : town.founding()) {
      auto answer = run(line);
      ASSERT_TRUE(answer) << to_string(answer.error()) << "\n" << line.payload;
      ASSERT_FALSE(answer->refused) << line.payload;
    }
  }
  void start_and_found() {
    auto started = start();
    ASSERT_TRUE(started) << to_string(started.error());
    found();
  }

  check::CheckedCommand check(const SignedLine& line) const {
    return check::check(line.payload, line.signatures, keys, kTownOrigin).value();
  }
  Result<Answer> run(const SignedLine& line, Step step = {}) {
    return writer->run(check(line), std::move(step));
  }
  // Does not wait; the future breaks when nobody ever answers.
  std::future<Result<Answer>> submit(const SignedLine& line, Step step = {}) {
    auto promise = std::make_shared<std::promise<Result<Answer>>>();
    auto future = promise->get_future();
    writer->submit(check(line), std::move(step), [promise = std::move(promise)](Result<Answer> answer) {
      promise->set_value(std::move(answer));
    });
    return future;
  }
  std::int64_t balance(book::AccountId id) const {
    return store.snapshot()->get<book::Account>({id}).value().balance.value;
  }

  store::Store& store;
  const PrivateKey log_key;
  std::optional<PrivateKey> next_log_key;  // beside it, from the next start() on
  bool former_key_gone = false;            // from the next start() on `next_log_key` alone
  Town town;
  ManualClock clock{kTownStartUs};
  KeyCache keys{store};
  Writer::Options limits;  // of the next start()
  std::atomic<int> fatal_count{0};
  std::string fatal_why;  // read after fatal_count, or after stop()
  std::unique_ptr<Writer> writer;
};

// Holds the writer's thread in programme work, so that what is submitted meanwhile waits in the inbox
// together. A writer that has died holds nothing.
class Hold {
 public:
  explicit Hold(Writer& writer) {
    auto entered = std::make_shared<std::promise<void>>();
    auto inside = entered->get_future();
    writer.submit(
        [entered = std::move(entered), go = go_.get_future().share()](sql::Connection&) -> Result<void> {
          entered->set_value();
          go.wait();
          return ok();
        },
        [](Result<void>) {});
    inside.wait();
  }
  void release() { go_.set_value(); }

 private:
  std::promise<void> go_;
};

}  // namespace dfb::test
