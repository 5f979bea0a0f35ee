#include "api/demo/fault_proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

namespace dfb::demo {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool send_all(int fd, const char* data, ssize_t size) {
  while (size > 0) {
    const ssize_t n = send(fd, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n <= 0) return false;
    data += n, size -= n;
  }
  return true;
}

}  // namespace

struct FaultProxy::State {
  int listener = -1;
  std::uint16_t port = 0, target = 0;
  std::atomic<bool> lose = false, deaf = false, doubled = false, cut = false, stop = false;
  std::atomic<std::int64_t> delay_ms = 0;
  std::atomic<int> alive = 0;

  bool pass_on(int to, const char* data, ssize_t size);
  void relay(int client);
  void pump(int client, int server);
};

bool FaultProxy::State::pass_on(int to, const char* data, ssize_t size) {
  if (delay_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
  return !cut && send_all(to, data, size) && (!doubled || send_all(to, data, size));
}

// One direction at a time with poll: the answers' direction is where bytes get lost.
void FaultProxy::State::pump(int client, int server) {
  char buffer[16384];
  while (!stop && !cut) {
    pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(ends, 2, 100) <= 0) continue;
    if (ends[0].revents != 0) {
      const ssize_t n = recv(client, buffer, sizeof buffer, 0);
      if (n <= 0 || (!deaf && !pass_on(server, buffer, n))) return;
    }
    if (ends[1].revents != 0) {
      const ssize_t n = recv(server, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      if (!lose && !pass_on(client, buffer, n)) return;
    }
  }
}

void FaultProxy::State::relay(int client) {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(target);
  if (!cut && connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    pump(client, server);
  close(server);
  close(client);
  --alive;
}

FaultProxy::FaultProxy(std::uint16_t target_port) : state_(std::make_shared<State>()) {
  state_->target = target_port;
  state_->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(state_->listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(state_->listener, 64) != 0 ||
      getsockname(state_->listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the relay cannot listen on loopback");
  state_->port = ntohs(address.sin_port);
  ++state_->alive;
  std::thread([state = state_] {
    while (!state->stop) {
      pollfd end{state->listener, POLLIN, 0};
      if (poll(&end, 1, 100) <= 0) continue;
      const int client = accept4(state->listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      ++state->alive;
      std::thread([state, client] { state->relay(client); }).detach();
    }
    close(state->listener);
    --state->alive;
  }).detach();
}

FaultProxy::~FaultProxy() {
  state_->stop = true;
  while (state_->alive > 0) usleep(1000);
}

std::uint16_t FaultProxy::port() const { return state_->port; }
void FaultProxy::lose_answers(bool lose) { state_->lose = lose; }
void FaultProxy::lose_requests(bool lose) { state_->deaf = lose; }
void FaultProxy::delay(std::chrono::milliseconds by) { state_->delay_ms = by.count(); }
void FaultProxy::twice(bool twice) { state_->doubled = twice; }
void FaultProxy::cut(bool cut) { state_->cut = cut; }

}  // namespace dfb::demo
