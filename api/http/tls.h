// The files behind a TLS port: certificate, key, the clients' authority, the list of revoked certificates.
// All are looked at again when they change on disk, so that a renewal or a revocation needs no restart; what
// cannot be read then is logged once and the former state stays in force. Threads: the classes' members may
// be called from any thread.
#pragma once
#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::http {

using Log = std::function<void(const std::string&)>;

struct TlsFiles {
  std::string cert_file, key_file;  // PEM chain, leaf first; PEM key without a passphrase
  std::string client_ca_file;       // not empty: mutual TLS
  std::string session_context;      // tells the ports apart: a session of one is not resumed on the other
};

// Which version of which files was read: changes when any of them does.
std::string file_stamp(const std::vector<std::string>& files);

class TlsIdentity {
 public:
  // bad_config, naming the file and what is wrong with it: unreadable, no PEM, key of another certificate,
  // expired, a key that everybody may read.
  static Result<std::unique_ptr<TlsIdentity>> open(TlsFiles files, Log log);

  // The context for the next connection; the former one lives as long as its connections. TLS 1.2 and 1.3.
  std::shared_ptr<SSL_CTX> current();

 private:
  TlsIdentity(TlsFiles files, Log log) : files_(std::move(files)), log_(std::move(log)) {}
  std::string stamp() const { return file_stamp({files_.cert_file, files_.key_file, files_.client_ca_file}); }
  const TlsFiles files_;
  const Log log_;
  std::mutex mutex_;
  std::string stamp_;
  std::shared_ptr<SSL_CTX> context_;
};

class Revocations {
 public:
  // PEM, one or more lists, each signed by a certificate of `ca_file`; otherwise bad_config, naming the file.
  static Result<std::unique_ptr<Revocations>> open(std::string crl_file, std::string ca_file, Log log);

  bool is_revoked(X509* certificate);
  // The list in force has passed its next update: what was revoked since is not in it. It goes on being used,
  // since a shop need not close because a timer failed; the log is told once.
  bool has_run_out();

 private:
  using Lists = std::vector<std::shared_ptr<X509_CRL>>;
  Revocations(std::string crl_file, std::string ca_file, Log log)
      : crl_file_(std::move(crl_file)), ca_file_(std::move(ca_file)), log_(std::move(log)) {}
  Result<Lists> read() const;
  std::shared_ptr<const Lists> current();
  void warn_if_run_out();  // REQUIRES: mutex_ is held
  const std::string crl_file_, ca_file_;
  const Log log_;
  std::mutex mutex_;
  std::string stamp_;
  std::shared_ptr<const Lists> lists_;
  bool warned_ = false;  // of these lists
};

bool has_expired(const X509* certificate);
std::string der_of(const X509* certificate);

}  // namespace dfb::http
