#include "api/server/config.h"

namespace dfb::server {

void declare(CLI::App& app, Config& c) {
  // A misspelt name in the file is an error, not a default.
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_config("--config", "", "A file of `name = value` lines: the options below without dashes");
  app.add_option("--origin", c.origin, "The log's name, such as bq.example/points")->required();
  app.add_option("--address", c.address, "The address to listen on")->capture_default_str();
  app.add_option("--port", c.port, "The town's port; terminals use the next one")
      ->capture_default_str()
      ->check(CLI::Range(1, 65534));
  app.add_option("--database", c.database, "The ledger's SQLite file; made if it is not there")->required();
  app.add_option("--log-key", c.log_keys,
                 "The log's private key (Ed25519, PEM, mode 0600); while it changes, the next one too")
      ->required()
      ->expected(1, 8);
  app.add_option("--server-key", c.server_keys,
                 "The server's private key (P-256, PEM, mode 0600); while it changes, the next one too")
      ->required()
      ->expected(1, 8);
  app.add_option("--cert", c.cert, "The TLS certificate chain (PEM)")->required();
  app.add_option("--cert-key", c.cert_key, "Its private key (PEM, mode 0600)")->required();
  app.add_option("--client-ca", c.client_ca, "The authority of the terminals' certificates (PEM)")
      ->required();
  app.add_option("--crl", c.crl, "Its revocation list (PEM); read again whenever it changes")->required();
  app.add_option("--ca-dir", c.ca_dir, "The authority's folder, to issue terminals' certificates");
  app.add_option("--auditor-token", c.auditor_token, "A file with the token that may read entry bundles");
  app.add_flag("--open-entries", c.open_entries, "Let anyone read entry bundles");
  app.add_option("--witness", c.witnesses,
                 "A witness that cosigns the log: \"URL vkey\"; once for each, at most 64")
      ->expected(1, 64);
  app.add_option("--witness-ca", c.witness_ca,
                 "The authority of the witnesses' certificates (PEM); else the system's");
  app.add_option("--pages", c.pages, "The folder of the pages");
  const auto add_limit = [&app](const char* name, int& value, int least, const char* help) {
    app.add_option(name, value, help)->capture_default_str()->check(CLI::Range(least, 100'000'000));
  };
  add_limit("--enrolments-per-hour", c.enrolments_per_hour, 1, "From one address");
  add_limit("--sign-ins-per-minute", c.sign_ins_per_minute, 1, "From one address");
  add_limit("--requests-per-minute", c.requests_per_minute, 10,
            "Of one device or till; a tenth of them at once");
  add_limit("--visits-per-minute", c.visits_per_minute, 1, "From one address, of what anyone may ask");
  app.add_option("--workers", c.workers, "Threads that handle requests")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
}

void declare(CLI::App& app, Once& once) {
  app.add_option("--confirm-head", once.confirm_head, "After a restore: how many entries it has")
      ->configurable(false)
      ->check(CLI::NonNegativeNumber);
  app.add_option("--seen", once.seen, "After a restore: a checkpoint that was seen outside; may be repeated")
      ->configurable(false)
      ->take_all();
}

}  // namespace dfb::server
