#include "api/demo/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

#include "ledger/base/random.h"

extern char** environ;

namespace dfb::demo {
namespace {

void checked(int error, const std::string& what) {
  if (error != 0) throw std::runtime_error(what + ": " + std::strerror(error));
}

}  // namespace

Process::Process(const std::vector<std::string>& words, const std::string& output_file) {
  int in[2], out[2] = {-1, -1};
  if (pipe2(in, O_CLOEXEC) != 0) checked(errno, "pipe");
  if (output_file.empty() && pipe2(out, O_CLOEXEC) != 0) checked(errno, "pipe");
  const int sink = output_file.empty()
                       ? out[1]
                       : open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (sink < 0) checked(errno, output_file);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, sink, 1);
  posix_spawn_file_actions_adddup2(&actions, sink, 2);
  posix_spawnattr_t attributes;  // the child begins with no blocked signals and the default SIGPIPE
  posix_spawnattr_init(&attributes);
  sigset_t none, pipe_signal;
  sigemptyset(&none), sigemptyset(&pipe_signal), sigaddset(&pipe_signal, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const int error = posix_spawn(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(in[0]), close(sink);
  input_ = in[1], pipe_ = out[0];
  if (error != 0) pid_ = -1;
  checked(error, words.front());
}

Process::~Process() {
  if (running()) {
    signal(SIGKILL);
    finish(std::chrono::seconds(5));
  }
  close_input();
  if (pipe_ >= 0) close(pipe_);
}

void Process::write(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(input_, text.data() + done, text.size() - done);
    if (n < 0) checked(errno, "write to the process");
    done += static_cast<std::size_t>(n);
  }
}

void Process::close_input() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

void Process::drain(int wait_ms) {
  if (pipe_ < 0) {
    usleep(static_cast<useconds_t>(wait_ms) * 1000);
    return;
  }
  pollfd descriptor{pipe_, POLLIN, 0};
  while (poll(&descriptor, 1, wait_ms) > 0) {
    char buffer[4096];
    const ssize_t n = read(pipe_, buffer, sizeof buffer);
    if (n <= 0) {
      close(pipe_);
      pipe_ = -1;
      return;
    }
    output_.append(buffer, static_cast<std::size_t>(n));
    wait_ms = 0;
  }
}

bool Process::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
  return false;
}

bool Process::await(const std::string& text, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const bool alive = running();
    drain(10);
    if (const auto at = output_.find(text, awaited_); at != std::string::npos) {
      awaited_ = at + text.size();
      return true;
    }
    if (!alive || std::chrono::steady_clock::now() >= end) return false;
  }
}

int Process::finish(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (running()) {
    if (std::chrono::steady_clock::now() >= end) {
      signal(SIGKILL);
      while (running()) drain(5);
      status_ = -1;
      break;
    }
    drain(10);
  }
  drain(0);
  return status_;
}

void Process::signal(int number) {
  if (pid_ > 0) kill(pid_, number);
}

Ended run(const std::vector<std::string>& words, std::chrono::milliseconds limit) {
  Process process(words);
  process.close_input();
  const int status = process.finish(limit);
  return {status, process.output()};
}

std::uint16_t free_port_pair() {
  const auto free_port = [](std::uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return bound;
  };
  SystemRandom random;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(20000 + random.u64() % 12000);  // below the ephemeral range
    if (free_port(port) && free_port(static_cast<std::uint16_t>(port + 1))) return port;
  }
}

}  // namespace dfb::demo
