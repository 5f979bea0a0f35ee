#include "api/http/session.h"

#include <unistd.h>

#include <array>
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
#include <optional>
#include <tuple>

#include "api/http/problem.h"
#include "api/http/request_reader.h"
#include "api/http/response_text.h"
#include "api/http/server_errors.h"

namespace dfb::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kCloseTimeoutS = 2;
// What is read and thrown away after a refusal, so that the answer is not lost in a reset.
constexpr std::size_t kDiscardBytesMax = 4 * 1024 * 1024;

// All but the register's use of it happens on its strand.
class Session final : public Connected, public std::enable_shared_from_this<Session> {
 public:
  Session(Listener& listener_in, Shared& shared_in, tcp::socket socket, SSL* ssl)
      : listener_(listener_in),
        shared_(shared_in),
        socket_(std::move(socket)),
        timer_(socket_.get_executor()) {
    if (ssl) tls_.emplace(socket_, ssl);
    error_code ignored;
    port = &listener_.port;
    remote = socket_.remote_endpoint(ignored).address().to_string();
  }
  ~Session() override { shared_.connections.leave(this); }

  void begin() {
    asio::co_spawn(socket_.get_executor(), serve(shared_from_this()),
                   [&log = shared_.log](std::exception_ptr failed) {
                     if (failed) log("HTTP: a connection ended by an exception");
                   });
  }
  void end_if_idle() override {
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      error_code ignored;
      if (self->idle_) self->socket_.cancel(ignored);
    });
  }
  void end() override {
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      error_code ignored;
      self->socket_.close(ignored);
    });
  }

 private:
  // From now on reads and writes are given up after this time, with `expired_` set.
  void set_deadline(int seconds) {
    expired_ = false;
    timer_.expires_after(std::chrono::seconds(seconds));
    timer_.async_wait([self = weak_from_this()](error_code error) {
      const auto connection = self.lock();
      if (error || !connection || connection->timer_.expiry() > steady_clock::now()) return;
      connection->expired_ = true;
      connection->socket_.cancel(error);
    });
  }
  void clear_deadline() { timer_.cancel(); }

  asio::awaitable<void> serve(std::shared_ptr<Session> self);
  asio::awaitable<bool> exchange();
  asio::awaitable<bool> read();
  asio::awaitable<Result<RequestReader::Progress>> read_on(RequestReader& reader);
  asio::awaitable<bool> write(std::string text);
  asio::awaitable<void> refuse(Request request, bool head, Response response);
  asio::awaitable<Response> run(const Request& request);
  asio::awaitable<void> close();
  void report(const Request& request, int status, steady_clock::time_point since) const {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - since);
    if (shared_.hooks.answered) shared_.hooks.answered(request, status, took.count());
  }

  Listener& listener_;
  Shared& shared_;
  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;  // nothing on a plain port
  asio::steady_timer timer_;
  bool expired_ = false;
  bool idle_ = false;  // between requests
  std::unique_ptr<X509, decltype(&X509_free)> certificate_{nullptr, &X509_free};
  std::string certificate_der_;
  std::string arrived_;  // read, not yet parsed
  std::array<char, 8192> chunk_;
};

// `self` stands in the coroutine, which thereby keeps the connection.
asio::awaitable<void> Session::serve([[maybe_unused]] std::shared_ptr<Session> self) {
  set_deadline(shared_.limits.header_timeout_s);
  if (tls_) {
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kAwait);
    if (error) co_return;
  }
  if (!listener_.port.client_ca_file.empty()) {
    certificate_.reset(SSL_get1_peer_certificate(tls_->native_handle()));
    if (!certificate_) co_return;
    certificate_der_ = der_of(certificate_.get());
  }
  bool open = true;
  while (open) open = co_await exchange();
  co_await close();
}

// One request and its answer. False: the connection is to be closed.
asio::awaitable<bool> Session::exchange() {
  if (arrived_.empty()) {
    set_deadline(shared_.limits.idle_timeout_s);
    idle_ = true;
    const bool came = !shared_.draining && co_await read();
    idle_ = false;
    if (!came) co_return false;
  }
  RequestReader reader(shared_.limits.header_bytes_max, shared_.limits.body_bytes_max);
  set_deadline(shared_.limits.header_timeout_s);
  auto progress = co_await read_on(reader);
  const auto since = steady_clock::now();
  if (progress) {
    std::optional<Error> refused = client_refusal(certificate_.get(), listener_.revocations.get());
    if (over_limit) refused = fail(Code::busy, "the server has too many connections");
    if (refused) {
      co_await refuse(reader.header(), reader.header().method == "HEAD", problem(*refused));
      co_return false;
    }
    set_deadline(shared_.limits.request_timeout_s);
    if (reader.expects_continue() && arrived_.empty()) co_await write("HTTP/1.1 100 Continue\r\n\r\n");
    while (progress && *progress != RequestReader::Progress::done) progress = co_await read_on(reader);
  }
  if (!progress) {
    const Error& error = progress.error();
    if (error.code == Code::unreachable) co_return false;
    const int status = status_of_unread(error, reader);
    co_await refuse(reader.header(), reader.header().method == "HEAD", problem(error, status));
    co_return false;
  }
  const bool wants_more = reader.keep_alive();
  Request request = reader.take();
  request.client_certificate = certificate_der_;
  request.remote = remote;
  clear_deadline();
  const Response response = co_await run(request);
  report(request, response.status, since);
  const bool keep = wants_more && !shared_.draining;
  set_deadline(shared_.limits.request_timeout_s);
  const bool written =
      co_await write(response_text(response, {keep, request.method == "HEAD", listener_.port.hsts}));
  co_return written&& keep;
}

asio::awaitable<bool> Session::read() {
  if (expired_) co_return false;
  std::tuple<error_code, std::size_t> came;
  if (tls_) {
    came = co_await tls_->async_read_some(asio::buffer(chunk_), kAwait);
  } else {
    came = co_await socket_.async_read_some(asio::buffer(chunk_), kAwait);
  }
  if (std::get<error_code>(came)) co_return false;
  arrived_.append(chunk_.data(), std::get<std::size_t>(came));
  co_return true;
}

// Until the reader has something to say. unreachable: the peer is gone; timed_out: too slow.
asio::awaitable<Result<RequestReader::Progress>> Session::read_on(RequestReader& reader) {
  for (;;) {
    auto progress = reader.feed(arrived_);
    if (!progress || *progress != RequestReader::Progress::more) co_return progress;
    const bool came = co_await read();
    if (came) continue;
    if (expired_) co_return fail(Code::timed_out, "the request did not arrive in time");
    co_return fail(Code::unreachable);
  }
}

asio::awaitable<bool> Session::write(std::string text) {
  std::tuple<error_code, std::size_t> gone;
  if (tls_) {
    gone = co_await asio::async_write(*tls_, asio::buffer(text), kAwait);
  } else {
    gone = co_await asio::async_write(socket_, asio::buffer(text), kAwait);
  }
  co_return !std::get<error_code>(gone);
}

// Answers a request that is not read to its end; the connection cannot go on after it.
asio::awaitable<void> Session::refuse(Request request, bool head, Response response) {
  request.client_certificate = certificate_der_;
  request.remote = remote;
  report(request, response.status, steady_clock::now());
  set_deadline(shared_.limits.header_timeout_s);
  co_await write(response_text(response, {false, head, listener_.port.hsts}));
}

// Runs the handler on the pool and comes back to the connection's strand with its answer.
asio::awaitable<Response> Session::run(const Request& request) {
  const auto executor = co_await asio::this_coro::executor;
  auto initiation = [this, executor, &request](auto completion) {
    const auto waiting = std::make_shared<decltype(completion)>(std::move(completion));
    const auto finish = [executor, waiting](Response response) {
      asio::post(executor,
                 [waiting, response = std::move(response)]() mutable { (*waiting)(std::move(response)); });
    };
    const bool taken = shared_.pool.submit(
        [this, finish, &request] { finish(contained(listener_.port.handler, request, shared_.log)); },
        listener_.port.favoured);
    if (!taken) finish(problem(fail(Code::busy, "the server has too much to do")));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Response)>(
      std::move(initiation), asio::use_awaitable);
}

// Says goodbye, then reads and throws away what the peer still sends: closing on unread bytes would reset the
// connection, and a reset can overtake the answer.
asio::awaitable<void> Session::close() {
  set_deadline(shared_.draining ? 1 : kCloseTimeoutS);
  error_code error;
  bool sends_on = true;
  if (tls_) {
    const auto [ended] = co_await tls_->async_shutdown(kAwait);
    sends_on = ended.category() == asio::error::get_ssl_category();  // data came instead of its goodbye
  } else {
    socket_.shutdown(tcp::socket::shutdown_send, error);
  }
  for (std::size_t discarded = 0; sends_on && discarded < kDiscardBytesMax;) {
    const auto [read_error, count] = co_await socket_.async_read_some(asio::buffer(chunk_), kAwait);
    if (read_error) break;
    discarded += count;
  }
  clear_deadline();
  socket_.close(error);
}

}  // namespace

void begin_session(asio::io_context& io, int descriptor, bool is_v6, Listener& listener, Shared& shared) {
  error_code error;
  tcp::socket socket(asio::make_strand(io));
  socket.assign(is_v6 ? tcp::v6() : tcp::v4(), descriptor, error);
  if (error) {
    ::close(descriptor);
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  SSL* ssl = nullptr;
  if (listener.identity) {
    ssl = SSL_new(listener.identity->current().get());
    if (!ssl) return;
  }
  const auto session = std::make_shared<Session>(listener, shared, std::move(socket), ssl);
  if (shared.connections.enter(session)) session->begin();
}

}  // namespace dfb::http
