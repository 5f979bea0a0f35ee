#include "api/demo/process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "ledger/base/check.h"
#include "ledger/base/random.h"

extern char** environ;

namespace dfb::demo {
namespace {

using Clock = std::chrono::steady_clock;
constexpr milliseconds kStep(5);

// What runs now, for end_processes_on_signals(). Never destroyed: its thread outlives main().
struct Running {
  std::mutex mutex;  // held while one is started or reaped, so that no other process is hit by its id
  std::set<pid_t> pids;
};
Running& running() {
  static auto* all = new Running;
  return *all;
}

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    int ends[2];
    DFB_CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    read_end = ends[0];
    write_end = ends[1];
  }
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// This process's environment, the names in `more` replaced.
std::vector<char*> environment_with(const std::vector<std::string>& more) {
  std::vector<char*> result = pointers(more);
  result.pop_back();
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view own(*each);
    const std::string_view assigned = own.substr(0, own.find('=') + 1);
    if (std::none_of(more.begin(), more.end(),
                     [&](const std::string& one) { return one.starts_with(assigned); }))
      result.push_back(*each);
  }
  result.push_back(nullptr);
  return result;
}

// 0 when the program could not be started.
pid_t spawn(const std::vector<std::string>& arguments, const ProcessOptions& options, int in, int out,
            int err) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t defaults, none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);  // ignored here, but the program's own business there
  DFB_CHECK(::posix_spawn_file_actions_init(&actions) == 0 && ::posix_spawnattr_init(&attributes) == 0);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  if (!options.folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> environment = environment_with(options.environment);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, arguments.at(0).c_str(), &actions, &attributes,
                                    pointers(arguments).data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return failed == 0 ? pid : 0;
}

bool can_bind(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

}  // namespace

struct Process::State {
  pid_t pid = 0;
  int input = -1;
  std::optional<int> status;  // of waitpid, once reaped
  std::thread gatherer;
  std::atomic<bool> ended = false;
  mutable std::mutex mutex;
  std::condition_variable more;  // something was gathered
  std::string out, err;
  std::size_t out_found = 0, err_found = 0;  // where wait_for() goes on

  bool find(std::string_view text);
  void gather(int out_end, int err_end);
  bool reap();
};

// Until both ends are closed; or, once the program has ended, until nothing more is there: a child of its own
// may hold them open.
void Process::State::gather(int out_end, int err_end) {
  pollfd ends[2] = {{out_end, POLLIN, 0}, {err_end, POLLIN, 0}};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    const bool last = ended;
    const int ready = ::poll(ends, 2, 20);
    if (ready == 0 && last) break;
    for (pollfd& end : ends) {
      if (end.fd < 0 || end.revents == 0) continue;
      char buffer[16 * 1024];
      const ssize_t got = ::read(end.fd, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        end.fd = -1;
        continue;
      }
      const std::lock_guard lock(mutex);
      (&end == &ends[0] ? out : err).append(buffer, static_cast<std::size_t>(got));
      more.notify_all();
    }
  }
  ::close(out_end);
  ::close(err_end);
}

bool Process::State::find(std::string_view text) {
  const std::lock_guard lock(mutex);
  const auto in = [&text](const std::string& gathered, std::size_t& found) {
    const std::size_t at = gathered.find(text, found);
    if (at == std::string::npos) return false;
    found = at + text.size();
    return true;
  };
  return in(out, out_found) || in(err, err_found);
}

bool Process::State::reap() {
  if (status.has_value()) return true;
  int raw = 0;
  const std::lock_guard lock(running().mutex);
  if (::waitpid(pid, &raw, WNOHANG) != pid) return false;
  running().pids.erase(pid);
  status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  ended = true;
  return true;
}

Process::Process(const std::vector<std::string>& arguments, const ProcessOptions& options)
    : state_(std::make_unique<State>()) {
  std::signal(SIGPIPE, SIG_IGN);
  const Pipe in, out, err;
  {
    const std::lock_guard lock(running().mutex);
    state_->pid = spawn(arguments, options, in.read_end, out.write_end, err.write_end);
    if (state_->pid != 0) running().pids.insert(state_->pid);
  }
  for (const int theirs : {in.read_end, out.write_end, err.write_end}) ::close(theirs);
  ::fcntl(in.write_end, F_SETFL, O_NONBLOCK);
  state_->input = in.write_end;
  if (state_->pid == 0) {
    state_->status = 127;
    state_->ended = true;
  }
  state_->gatherer = std::thread(
      [state = state_.get(), out = out.read_end, err = err.read_end] { state->gather(out, err); });
}

Process::Process(Process&&) noexcept = default;

Process::~Process() {
  if (!state_) return;
  if (!state_->status.has_value()) kill();
  close_input();
  if (state_->gatherer.joinable()) state_->gatherer.join();
}

pid_t Process::pid() const { return state_->pid; }

bool Process::write(std::string_view input) {
  while (!input.empty() && state_->input >= 0) {
    pollfd end{state_->input, POLLOUT, 0};
    ::poll(&end, 1, 20);
    const ssize_t put = ::write(state_->input, input.data(), input.size());
    if (put > 0) input.remove_prefix(static_cast<std::size_t>(put));
    if (put < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (put < 0 && state_->reap()) return false;
  }
  return input.empty();
}

void Process::close_input() {
  if (state_->input >= 0) ::close(state_->input);
  state_->input = -1;
}

void Process::signal(int number) {
  if (!state_->reap()) ::kill(state_->pid, number);
}

std::optional<Finished> Process::wait(milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (!state_->reap()) {
    if (Clock::now() >= until) return std::nullopt;
    std::this_thread::sleep_for(kStep);
  }
  if (state_->gatherer.joinable()) state_->gatherer.join();
  return Finished{*state_->status, out(), err()};
}

Finished Process::kill() {
  signal(SIGKILL);
  while (true)
    if (std::optional<Finished> finished = wait()) return *finished;
}

std::string Process::out() const {
  const std::lock_guard lock(state_->mutex);
  return state_->out;
}

std::string Process::err() const {
  const std::lock_guard lock(state_->mutex);
  return state_->err;
}

bool Process::wait_for(std::string_view text, milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (true) {
    const bool over = Clock::now() >= until || wait(milliseconds(0)).has_value();
    if (state_->find(text)) return true;
    if (over) return false;
    std::unique_lock lock(state_->mutex);
    state_->more.wait_for(lock, kStep);
  }
}

Finished run(const std::vector<std::string>& arguments, std::string_view input, const ProcessOptions& options,
             milliseconds limit) {
  Process process(arguments, options);
  process.write(input);
  process.close_input();
  if (std::optional<Finished> finished = process.wait(limit)) return *finished;
  return process.kill();
}

void end_processes_on_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGTERM, SIGHUP, SIGINT}) {
    struct sigaction now {};
    ::sigaction(each, nullptr, &now);
    if (now.sa_handler != SIG_IGN) sigaddset(&signals, each);  // nohup, or a shell's background: it goes on
  }
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // every thread that follows inherits it; programs do not
  std::thread([signals] {
    int number = 0;
    while (::sigwait(&signals, &number) != 0) continue;
    const std::lock_guard lock(running().mutex);  // for good: nothing is started any more
    for (const pid_t pid : running().pids) ::kill(pid, SIGTERM);
    ::_exit(128 + number);
  }).detach();
}

std::uint16_t free_port(int count) {
  constexpr std::uint16_t kFirst = 20'000, kPorts = 12'000;
  SystemRandom random;
  while (true) {
    const auto first = static_cast<std::uint16_t>(kFirst + random.u64() % kPorts);
    int free = 0;
    while (free < count && can_bind(static_cast<std::uint16_t>(first + free))) ++free;
    if (free == count) return first;
  }
}

}  // namespace dfb::demo
