#include "tests/support/tls_echo.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/base/check.h"

namespace dfb::test {
namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Stream = std::unique_ptr<SSL, decltype(&SSL_free)>;

Context make_context(const TlsEcho::Options& options) {
  Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  BIO* memory = BIO_new_mem_buf(options.certificate.certificate_pem.data(),
                                static_cast<int>(options.certificate.certificate_pem.size()));
  X509* certificate = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  const PrivateKey key = PrivateKey::from_pem(options.certificate.key_pem).value();
  DFB_CHECK(SSL_CTX_use_certificate(context.get(), certificate) == 1 &&
            SSL_CTX_use_PrivateKey(context.get(), static_cast<EVP_PKEY*>(key.native())) == 1);
  X509_free(certificate);
  BIO_free_all(memory);
  if (options.client_ca_pem.empty()) return context;
  memory = BIO_new_mem_buf(options.client_ca_pem.data(), static_cast<int>(options.client_ca_pem.size()));
  X509* authority = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  DFB_CHECK(X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority) == 1);
  X509_free(authority);
  BIO_free_all(memory);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  const unsigned char id[] = "echo";
  SSL_CTX_set_session_id_context(context.get(), id, sizeof id - 1);
  return context;
}

// One accepted connection, encrypted or not.
class Wire {
 public:
  Wire(int socket, SSL_CTX* context)
      : socket_(socket), stream_(context ? SSL_new(context) : nullptr, &SSL_free) {
    if (stream_) SSL_set_fd(stream_.get(), socket_);
  }
  bool open() { return !stream_ || SSL_accept(stream_.get()) == 1; }
  bool read_some(std::string& into) {
    char buffer[4096];
    const int got = stream_ ? SSL_read(stream_.get(), buffer, sizeof buffer)
                            : static_cast<int>(::recv(socket_, buffer, sizeof buffer, 0));
    if (got > 0) into.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const int put = stream_ ? SSL_write(stream_.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }
  void close() {
    if (stream_) SSL_shutdown(stream_.get());
  }

 private:
  int socket_;
  Stream stream_;
};

std::size_t content_length(const std::string& head) {
  static const std::string kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + kName.size()));
}

}  // namespace

std::string http_answer(int status, const std::string& body, const std::string& more_headers) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more_headers + "\r\n" + body;
}

struct TlsEcho::State {
  Options options;
  Context context{nullptr, &SSL_CTX_free};
  int listener = -1;
  std::uint16_t port = 0;
  std::atomic<int> connections = 0;
  std::mutex mutex;
  std::vector<int> sockets;
  std::vector<std::thread> threads;
  std::thread acceptor;

  void serve(int socket);
  void accept_all();
};

void TlsEcho::State::serve(int socket) {
  Wire wire(socket, context.get());
  if (!wire.open()) {
    ::shutdown(socket, SHUT_RDWR);
    return;
  }
  std::string bytes;
  while (true) {
    std::size_t end = 0;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!wire.read_some(bytes)) return;
      if (!options.tls && bytes.starts_with('\x16')) wire.write(options.answer_to_hello);
    }
    SeenRequest seen{bytes.substr(0, end + 2), ""};
    const std::size_t size = end + 4 + content_length(seen.head);
    while (bytes.size() < size)
      if (!wire.read_some(bytes)) return;
    seen.body = bytes.substr(end + 4, size - end - 4);
    bytes.erase(0, size);
    const std::optional<std::string> answer = options.answer(seen);
    if (!answer.has_value()) {
      while (wire.read_some(bytes)) bytes.clear();
      return;
    }
    if (answer->empty() || !wire.write(*answer)) break;
  }
  wire.close();
  ::shutdown(socket, SHUT_RDWR);
}

void TlsEcho::State::accept_all() {
  while (true) {
    const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections;
    const std::lock_guard lock(mutex);
    sockets.push_back(socket);
    threads.emplace_back([this, socket] { serve(socket); });
  }
}

TlsEcho::TlsEcho(Options options) : state_(std::make_unique<State>()) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2)
  state_->options = std::move(options);
  if (state_->options.tls) state_->context = make_context(state_->options);
  state_->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  DFB_CHECK(::bind(state_->listener, raw, size) == 0 && ::listen(state_->listener, 64) == 0 &&
            ::getsockname(state_->listener, raw, &size) == 0);
  state_->port = ntohs(address.sin_port);
  state_->acceptor = std::thread([state = state_.get()] { state->accept_all(); });
}

TlsEcho::~TlsEcho() {
  ::shutdown(state_->listener, SHUT_RDWR);
  state_->acceptor.join();
  for (const int socket : state_->sockets) ::shutdown(socket, SHUT_RDWR);
  for (std::thread& thread : state_->threads) thread.join();
  for (const int socket : state_->sockets) ::close(socket);
  ::close(state_->listener);
}

std::uint16_t TlsEcho::port() const { return state_->port; }
int TlsEcho::connections() const { return state_->connections; }

std::string TlsEcho::url(const std::string& host) const {
  return (state_->options.tls ? "https://" : "http://") + host + ":" + std::to_string(state_->port);
}

}  // namespace dfb::test
