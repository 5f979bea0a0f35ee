// One connection's life: the handshake, requests and their answers one after the other, the goodbye.
// Threads: begin_session() from any; all else happens on the I/O threads.
#pragma once
#include <atomic>
#include <memory>

#include "api/http/connections.h"
#include "api/http/server.h"
#include "api/http/tls.h"
#include "api/http/worker_pool.h"

namespace boost::asio {
class io_context;
}

namespace dfb::http {

// A port with its files open.
struct Listener {
  Port port;
  std::unique_ptr<TlsIdentity> identity;     // null: plain
  std::unique_ptr<Revocations> revocations;  // null: no list
};

// What all sessions share.
struct Shared {
  Shared(Limits limits_in, Hooks hooks_in)
      : limits(limits_in),
        hooks(std::move(hooks_in)),
        pool(limits.worker_threads, limits.favoured_threads, limits.queued_max),
        connections(limits) {}

  const Limits limits;
  const Hooks hooks;
  const Log log = hooks.log ? hooks.log : Log([](const std::string&) {});
  WorkerPool pool;
  Connections connections;
  std::atomic<bool> draining{false};
};

// Takes over an accepted TCP socket, and serves it on `io` until it ends. REQUIRES: `listener` and `shared`
// outlive `io`.
void begin_session(boost::asio::io_context& io, int descriptor, bool is_v6, Listener& listener,
                   Shared& shared);

}  // namespace dfb::http
