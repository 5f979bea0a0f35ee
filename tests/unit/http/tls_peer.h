// A certificate authority, certificates, revocations and a TLS client for the server's tests.
#pragma once
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/http/server.h"

namespace dfb::http::test {

// A folder that goes when the test ends.
class Folder {
 public:
  Folder();
  ~Folder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void write_file(const std::string& path, const std::string& content);

// A P-256 authority that writes PEM files into a folder.
class Authority {
 public:
  Authority(const Folder& folder, std::string name);

  struct Issued {
    std::string cert_file, key_file;
    long serial;
  };
  std::string ca_file() const { return folder_ / (name_ + "-ca.crt"); }
  // Serves as server (for 127.0.0.1) and as client. A negative number of days makes one that has expired.
  Issued issue(const std::string& name, int days = 1);
  // Replaces the list of revoked serials.
  std::string write_crl(const std::vector<long>& serials, long next_update_s = 86400);

 private:
  const Folder& folder_;
  std::string name_;
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
  long next_serial_ = 1000;
};

struct Answer {
  int status = 0;
  std::string head, body;
  std::string header(const std::string& name) const;  // name as the server writes it
};

// One TLS connection, blocking, with a time limit of `timeout_s` on each read.
class Client {
 public:
  struct Options {
    std::string ca_file, cert_file, key_file;
    int timeout_s = 10;
    bool tls12 = false;
    SSL_SESSION* resume = nullptr;
  };
  Client(std::uint16_t port, const Options& options);
  ~Client();

  bool connected() const { return connected_; }  // the handshake succeeded on this side
  bool send(const std::string& bytes);
  Answer read_answer(bool head = false);  // status 0: the connection ended first
  Answer ask(const std::string& method, const std::string& path, const std::string& body = "",
             const std::string& more_headers = "");
  bool at_end();  // true when the server has closed
  bool resumed() const { return SSL_session_reused(ssl_) == 1; }
  SSL_SESSION* session() const { return SSL_get1_session(ssl_); }

 private:
  bool fill();
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  int fd_ = -1;
  bool connected_ = false;
  std::string arrived_;
};

}  // namespace dfb::http::test
