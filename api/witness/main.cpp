// defenbao-witness: cosigns the logs that it was told to trust, if they only ever grow.
//
// Exit status: 0 stopped as asked, 2 could not start (one line says why).
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstring>
#include <iostream>

#include "api/http/router.h"
#include "api/http/server.h"
#include "api/witness/init.h"
#include "api/witness/witness.h"
#include "ledger/base/arguments.h"

namespace {

using namespace dfb;

constexpr int kCouldNotStart = 2;

struct Config {
  std::string name, key, state;
  std::vector<std::string> logs;
  std::string address = "127.0.0.1", prefix, cert, cert_key;
  int port = 8446;
};

int refuse(const Error& error) {
  std::cerr << "defenbao-witness: " << error.detail << " [" << name(error.code) << "]\n";
  return kCouldNotStart;
}

void declare(CLI::App& app, Config& c) {
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_config("--config", "", "A file of `name = value` lines: the options below without dashes");
  app.add_option("--name", c.name, "The witness's name, such as witness.example/town");
  app.add_option("--key", c.key, "Its private key (Ed25519, PEM, mode 0600)");
  app.add_option("--state", c.state, "Its state's folder, as `init` made it; never restore it from a copy");
  app.add_option("--log", c.logs, "A trusted log's vkey, or a file that holds it; once for each key");
  app.add_option("--address", c.address, "The address to listen on")->capture_default_str();
  app.add_option("--port", c.port, "The port")->capture_default_str()->check(CLI::Range(1, 65535));
  app.add_option("--prefix", c.prefix, "The path before /add-checkpoint, such as /bq");
  app.add_option("--cert", c.cert,
                 "The TLS certificate chain (PEM); without it plain HTTP, on loopback alone");
  app.add_option("--cert-key", c.cert_key, "Its private key (PEM, mode 0600)");
}

CLI::App* declare_init(CLI::App& app, witness::InitPlan& plan) {
  auto* init = app.add_subcommand("init", "Make a witness: key, state and configuration; prints its vkey");
  init->configurable(false);
  init->add_option("--dir", plan.folder, "The folder")->required();
  init->add_option("--name", plan.name, "The witness's name, such as witness.example/town")->required();
  init->add_option("--log", plan.logs, "A log to trust: its vkey, or a file that holds it")->required();
  init->add_option("--address", plan.address, "The address to listen on")->capture_default_str();
  init->add_option("--port", plan.port, "The port")->capture_default_str()->check(CLI::Range(1, 65535));
  return init;
}

Result<witness::Witness::Options> options_of(const Config& config) {
  if (config.name.empty() || config.key.empty() || config.state.empty())
    return fail(Code::bad_config, "name, key and state are needed; `defenbao-witness init` makes them");
  DFB_TRY(PrivateKey key, load_private_key(config.key));
  witness::Witness::Options options{config.name, std::move(key), {}, config.state};
  for (const std::string& text : config.logs) {
    DFB_TRY(log::Vkey vkey, witness::vkey_or_file(text));
    options.logs.push_back(std::move(vkey));
  }
  return options;
}

http::Router router_of(witness::Witness& witness, const std::string& prefix) {
  http::Router router;
  router.add({"POST", prefix + "/add-checkpoint", [&witness](const http::Request& request, const auto&) {
                return witness.add_checkpoint(request.body);
              }});
  router.add({"GET", prefix + "/healthz", [](const http::Request&, const auto&) {
                return http::Response{200, "application/json", R"({"status":"ok"})", {}};
              }});
  return router;
}

Result<void> check_prefix(const std::string& prefix) {
  const bool plain = prefix.find_first_of("{}? ") == std::string::npos;
  if (prefix.empty() || (prefix.starts_with('/') && !prefix.ends_with('/') && plain)) return ok();
  return fail(Code::bad_config, "--prefix is a path such as /bq");
}

int serve(const Config& config, const sigset_t& signals) {
  if (const auto fits = check_prefix(config.prefix); !fits) return refuse(fits.error());
  auto options = options_of(config);
  if (!options) return refuse(options.error());
  const SystemClock clock;
  auto witness = witness::Witness::open(*std::move(options), clock);
  if (!witness) return refuse(witness.error());
  const http::Router router = router_of(**witness, config.prefix);

  http::Port port;
  port.address = config.address;
  port.port = static_cast<std::uint16_t>(config.port);
  port.cert_file = config.cert;
  port.key_file = config.cert_key;
  port.handler = [&router](const http::Request& request) { return router.handle(request); };
  http::Limits limits;
  limits.body_bytes_max = witness::kSubmissionBytesMax;
  limits.connections_max = 200;
  limits.connections_of_one_max = 50;
  limits.io_threads = 1;
  limits.worker_threads = 8;
  http::Hooks hooks;
  hooks.log = [](const std::string& line) { spdlog::warn("{}", line); };
  hooks.answered = [](const http::Request& request, int status, std::int64_t micros) {
    spdlog::info("{} {} {} {} us", request.method, request.path, status, micros);
  };
  auto http = http::Server::start({port}, limits, std::move(hooks));
  if (!http) return refuse(http.error());
  for (const auto& [origin, size] : (*witness)->sizes())
    spdlog::info("{}: cosigned {} entries", origin, size);
  spdlog::info("ready: {}://{}:{}{} as {}", config.cert.empty() ? "http" : "https", config.address,
               config.port, config.prefix, format_vkey((*witness)->vkey()));
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  (*http)->stop();
  spdlog::info("stopped on {}", strsignal(signal));
  return 0;
}

int found(const witness::InitPlan& plan) {
  const auto vkey = witness::init(plan);
  if (!vkey) return refuse(vkey.error());
  std::cout << format_vkey(*vkey) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A witness of Defenbao: cosigns checkpoints of logs that only grow. Runs until SIGTERM.");
  Config config;
  witness::InitPlan plan;
  declare(app, config);
  CLI::App* init = declare_init(app, plan);
  app.set_version_flag("--version", DFB_VERSION);
  if (const auto ended = parse_arguments(app, "defenbao-witness", argc, argv)) return *ended;
  if (*init) return found(plan);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  spdlog::set_default_logger(spdlog::stderr_logger_mt("witness"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  try {
    return serve(config, signals);
  } catch (const std::exception& error) {
    return refuse(dfb::fail(dfb::Code::internal, error.what()));
  }
}
