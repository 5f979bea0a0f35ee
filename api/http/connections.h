// Who is connected: counted by port and by address, and waited for at the end.
// Threads: any.
#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/http/server.h"

namespace dfb::http {

// What the register knows of a connection.
class Connected {
 public:
  virtual ~Connected() = default;
  virtual void end_if_idle() = 0;  // both from any thread
  virtual void end() = 0;

  const Port* port = nullptr;
  std::string remote;
  bool over_limit = false;  // set by enter(): it gets its 503 and no more
};

class Connections {
 public:
  explicit Connections(const Limits& limits) : limits_(limits) {}
  // False: far too many already; to be closed unheard.
  bool enter(const std::shared_ptr<Connected>& connection);
  void leave(const Connected* connection);
  std::vector<std::shared_ptr<Connected>> alive();
  void await_none(std::chrono::milliseconds at_most);

 private:
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const Connected*, std::weak_ptr<Connected>> all_;
};

}  // namespace dfb::http
