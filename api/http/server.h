// The HTTP server on Beast: TLS ports, plain ones on loopback alone, keep-alive, limits, drain. Knows nothing
// of the town.
//
// Connections are coroutines on a few I/O threads; each request's handler runs on a pool of worker threads,
// where it may block on the writer. A full pool answers 503 with Retry-After at once, as do connections over
// the limit. Certificates, keys and lists of revoked certificates are looked at again when their files
// change. Threads: the public members may be called from any thread.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/http/message.h"
#include "ledger/base/result.h"

namespace dfb::http {

struct Port {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;           // 0: any free one, see Server::port()
  std::string cert_file, key_file;  // PEM chain and key; both empty: plain HTTP, on loopback addresses alone
  std::string client_ca_file;       // not empty: mutual TLS, certificates of this CA demanded
  // Revoked client certificates: checked on every request, which then is 403 forbidden, also on a connection
  // or session that is older than the revocation. So is a certificate that expired meanwhile. Empty: no list.
  std::string crl_file;
  bool favoured = false;  // its requests go before other ports', and have threads to themselves
  bool hsts = false;      // promise browsers that this name speaks TLS only, for a year
  Handler handler;
};

struct Limits {
  std::size_t header_bytes_max = 16 * 1024;  // else 431
  std::size_t body_bytes_max = 256 * 1024;   // else 413
  int connections_max = 2000;                // on each port: a flood on one leaves the other open
  int connections_of_one_max = 500;          // from one address on one port; those beyond are closed unheard
  int header_timeout_s = 10;  // the TLS handshake; from a request's first byte to its whole header (then 408)
  int request_timeout_s =
      30;  // from the header to the whole body (then 408); for taking the answer. Handlers are not timed
  int idle_timeout_s = 60;  // from the handshake or an answer to the next request's first byte
  int io_threads = 2;
  int worker_threads = 64;
  int favoured_threads = 0;  // of these, how many are kept for favoured ports; at least one is for all
  int queued_max = 1000;     // requests waiting for a worker; as many again of favoured ports
};

// Both are called from several threads at once and must neither block nor throw. Either may be empty.
struct Hooks {
  std::function<void(const std::string& line)> log;
  // After each answer is made: what was asked (as far as it was understood), the status, the time from the
  // whole header.
  std::function<void(const Request& request, int status, std::int64_t micros)> answered;
};

class Server {
 public:
  // Binds all ports. bad_config (files; which and why), io_error (address in use: which port, and what to
  // do).
  static Result<std::unique_ptr<Server>> start(std::vector<Port> ports, Limits limits, Hooks hooks = {});
  virtual ~Server() = default;  // as stop()
  virtual std::uint16_t port(std::size_t index) const = 0;
  // What somebody should see to, though all is served: a list of revoked certificates that has run out. For
  // anybody to read: no paths.
  virtual std::vector<std::string> warnings() const = 0;
  // Stops accepting, closes idle connections, lets running requests finish for at most `grace_s`, closes. A
  // handler that still runs then is waited for, but its answer is lost. Idempotent. Not to be called from a
  // handler.
  virtual void stop(int grace_s = 10) = 0;
};

}  // namespace dfb::http
