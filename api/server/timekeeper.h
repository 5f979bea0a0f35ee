// The server's own commands, as they fall due: signed with its key, sent through the writer as everybody's.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "api/programme/server_keys.h"
#include "ledger/check/checked_command.h"
#include "ledger/writer/writer.h"

namespace dfb::server {

class Timekeeper {
 public:
  struct Parts {
    std::string origin;
    store::Store& store;
    Writer& writer;
    const check::KeySource& keys;
    const programme::ServerKeys& server_keys;
    const Clock& clock;
    std::function<void(const std::string& line)> log;  // on the keeper's thread
  };
  // Looks every minute on a thread of its own, until destroyed; the parts outlive it.
  explicit Timekeeper(Parts parts);

  // One look: enters what is due, at most some hundreds, and says how many entries that made. On any thread.
  std::int64_t run_once();

 private:
  const Parts parts_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace dfb::server
