#include "api/http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace dfb::http {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

Result<File> open_file(const std::string& path, const std::string& what) {
  File file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) return fail(Code::bad_config, what + " " + path + ": " + std::strerror(errno));
  return file;
}

// A program must not stop at a prompt that nobody sees.
int no_passphrase(char*, int, int, void*) { return 0; }

Result<void> use_certificate(SSL_CTX* context, const std::string& path) {
  DFB_TRY_VOID(open_file(path, "the server's certificate"));
  if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) != 1) {
    return fail(Code::bad_config, "the server's certificate " + path + ": holds no certificate in PEM");
  }
  if (has_expired(SSL_CTX_get0_certificate(context))) {
    return fail(Code::bad_config, "the server's certificate " + path + ": has expired; issue a new one");
  }
  return ok();
}

Result<void> use_key(SSL_CTX* context, const std::string& path, const std::string& cert_file) {
  DFB_TRY_VOID(open_file(path, "the server's key"));
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & S_IRWXO) != 0) {
    return fail(Code::bad_config,
                "the server's key " + path + ": everybody may read it; run chmod 600 " + path);
  }
  SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
  if (SSL_CTX_use_PrivateKey_file(context, path.c_str(), SSL_FILETYPE_PEM) == 1) return ok();
  const bool mismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
  return fail(Code::bad_config,
              "the server's key " + path +
                  (mismatch ? ": is not the key of the certificate " + cert_file
                            : std::string(": holds no private key in PEM without a passphrase")));
}

Result<void> demand_clients_of(SSL_CTX* context, const std::string& path) {
  DFB_TRY_VOID(open_file(path, "the clients' authority"));
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(path.c_str());
  if (!names || SSL_CTX_load_verify_file(context, path.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, &X509_NAME_free);
    return fail(Code::bad_config, "the clients' authority " + path + ": holds no certificate in PEM");
  }
  SSL_CTX_set_client_CA_list(context, names);  // takes them
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return ok();
}

Result<std::shared_ptr<SSL_CTX>> make_context(const TlsFiles& files) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (!context) return fail(Code::internal, "OpenSSL gave no context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_id_context(context.get(),
                                 reinterpret_cast<const unsigned char*>(files.session_context.data()),
                                 static_cast<unsigned>(files.session_context.size()));
  DFB_TRY_VOID(use_certificate(context.get(), files.cert_file));
  DFB_TRY_VOID(use_key(context.get(), files.key_file, files.cert_file));
  if (!files.client_ca_file.empty()) DFB_TRY_VOID(demand_clients_of(context.get(), files.client_ca_file));
  ERR_clear_error();
  return context;
}

bool any_run_out(const std::vector<std::shared_ptr<X509_CRL>>& lists) {
  return std::any_of(lists.begin(), lists.end(), [](const auto& list) {
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(list.get());
    return next && X509_cmp_current_time(next) < 0;
  });
}

}  // namespace

std::string file_stamp(const std::vector<std::string>& files) {
  std::string stamp;
  for (const std::string& path : files) {
    struct stat info {};
    if (path.empty() || ::stat(path.c_str(), &info) != 0) {
      stamp += "-;";
      continue;
    }
    for (const auto part :
         {static_cast<long long>(info.st_mtim.tv_sec), static_cast<long long>(info.st_mtim.tv_nsec),
          static_cast<long long>(info.st_size), static_cast<long long>(info.st_ino)}) {
      stamp += std::to_string(part) + ",";
    }
  }
  return stamp;
}

Result<std::unique_ptr<TlsIdentity>> TlsIdentity::open(TlsFiles files, Log log) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(std::move(files), std::move(log)));
  identity->stamp_ = identity->stamp();
  DFB_TRY(identity->context_, make_context(identity->files_));
  return identity;
}

std::shared_ptr<SSL_CTX> TlsIdentity::current() {
  const std::lock_guard lock(mutex_);
  // Taken before reading: a change in between shows as another stamp next time.
  std::string now = stamp();
  if (now == stamp_) return context_;
  stamp_ = std::move(now);
  auto renewed = make_context(files_);
  if (renewed) {
    context_ = std::move(*renewed);
    log_("TLS: the renewed certificate " + files_.cert_file + " is in use");
  } else {
    log_("TLS: the former certificate stays in use: " + renewed.error().detail);
  }
  return context_;
}

Result<std::unique_ptr<Revocations>> Revocations::open(std::string crl_file, std::string ca_file, Log log) {
  std::unique_ptr<Revocations> made(new Revocations(std::move(crl_file), std::move(ca_file), std::move(log)));
  made->stamp_ = file_stamp({made->crl_file_, made->ca_file_});
  DFB_TRY(Lists lists, made->read());
  made->lists_ = std::make_shared<const Lists>(std::move(lists));
  made->warn_if_run_out();
  return made;
}

Result<Revocations::Lists> Revocations::read() const {
  DFB_TRY(const File ca_file, open_file(ca_file_, "the clients' authority"));
  std::vector<Certificate> authorities;
  while (X509* certificate = PEM_read_X509(ca_file.get(), nullptr, &no_passphrase, nullptr)) {
    authorities.emplace_back(certificate, &X509_free);
  }
  DFB_TRY(const File crl_file, open_file(crl_file_, "the list of revoked certificates"));
  Lists lists;
  while (X509_CRL* read = PEM_read_X509_CRL(crl_file.get(), nullptr, &no_passphrase, nullptr)) {
    std::shared_ptr<X509_CRL> list(read, &X509_CRL_free);
    bool is_signed = false;
    for (const Certificate& authority : authorities) {
      is_signed = is_signed ||
                  (X509_NAME_cmp(X509_CRL_get_issuer(read), X509_get_subject_name(authority.get())) == 0 &&
                   X509_CRL_verify(read, X509_get0_pubkey(authority.get())) == 1);
    }
    if (!is_signed) {
      return fail(Code::bad_config,
                  "the list of revoked certificates " + crl_file_ + ": is not signed by " + ca_file_);
    }
    lists.push_back(std::move(list));
  }
  // Anything but "no further PEM block" means that a block was cut or damaged.
  const bool clean = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (lists.empty() || !clean) {
    return fail(Code::bad_config,
                "the list of revoked certificates " + crl_file_ + ": holds no sound list in PEM");
  }
  return lists;
}

void Revocations::warn_if_run_out() {
  if (warned_ || !any_run_out(*lists_)) return;
  warned_ = true;
  log_("TLS: the list of revoked certificates " + crl_file_ +
       " has run out and stays in force: what was revoked since is not in it; write it anew with "
       "`defenbao-certs crl`");
}

std::shared_ptr<const Revocations::Lists> Revocations::current() {
  const std::lock_guard lock(mutex_);
  std::string now = file_stamp({crl_file_, ca_file_});
  if (now != stamp_) {
    stamp_ = std::move(now);
    auto renewed = read();
    if (renewed) {
      lists_ = std::make_shared<const Lists>(std::move(*renewed));
      warned_ = false;
    } else {
      log_("TLS: the former list of revoked certificates stays in force: " + renewed.error().detail);
    }
  }
  warn_if_run_out();
  return lists_;
}

bool Revocations::is_revoked(X509* certificate) {
  const std::shared_ptr<const Lists> lists = current();
  for (const auto& list : *lists) {
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(list.get(), &entry, certificate) == 1) return true;
  }
  return false;
}

bool Revocations::has_run_out() { return any_run_out(*current()); }

bool has_expired(const X509* certificate) {
  return X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
}

std::string der_of(const X509* certificate) {
  unsigned char* out = nullptr;
  const int size = i2d_X509(certificate, &out);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

}  // namespace dfb::http
