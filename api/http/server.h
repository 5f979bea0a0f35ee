// The HTTP server on Beast: TLS ports, keep-alive, limits, drain. Knows nothing of the town.
//
// Connections are coroutines on a few I/O threads; each request's handler runs on a pool of worker threads, where it may
// block on the writer. A full pool answers 503 with Retry-After at once.
// Threads: the public members may be called from any thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/http/message.h"
#include "ledger/base/result.h"

namespace dfb::http {

struct Port {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;           // 0: any free one, see Server::port()
  std::string cert_file, key_file;  // PEM chain and key
  std::string client_ca_file;       // not empty: mutual TLS, certificates of this CA demanded
  std::string crl_file;             // revoked client certificates; read again when it changes, checked on every request
  Handler handler;
};

struct Limits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 256 * 1024;
  int connections_max = 2000;
  int header_timeout_s = 10;   // from connect or the last answer to a whole request; also the TLS handshake
  int request_timeout_s = 30;
  int idle_timeout_s = 60;
  int io_threads = 2;
  int worker_threads = 64;
  int queued_max = 1000;       // requests waiting for a worker
};

class Server {
 public:
  // Binds all ports. bad_config (files; which and why), io_error (address in use: which port, and what to do).
  static Result<std::unique_ptr<Server>> start(std::vector<Port> ports, Limits limits);
  virtual ~Server() = default;  // as stop()
  virtual std::uint16_t port(std::size_t index) const = 0;
  // Stops accepting, lets running requests finish for at most `grace_s`, closes. Idempotent.
  virtual void stop(int grace_s = 10) = 0;
};

}  // namespace dfb::http
