// Real programs as second processes, and the ports that they listen on.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::demo {

using std::chrono::milliseconds;

struct Finished {
  int status = -1;  // the exit status, or 128 + the signal that ended it
  std::string out, err;
};

struct ProcessOptions {
  std::vector<std::string> environment;  // "NAME=value", added to this process's own
  std::string folder;                    // to run in, when not empty
};

// Started by the constructor, killed and reaped by the destructor. What it writes is gathered all the time,
// so it never blocks on a full pipe. Threads: one.
class Process {
 public:
  // arguments[0] is the program, a path or a name that PATH finds. A program that cannot be started ends with
  // 127.
  explicit Process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});
  ~Process();
  Process(Process&&) noexcept;
  Process& operator=(Process&&) = delete;

  pid_t pid() const;
  // False when the program no longer reads.
  bool write(std::string_view input);
  void close_input();
  void signal(int number);
  // Nothing when it still runs after `limit`.
  std::optional<Finished> wait(milliseconds limit = milliseconds(60'000));
  // kill -9 and wait.
  Finished kill();
  std::string out() const;  // so far
  std::string err() const;
  // True once stdout or stderr contains `text`, behind what the last call that was true found there; false
  // after `limit`, or when the program has ended without it.
  bool wait_for(std::string_view text, milliseconds limit = milliseconds(30'000));

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Runs to the end. After `limit` it is killed, and the status says so (137).
Finished run(const std::vector<std::string>& arguments, std::string_view input = {},
             const ProcessOptions& options = {}, milliseconds limit = milliseconds(60'000));

// From now on SIGTERM, SIGHUP and SIGINT, each unless it was ignored, end every running Process by SIGTERM, then this
// program with 128 + the signal. Call once, before any thread is started.
void end_processes_on_signals();

// The first of `count` neighbouring loopback ports that nobody listens on, below the range from which the
// kernel takes ports for outgoing connections.
std::uint16_t free_port(int count = 1);

}  // namespace dfb::demo
