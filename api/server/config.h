// The server's configuration: one file of `name = value` lines, or the same names as options.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::server {

struct Config {
  std::string origin;
  std::string address = "127.0.0.1";
  int port = 8443;  // the town's; terminals have the next one
  std::string database;
  std::vector<std::string> log_keys;     // private keys, PEM, 0600: the present one, and the next
  std::vector<std::string> server_keys;  // likewise
  std::string cert, cert_key;            // the server's TLS chain and key
  std::string client_ca, crl;            // what terminals' certificates are checked against
  std::string ca_dir;                    // the authority's folder; empty: this server issues no certificates
  std::string auditor_token;             // a file with the token that may read entry bundles
  bool open_entries = false;             // anyone may read them
  std::string pages;                     // the folder of the pages
  std::vector<std::string> witnesses;    // "URL vkey", each
  std::string witness_ca;                // the authority of their certificates; empty: the system's
  int enrolments_per_hour = 60;          // from one address
  int sign_ins_per_minute = 600;         // from one address
  int requests_per_minute = 300;         // of one device or till
  int visits_per_minute = 30'000;        // from one address, of what is asked without a key
  int workers = 64;
};

// For one start, never in the file.
struct Once {
  // After a restore: see confirm_restored() (confirm.h).
  std::int64_t confirm_head = -1;
  std::vector<std::string> seen;
};

// Declares the options on `app`, with --config FILE.
void declare(CLI::App& app, Config& config);
void declare(CLI::App& app, Once& once);

}  // namespace dfb::server
