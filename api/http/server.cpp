#include "api/http/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>

#include "api/http/server_errors.h"
#include "api/http/session.h"

namespace dfb::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Acceptor = std::shared_ptr<tcp::acceptor>;

constexpr auto kAcceptAwait = asio::as_tuple(asio::use_awaitable);

bool is_plain(const Port& port) {
  return port.cert_file.empty() && port.key_file.empty() && port.client_ca_file.empty();
}

bool is_loopback(const std::string& address) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  return !error && parsed.is_loopback();
}

struct OpenPort {
  Listener listener;
  Acceptor acceptor;
  std::uint16_t number = 0;
};

class ServerOnAsio final : public Server {
 public:
  ServerOnAsio(Limits limits, Hooks hooks) : shared_(limits, std::move(hooks)) {}
  ~ServerOnAsio() override;

  Result<void> open(std::vector<Port> ports);
  std::uint16_t port(std::size_t index) const override { return ports_.at(index)->number; }
  std::vector<std::string> warnings() const override;
  void stop(int grace_s) override;

 private:
  Result<void> bind(OpenPort& open_port);
  asio::awaitable<void> accept(OpenPort& open_port, Acceptor acceptor);

  Shared shared_;
  std::vector<std::unique_ptr<OpenPort>> ports_;
  std::mutex stop_mutex_;
  std::vector<std::thread> io_threads_;
  std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>();
};

Result<void> ServerOnAsio::bind(OpenPort& open_port) {
  const Port& port = open_port.listener.port;
  error_code error;
  const auto address = asio::ip::make_address(port.address, error);
  if (error) return fail(Code::bad_config, "the address " + port.address + " is no IP address");
  open_port.acceptor = std::make_shared<tcp::acceptor>(asio::make_strand(*io_));
  tcp::acceptor& acceptor = *open_port.acceptor;
  const tcp::endpoint endpoint(address, port.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) open_port.number = acceptor.local_endpoint(error).port();
  if (!error) return ok();
  return bind_error(port, error);
}

Result<void> ServerOnAsio::open(std::vector<Port> ports) {
  for (Port& port : ports) {
    auto open_port = std::make_unique<OpenPort>();
    Listener& listener = open_port->listener;
    if (!is_plain(port)) {
      TlsFiles files{port.cert_file, port.key_file, port.client_ca_file,
                     "port " + std::to_string(ports_.size())};
      DFB_TRY(listener.identity, TlsIdentity::open(std::move(files), shared_.log));
    } else if (!is_loopback(port.address)) {
      return fail(Code::bad_config, "the address " + port.address +
                                        " wants a certificate; without one only this machine is served");
    }
    if (!port.crl_file.empty()) {
      DFB_TRY(listener.revocations, Revocations::open(port.crl_file, port.client_ca_file, shared_.log));
    }
    listener.port = std::move(port);
    DFB_TRY_VOID(bind(*open_port));
    ports_.push_back(std::move(open_port));
  }
  for (const auto& open_port : ports_) {
    asio::co_spawn(open_port->acceptor->get_executor(), accept(*open_port, open_port->acceptor),
                   [this](std::exception_ptr failed) {
                     if (failed) shared_.log("HTTP: a port ended by an exception");
                   });
  }
  for (int i = 0; i < shared_.limits.io_threads; ++i) {
    io_threads_.emplace_back([this, guard = asio::make_work_guard(*io_)] { io_->run(); });
  }
  return ok();
}

asio::awaitable<void> ServerOnAsio::accept(OpenPort& open_port, Acceptor acceptor) {
  asio::steady_timer pause(acceptor->get_executor());
  const bool is_v6 = asio::ip::make_address(open_port.listener.port.address).is_v6();
  for (;;) {
    tcp::socket socket(acceptor->get_executor());
    auto [error] = co_await acceptor->async_accept(socket, kAcceptAwait);
    if (shared_.draining || !acceptor->is_open()) co_return;
    if (error) {  // out of descriptors, or the peer left already
      if (error == asio::error::connection_aborted) continue;
      shared_.log("HTTP: accepting on port " + std::to_string(open_port.number) + ": " + error.message());
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(kAcceptAwait);
      continue;
    }
    const int descriptor = socket.release(error);
    if (!error) begin_session(*io_, descriptor, is_v6, open_port.listener, shared_);
  }
}

std::vector<std::string> ServerOnAsio::warnings() const {
  std::vector<std::string> out;
  for (const auto& open_port : ports_)
    if (const auto& list = open_port->listener.revocations; list && list->has_run_out())
      out.emplace_back("the list of revoked certificates has run out; write it anew");
  return out;
}

void ServerOnAsio::stop(int grace_s) {
  const std::lock_guard stop_lock(stop_mutex_);
  if (shared_.draining.exchange(true)) return;
  for (const auto& open_port : ports_) {
    asio::post(open_port->acceptor->get_executor(), [acceptor = open_port->acceptor] {
      error_code ignored;
      acceptor->close(ignored);
    });
  }
  for (const auto& connection : shared_.connections.alive()) connection->end_if_idle();
  shared_.connections.await_none(std::chrono::seconds(grace_s));
  for (const auto& connection : shared_.connections.alive()) connection->end();
  shared_.connections.await_none(std::chrono::milliseconds(200));
  io_->stop();
  for (std::thread& thread : io_threads_) thread.join();
  shared_.pool.stop();
}

// What is still suspended holds connections, and these refer to this server: the context goes first.
ServerOnAsio::~ServerOnAsio() {
  stop(10);
  for (const auto& open_port : ports_) open_port->acceptor.reset();
  io_.reset();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(std::vector<Port> ports, Limits limits, Hooks hooks) {
  auto server = std::make_unique<ServerOnAsio>(limits, std::move(hooks));
  DFB_TRY_VOID(server->open(std::move(ports)));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace dfb::http
