#include "api/http/server.h"

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "api/http/problem.h"
#include "api/http/request_reader.h"
#include "api/http/response_text.h"
#include "api/http/server_errors.h"
#include "api/http/tls.h"
#include "api/http/worker_pool.h"

namespace dfb::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using Acceptor = std::shared_ptr<tcp::acceptor>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kCloseTimeoutS = 2;
// Connections over the limit that still get their 503; those beyond are closed unheard.
constexpr int kSpareConnections = 64;
// What is read and thrown away after a refusal, so that the answer is not lost in a reset.
constexpr std::size_t kDiscardBytesMax = 4 * 1024 * 1024;

struct Listener {
  Port port;
  std::unique_ptr<TlsIdentity> identity;
  std::unique_ptr<Revocations> revocations;  // null: no list
  Acceptor acceptor;
  std::uint16_t number = 0;
};

class ServerOnAsio;

// One connection. All but the registry's use of it happens on its strand.
struct Connection : std::enable_shared_from_this<Connection> {
  Connection(ServerOnAsio& server_, Listener& listener_, tcp::socket socket, SSL* ssl)
      : server(server_), listener(listener_), stream(std::move(socket), ssl), timer(stream.get_executor()) {}
  ~Connection();

  // From now on reads and writes are given up after this time, with `expired` set.
  void set_deadline(int seconds) {
    expired = false;
    timer.expires_after(std::chrono::seconds(seconds));
    timer.async_wait([self = weak_from_this()](error_code error) {
      const auto connection = self.lock();
      if (error || !connection || connection->timer.expiry() > steady_clock::now()) return;
      connection->expired = true;
      connection->stream.next_layer().cancel(error);
    });
  }
  void clear_deadline() { timer.cancel(); }

  ServerOnAsio& server;
  Listener& listener;
  asio::ssl::stream<tcp::socket> stream;
  asio::steady_timer timer;
  bool expired = false;
  bool idle = false;  // between requests
  bool over_limit = false;
  std::string remote;
  std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, &X509_free};
  std::string certificate_der;
  std::string arrived;  // read, not yet parsed
  std::array<char, 8192> chunk;
};

class ServerOnAsio final : public Server {
 public:
  ServerOnAsio(Limits limits, Hooks hooks)
      : limits_(limits),
        hooks_(std::move(hooks)),
        pool_(limits.worker_threads, limits.favoured_threads, limits.queued_max) {}
  ~ServerOnAsio() override;

  Result<void> open(std::vector<Port> ports);
  std::uint16_t port(std::size_t index) const override { return listeners_.at(index)->number; }
  std::vector<std::string> warnings() const override;
  void stop(int grace_s) override;

 private:
  friend struct Connection;
  Result<void> bind(Listener& listener);
  asio::awaitable<void> accept(Listener& listener, Acceptor acceptor);
  void begin(Listener& listener, tcp::socket socket);
  bool enter(Connection& connection);  // false: far too many
  asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> exchange(Connection& c);
  asio::awaitable<bool> read(Connection& c);
  asio::awaitable<Result<RequestReader::Progress>> read_on(Connection& c, RequestReader& reader);
  asio::awaitable<bool> write(Connection& c, std::string text);
  asio::awaitable<void> refuse(Connection& c, Request request, bool head, Response response);
  asio::awaitable<Response> run(const Port& port, const Request& request);
  asio::awaitable<void> close(Connection& c);
  std::vector<std::shared_ptr<Connection>> alive();
  auto logged(std::string what) const {
    return [this, what = std::move(what)](std::exception_ptr failed) {
      if (failed) log_("HTTP: " + what + " ended by an exception");
    };
  }
  void report(const Request& request, int status, steady_clock::time_point since) const {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - since);
    if (hooks_.answered) hooks_.answered(request, status, took.count());
  }

  const Limits limits_;
  const Hooks hooks_;
  const Log log_ = hooks_.log ? hooks_.log : Log([](const std::string&) {});
  WorkerPool pool_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::atomic<bool> draining_{false};
  std::mutex stop_mutex_;
  std::mutex connections_mutex_;
  std::condition_variable connections_changed_;
  std::set<Connection*> connections_;
  std::vector<std::thread> io_threads_;
  std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>();
};

Connection::~Connection() {
  const std::lock_guard lock(server.connections_mutex_);
  server.connections_.erase(this);
  server.connections_changed_.notify_all();
}

Result<void> ServerOnAsio::bind(Listener& listener) {
  const Port& port = listener.port;
  error_code error;
  const auto address = asio::ip::make_address(port.address, error);
  if (error) return fail(Code::bad_config, "the address " + port.address + " is no IP address");
  listener.acceptor = std::make_shared<tcp::acceptor>(asio::make_strand(*io_));
  tcp::acceptor& acceptor = *listener.acceptor;
  const tcp::endpoint endpoint(address, port.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) listener.number = acceptor.local_endpoint(error).port();
  if (!error) return ok();
  return bind_error(port, error);
}

Result<void> ServerOnAsio::open(std::vector<Port> ports) {
  for (Port& port : ports) {
    auto listener = std::make_unique<Listener>();
    TlsFiles files{port.cert_file, port.key_file, port.client_ca_file,
                   "port " + std::to_string(listeners_.size())};
    DFB_TRY(listener->identity, TlsIdentity::open(std::move(files), log_));
    if (!port.crl_file.empty()) {
      DFB_TRY(listener->revocations, Revocations::open(port.crl_file, port.client_ca_file, log_));
    }
    listener->port = std::move(port);
    DFB_TRY_VOID(bind(*listener));
    listeners_.push_back(std::move(listener));
  }
  for (const auto& listener : listeners_) {
    asio::co_spawn(listener->acceptor->get_executor(), accept(*listener, listener->acceptor),
                   logged("a port"));
  }
  for (int i = 0; i < limits_.io_threads; ++i) {
    io_threads_.emplace_back([this, guard = asio::make_work_guard(*io_)] { io_->run(); });
  }
  return ok();
}

asio::awaitable<void> ServerOnAsio::accept(Listener& listener, Acceptor acceptor) {
  asio::steady_timer pause(acceptor->get_executor());
  for (;;) {
    tcp::socket socket(asio::make_strand(*io_));
    const auto [error] = co_await acceptor->async_accept(socket, kAwait);
    if (draining_ || !acceptor->is_open()) co_return;
    if (error) {  // out of descriptors, or the peer left already
      if (error == asio::error::connection_aborted) continue;
      log_("HTTP: accepting on port " + std::to_string(listener.number) + ": " + error.message());
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(kAwait);
      continue;
    }
    begin(listener, std::move(socket));
  }
}

void ServerOnAsio::begin(Listener& listener, tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  SSL* ssl = SSL_new(listener.identity->current().get());
  if (!ssl) return;
  auto connection = std::make_shared<Connection>(*this, listener, std::move(socket), ssl);
  connection->remote = connection->stream.next_layer().remote_endpoint(ignored).address().to_string();
  if (!enter(*connection)) return;
  const auto executor = connection->stream.get_executor();
  asio::co_spawn(executor, serve(std::move(connection)), logged("a connection"));
}

bool ServerOnAsio::enter(Connection& connection) {
  const std::lock_guard lock(connections_mutex_);
  int on_port = 0, of_one = 0;
  for (const Connection* other : connections_) {
    if (&other->listener != &connection.listener) continue;
    ++on_port;
    of_one += other->remote == connection.remote;
  }
  connection.over_limit = on_port >= limits_.connections_max;
  if (of_one >= limits_.connections_of_one_max) return false;
  return on_port < limits_.connections_max + kSpareConnections && connections_.insert(&connection).second;
}

asio::awaitable<void> ServerOnAsio::serve(std::shared_ptr<Connection> connection) {
  Connection& c = *connection;
  c.set_deadline(limits_.header_timeout_s);
  const auto [error] = co_await c.stream.async_handshake(asio::ssl::stream_base::server, kAwait);
  if (error) co_return;
  if (!c.listener.port.client_ca_file.empty()) {
    c.certificate.reset(SSL_get1_peer_certificate(c.stream.native_handle()));
    if (!c.certificate) co_return;
    c.certificate_der = der_of(c.certificate.get());
  }
  bool open = true;
  while (open) open = co_await exchange(c);
  co_await close(c);
}

// One request and its answer. False: the connection is to be closed.
asio::awaitable<bool> ServerOnAsio::exchange(Connection& c) {
  if (c.arrived.empty()) {
    c.set_deadline(limits_.idle_timeout_s);
    c.idle = true;
    const bool came = !draining_ && co_await read(c);
    c.idle = false;
    if (!came) co_return false;
  }
  RequestReader reader(limits_.header_bytes_max, limits_.body_bytes_max);
  c.set_deadline(limits_.header_timeout_s);
  auto progress = co_await read_on(c, reader);
  const auto since = steady_clock::now();
  if (progress) {
    std::optional<Error> refused = client_refusal(c.certificate.get(), c.listener.revocations.get());
    if (c.over_limit) refused = fail(Code::busy, "the server has too many connections");
    if (refused) {
      co_await refuse(c, reader.header(), reader.header().method == "HEAD", problem(*refused));
      co_return false;
    }
    c.set_deadline(limits_.request_timeout_s);
    if (reader.expects_continue() && c.arrived.empty()) co_await write(c, "HTTP/1.1 100 Continue\r\n\r\n");
    while (progress && *progress != RequestReader::Progress::done) progress = co_await read_on(c, reader);
  }
  if (!progress) {
    const Error& error = progress.error();
    if (error.code == Code::unreachable) co_return false;
    const int status = status_of_unread(error, reader);
    co_await refuse(c, reader.header(), reader.header().method == "HEAD", problem(error, status));
    co_return false;
  }
  const bool wants_more = reader.keep_alive();
  Request request = reader.take();
  request.client_certificate = c.certificate_der;
  request.remote = c.remote;
  c.clear_deadline();
  const Response response = co_await run(c.listener.port, request);
  report(request, response.status, since);
  const bool keep = wants_more && !draining_;
  c.set_deadline(limits_.request_timeout_s);
  const bool written =
      co_await write(c, response_text(response, {keep, request.method == "HEAD", c.listener.port.hsts}));
  co_return written&& keep;
}

asio::awaitable<bool> ServerOnAsio::read(Connection& c) {
  if (c.expired) co_return false;
  const auto [error, count] = co_await c.stream.async_read_some(asio::buffer(c.chunk), kAwait);
  if (error) co_return false;
  c.arrived.append(c.chunk.data(), count);
  co_return true;
}

// Until the reader has something to say. unreachable: the peer is gone; timed_out: too slow.
asio::awaitable<Result<RequestReader::Progress>> ServerOnAsio::read_on(Connection& c, RequestReader& reader) {
  for (;;) {
    auto progress = reader.feed(c.arrived);
    if (!progress || *progress != RequestReader::Progress::more) co_return progress;
    const bool came = co_await read(c);
    if (came) continue;
    if (c.expired) co_return fail(Code::timed_out, "the request did not arrive in time");
    co_return fail(Code::unreachable);
  }
}

asio::awaitable<bool> ServerOnAsio::write(Connection& c, std::string text) {
  const auto [error, count] = co_await asio::async_write(c.stream, asio::buffer(text), kAwait);
  co_return !error;
}

// Answers a request that is not read to its end; the connection cannot go on after it.
asio::awaitable<void> ServerOnAsio::refuse(Connection& c, Request request, bool head, Response response) {
  request.client_certificate = c.certificate_der;
  request.remote = c.remote;
  report(request, response.status, steady_clock::now());
  c.set_deadline(limits_.header_timeout_s);
  co_await write(c, response_text(response, {false, head, c.listener.port.hsts}));
}

// Runs the handler on the pool and comes back to the connection's strand with its answer.
asio::awaitable<Response> ServerOnAsio::run(const Port& port, const Request& request) {
  const auto executor = co_await asio::this_coro::executor;
  auto initiation = [this, executor, &port, &request](auto completion) {
    const auto shared = std::make_shared<decltype(completion)>(std::move(completion));
    const auto finish = [executor, shared](Response response) {
      asio::post(executor,
                 [shared, response = std::move(response)]() mutable { (*shared)(std::move(response)); });
    };
    const bool taken = pool_.submit(
        [this, finish, &port, &request] { finish(contained(port.handler, request, log_)); }, port.favoured);
    if (!taken) finish(problem(fail(Code::busy, "the server has too much to do")));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Response)>(
      std::move(initiation), asio::use_awaitable);
}

// Says goodbye, then reads and throws away what the peer still sends: closing on unread bytes would reset the
// connection, and a reset can overtake the answer.
asio::awaitable<void> ServerOnAsio::close(Connection& c) {
  c.set_deadline(draining_ ? 1 : kCloseTimeoutS);
  auto [error] = co_await c.stream.async_shutdown(kAwait);
  tcp::socket& socket = c.stream.next_layer();
  const bool sends_on =
      error.category() == asio::error::get_ssl_category();  // data came instead of its goodbye
  for (std::size_t discarded = 0; sends_on && discarded < kDiscardBytesMax;) {
    const auto [read_error, count] = co_await socket.async_read_some(asio::buffer(c.chunk), kAwait);
    if (read_error) break;
    discarded += count;
  }
  c.clear_deadline();
  socket.close(error);
}

std::vector<std::string> ServerOnAsio::warnings() const {
  std::vector<std::string> out;
  for (const auto& listener : listeners_)
    if (listener->revocations && listener->revocations->has_run_out())
      out.emplace_back("the list of revoked certificates has run out; write it anew");
  return out;
}

std::vector<std::shared_ptr<Connection>> ServerOnAsio::alive() {
  const std::lock_guard lock(connections_mutex_);
  std::vector<std::shared_ptr<Connection>> out;
  for (Connection* connection : connections_) {
    if (auto shared = connection->weak_from_this().lock()) out.push_back(std::move(shared));
  }
  return out;
}

void ServerOnAsio::stop(int grace_s) {
  const std::lock_guard stop_lock(stop_mutex_);
  if (draining_.exchange(true)) return;
  for (const auto& listener : listeners_) {
    asio::post(listener->acceptor->get_executor(), [acceptor = listener->acceptor] {
      error_code ignored;
      acceptor->close(ignored);
    });
  }
  for (const auto& connection : alive()) {
    asio::post(connection->stream.get_executor(), [connection] {
      error_code ignored;
      if (connection->idle) connection->stream.next_layer().cancel(ignored);
    });
  }
  const auto await_none = [this](std::chrono::milliseconds at_most) {
    std::unique_lock lock(connections_mutex_);
    connections_changed_.wait_for(lock, at_most, [this] { return connections_.empty(); });
  };
  await_none(std::chrono::seconds(grace_s));
  for (const auto& connection : alive()) {
    asio::post(connection->stream.get_executor(), [connection] {
      error_code ignored;
      connection->stream.next_layer().close(ignored);
    });
  }
  await_none(std::chrono::milliseconds(200));
  io_->stop();
  for (std::thread& thread : io_threads_) thread.join();
  pool_.stop();
}

// What is still suspended holds connections, and these refer to this server: the context goes first.
ServerOnAsio::~ServerOnAsio() {
  stop(10);
  for (const auto& listener : listeners_) listener->acceptor.reset();
  io_.reset();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(std::vector<Port> ports, Limits limits, Hooks hooks) {
  auto server = std::make_unique<ServerOnAsio>(limits, std::move(hooks));
  DFB_TRY_VOID(server->open(std::move(ports)));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace dfb::http
