// The town's certificate authority: one folder, one P-256 key.
//
//   ca.crt  the self-signed certificate, 10 years, which browsers, tills and auditors trust
//   ca.key  its private key, mode 0600; refused when others may read it
//   ca.db   what was issued and revoked (certs/index.h)
//   ca.crl  the revoked ones, signed, valid for 30 days
//
// A certificate only opens a port: what a till may do is decided by the ledger, from the key inside.
// Threads and processes: any number; whoever changes something holds the lock of ca.db. The folder must not
// be on a file system without flock.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "certs/index.h"
#include "ledger/base/clock.h"
#include "ledger/crypto/keys.h"

namespace dfb::certs {

inline constexpr int kServerDays = 397;  // no browser takes more
inline constexpr int kTerminalDays = 90;
inline constexpr int kDaysMax = 397;

struct Issued {
  std::string serial;  // 32 hex digits
  TimeUs not_after_us = 0;
  std::string chain_pem;  // the certificate, then the authority's
};

class Authority {
 public:
  // Makes folder (if missing), key, certificate, empty index and list. `name` is shown to people who are
  // asked to trust it: 1 to 64 bytes of UTF-8. bad_config (an authority, or a part of one, is there already;
  // a bad name), io_error.
  static Result<Authority> create(const std::string& folder, std::string_view name, TimeUs now_us);
  // bad_config (what is missing or does not fit, and what to do), io_error.
  static Result<Authority> open(const std::string& folder);

  // For mutual TLS, as a client. The subject's common name is the key's id; `name` stands in the index alone.
  // The caller has checked that the key is an enrolled till's. key_of_request()'s failures, and: bad_config
  // (name or days out of range, the authority has expired), io_error, corrupt (ca.db).
  Result<Issued> issue_terminal(std::string_view request_pem, std::string_view name, TimeUs now_us) const;
  Result<Issued> issue_terminal(const PublicKey& key, std::string_view name, int days, TimeUs now_us) const;
  // As a server. `alternatives`: certs/subject_alternative.h, at least one. Fails likewise.
  Result<Issued> issue_server(const PublicKey& key, std::string_view name,
                              const std::vector<std::string>& alternatives, int days, TimeUs now_us) const;

  // Refused by servers as soon as they have read ca.crl again. Again for a revoked one: writes the list anew.
  // not_found, io_error, corrupt. A crash between index and list is mended by the next refresh_crl().
  Result<Record> revoke(std::string_view serial, TimeUs now_us) const;
  // Writes ca.crl if it is older than a day, incomplete or unreadable, or if `always`; true when it did.
  Result<bool> refresh_crl(TimeUs now_us, bool always = false) const;

  Result<std::vector<Record>> list() const;
  std::string certificate_pem() const;
  TimeUs not_after_us() const;
  std::string crl_path() const;

 private:
  struct State;
  struct Wish;
  explicit Authority(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  Result<Issued> issue(const Wish& wish, TimeUs now_us) const;
  Result<void> write_crl(const Index& index, TimeUs now_us) const;
  std::shared_ptr<const State> state_;
};

// `AB:CD…` and upper case, as other tools print a serial, in this folder's spelling. bad_config.
Result<std::string> parse_serial(std::string_view text);

}  // namespace dfb::certs
