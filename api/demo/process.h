// A second process: started with arguments, fed, read, ended. For the walkthrough and the end-to-end tests.
// Threads: one.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::demo {

class Process {
 public:
  // The first word is the program's path. stdout and stderr go to one file or pipe: `output_file`, or, when
  // it is empty, a pipe that finish() reads. Throws std::runtime_error when it cannot be started.
  explicit Process(const std::vector<std::string>& words, const std::string& output_file = "");
  ~Process();  // kills what still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void write(const std::string& text);  // to its standard input
  void close_input();
  // Reads until the output since the last call holds `text`; false when the time is over or the process ended
  // without.
  bool await(const std::string& text, std::chrono::milliseconds limit = std::chrono::seconds(30));
  // Waits and returns the exit status (128 + n for a signal), or -1 when the time is over and it was killed.
  int finish(std::chrono::milliseconds limit = std::chrono::minutes(2));
  void signal(int number);  // SIGTERM, SIGKILL, …
  bool running();
  const std::string& output() const { return output_; }  // complete after finish()
  pid_t pid() const { return pid_; }

 private:
  void drain(int wait_ms);
  pid_t pid_ = -1;
  int input_ = -1, pipe_ = -1, status_ = -1;
  std::string output_;
  std::size_t awaited_ = 0;
};

struct Ended {
  int status = 0;
  std::string output;
};
Ended run(const std::vector<std::string>& words, std::chrono::milliseconds limit = std::chrono::minutes(2));

// A pair of neighbouring ports that were free a moment ago on the loopback address.
std::uint16_t free_port_pair();

}  // namespace dfb::demo
