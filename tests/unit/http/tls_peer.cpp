#include "tests/unit/http/tls_peer.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

namespace dfb::http::test {
namespace {

std::shared_ptr<EVP_PKEY> new_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

template <class Write>
void write_pem(const std::string& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr) << path;
  write(file);
  std::fclose(file);
  ::chmod(path.c_str(), 0600);
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void set_name(X509_NAME* to, const std::string& name) {
  X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()),
                             -1, -1, 0);
}

std::shared_ptr<X509> new_certificate(const std::string& name, EVP_PKEY* key, long serial, int days) {
  std::shared_ptr<X509> certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -100L * 86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * 86400L);
  set_name(X509_get_subject_name(certificate.get()), name);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "defenbao-http-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

Authority::Authority(const Folder& folder, std::string name) : folder_(folder), name_(std::move(name)) {
  key_ = new_key();
  certificate_ = new_certificate(name_, key_.get(), 1, 10);
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  add_extension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  write_pem(ca_file(), [&](std::FILE* file) { PEM_write_X509(file, certificate_.get()); });
}

Authority::Issued Authority::issue(const std::string& name, int days) {
  const auto key = new_key();
  Issued issued{folder_ / (name + ".crt"), folder_ / (name + ".key"), next_serial_++};
  const auto certificate = new_certificate(name, key.get(), issued.serial, days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
  add_extension(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1");
  X509_sign(certificate.get(), key_.get(), EVP_sha256());
  write_pem(issued.cert_file, [&](std::FILE* file) { PEM_write_X509(file, certificate.get()); });
  write_pem(issued.key_file, [&](std::FILE* file) {
    PEM_write_PKCS8PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return issued;
}

std::string Authority::write_crl(const std::vector<long>& serials, long next_update_s) {
  const std::shared_ptr<X509_CRL> list(X509_CRL_new(), &X509_CRL_free);
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.get()));
  const std::shared_ptr<ASN1_TIME> now(X509_gmtime_adj(nullptr, -60), &ASN1_TIME_free);
  const std::shared_ptr<ASN1_TIME> next(X509_gmtime_adj(nullptr, next_update_s), &ASN1_TIME_free);
  X509_CRL_set1_lastUpdate(list.get(), now.get());
  X509_CRL_set1_nextUpdate(list.get(), next.get());
  for (const long serial : serials) {
    X509_REVOKED* revoked = X509_REVOKED_new();
    const std::shared_ptr<ASN1_INTEGER> number(ASN1_INTEGER_new(), &ASN1_INTEGER_free);
    ASN1_INTEGER_set(number.get(), serial);
    X509_REVOKED_set_serialNumber(revoked, number.get());
    X509_REVOKED_set_revocationDate(revoked, now.get());
    X509_CRL_add0_revoked(list.get(), revoked);
  }
  X509_CRL_sort(list.get());
  X509_CRL_sign(list.get(), key_.get(), EVP_sha256());
  const std::string path = folder_ / (name_ + ".crl");
  write_pem(path + ".new", [&](std::FILE* file) { PEM_write_X509_CRL(file, list.get()); });
  std::filesystem::rename(path + ".new", path);
  return path;
}

std::string Answer::header(const std::string& name) const {
  const std::size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

Client::Client(std::uint16_t port, const Options& options) : context_(SSL_CTX_new(TLS_client_method())) {
  SSL_CTX_load_verify_file(context_, options.ca_file.c_str());
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  if (options.tls12) SSL_CTX_set_max_proto_version(context_, TLS1_2_VERSION);
  if (!options.cert_file.empty()) {
    SSL_CTX_use_certificate_file(context_, options.cert_file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_, options.key_file.c_str(), SSL_FILETYPE_PEM);
  }
  std::signal(SIGPIPE, SIG_IGN);  // a server may close while we write
  ssl_ = SSL_new(context_);
  if (options.resume) SSL_set_session(ssl_, options.resume);
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{options.timeout_s, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  SSL_set_fd(ssl_, fd_);
  connected_ = SSL_connect(ssl_) == 1;
}

Client::~Client() {
  if (connected_) SSL_shutdown(ssl_);
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  ::close(fd_);
}

bool Client::send(const std::string& bytes) {
  return connected_ &&
         SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

bool Client::fill() {
  char chunk[16384];
  const int count = connected_ ? SSL_read(ssl_, chunk, sizeof chunk) : 0;
  if (count <= 0) return false;
  arrived_.append(chunk, static_cast<std::size_t>(count));
  return true;
}

Answer Client::read_answer(bool head) {
  std::size_t end;
  while ((end = arrived_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  Answer answer;
  answer.head = arrived_.substr(0, end + 2);
  arrived_.erase(0, end + 4);
  answer.status = std::atoi(answer.head.c_str() + 9);
  const std::size_t size = head ? 0 : std::strtoul(answer.header("Content-Length").c_str(), nullptr, 10);
  while (arrived_.size() < size) {
    if (!fill()) return {};
  }
  answer.body = arrived_.substr(0, size);
  arrived_.erase(0, size);
  return answer;
}

Answer Client::ask(const std::string& method, const std::string& path, const std::string& body,
                   const std::string& more_headers) {
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more_headers;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (!send(text + "\r\n" + body)) return {};
  return read_answer(method == "HEAD");
}

bool Client::at_end() { return arrived_.empty() && !fill(); }

}  // namespace dfb::http::test
