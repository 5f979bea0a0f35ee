// The terminal's folder: what enrolment pinned, and the files beside it.
//
//   terminal.json   server, origin, log key, shop: written by enrolment, and when the log has changed its key
//   till.key        the till's private key, 0600      till.crt   its certificate
//   witness.key     by which it cosigns the log that it has seen; made when it is first needed
//   ca.crt          the authority that the server's certificate must come from
//   journal         docs/formats.md#journal
//   offline         what it has to know to sell without a line: till/pins.h
// Threads: values.
#pragma once
#include <string>

#include "ledger/base/result.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace dfb::terminal {

struct Folder {
  std::string path;
  std::string setup() const { return path + "/terminal.json"; }
  std::string key() const { return path + "/till.key"; }
  std::string witness_key() const { return path + "/witness.key"; }
  std::string certificate() const { return path + "/till.crt"; }
  std::string ca() const { return path + "/ca.crt"; }
  std::string journal() const { return path + "/journal"; }
  std::string offline() const { return path + "/offline"; }
};

struct Setup {
  std::string server;        // https://host:port of the town's port
  std::string terminal_url;  // of the terminals' port
  std::string origin, log_vkey;
  book::AccountId shop;
  KeyId till;
  std::string name_zh, name_en;  // the shop's
  friend bool operator==(const Setup&, const Setup&) = default;
};

Result<Setup> parse_setup(std::string_view json);  // malformed
std::string format_setup(const Setup& setup);

// bad_config when the folder is not that of an enrolled terminal, saying what to do.
Result<Setup> load_setup(const Folder& folder);

// The terminals' port is the town's port plus one. bad_config for a URL that is not https://host:port.
Result<std::string> terminal_url_of(std::string_view server);

// A whole file, at most 1 MB; io_error with the path.
Result<std::string> read_file(const std::string& path);
// Written beside, fsynced and renamed: the file is the old or the new one, never half. Mode 0600.
Result<void> write_file(const std::string& path, std::string_view content);

}  // namespace dfb::terminal
