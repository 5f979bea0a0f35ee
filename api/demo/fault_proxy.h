// A line that can be made bad on purpose: a TCP relay on loopback between a client and the server.
//
// TLS stays end to end; the relay only sees bytes and can stop passing the server's answers on.
// Threads: the public members from any thread; one thread of its own a connection.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace dfb::demo {

class FaultProxy {
 public:
  // Listens on a free port of 127.0.0.1. Throws std::runtime_error.
  explicit FaultProxy(std::uint16_t target_port);
  ~FaultProxy();
  std::uint16_t port() const;

  // From now on the server's bytes are swallowed; what the client sends still arrives.
  void lose_answers(bool lose);
  // From now on the client's bytes are swallowed: nothing arrives.
  void lose_requests(bool lose);
  // Whatever arrives, in either direction, is passed on so much later; 0: at once.
  void delay(std::chrono::milliseconds by);
  // Whatever arrives, in either direction, is passed on twice.
  void twice(bool twice);
  // New connections are cut at once, and those there are too.
  void cut(bool cut);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dfb::demo
