// defenbao-server: the town hall. Builds every object from top to bottom, serves until SIGTERM or SIGINT,
// drains, exits. With backup, restore, check or rebuild it does that instead.
//
// Exit status: 0 stopped as asked, 2 could not start (one line says why), 70 stopped in doubt about durable
// state; the next start reads what is there.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <thread>

#include "api/http/server.h"
#include "api/programme/schema.h"
#include "api/routes/table.h"
#include "api/server/config.h"
#include "api/server/confirm.h"
#include "api/server/cosigning.h"
#include "api/server/log_keys.h"
#include "api/server/progress.h"
#include "api/server/reopen.h"
#include "api/server/server_keys.h"
#include "api/server/signing.h"
#include "api/server/timekeeper.h"
#include "api/server/upkeep.h"
#include "certs/authority.h"
#include "ledger/base/arguments.h"
#include "ledger/crypto/hash.h"
#include "ledger/store/sqlite_file.h"
#include "ledger/writer/log_keys.h"
#include "ledger/writer/rebuild.h"

namespace {

using namespace dfb;

constexpr int kCouldNotStart = 2, kInDoubt = 70;

int refuse(const std::string& what, const Error& error) {
  std::cerr << "defenbao-server: " << what << ": " << error.detail << " [" << name(error.code) << "]\n";
  return kCouldNotStart;
}

Result<Hash> token_hash(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!file || !(file >> token) || token.size() < 16)
    return fail(Code::bad_config, path + " should hold one token of at least 16 characters");
  return sha256(token);
}

// A connection takes a descriptor, and Debian gives a process 1,024 unless it asks: without this a few
// hundred idle phones would leave none for the database. Returns how many connections a port may have.
int connections_in_descriptors(int wanted, int ports) {
  constexpr int kForFiles = 256;
  const auto needed = static_cast<rlim_t>(wanted * ports + kForFiles);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= needed) return wanted;
  const int fewer = std::max(16, (static_cast<int>(limit.rlim_cur) - kForFiles) / ports);
  spdlog::warn("only {} open files are allowed: {} connections a port; see ulimit -n", limit.rlim_cur, fewer);
  return fewer;
}

// Waits for SIGTERM or SIGINT. They are blocked in every thread, so that only this one sees them.
void wait_for_stop(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  spdlog::info("stopping on {}", strsignal(signal));
}

// The revocation list runs out; the server that owns the authority's folder keeps it fresh.
class CrlKeeper {
 public:
  CrlKeeper(const certs::Authority& authority, const Clock& clock)
      : thread_([this, &authority, &clock](std::stop_token stop) {
          for (int minute = 0; !stop.stop_requested(); ++minute) {
            if (minute % 60 == 0)
              if (const auto done = authority.refresh_crl(clock.now_us()); !done)
                spdlog::error("revocation list: {}", done.error().detail);
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, stop, std::chrono::minutes(1), [] { return false; });
          }
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

// Whether a restored ledger must stay as it is: two checkpoints of one size are the one thing that can not be
// mended.
bool stays_read_only(store::Store& store, const log::Signer& own, const server::Evidence& evidence) {
  const auto mark = store::restored(*store.snapshot());
  if (!mark) {
    if (evidence.confirmed_size >= 0)
      spdlog::warn("--confirm-head: this ledger was not restored; nothing to confirm");
    return false;
  }
  if (evidence.confirmed_size >= 0) {
    const auto confirmed = server::confirm_restored(store, own, evidence);
    if (confirmed) {
      spdlog::warn("the restore to {} entries is confirmed by {} checkpoints and {} witnesses", mark->size,
                   evidence.seen.size(), evidence.witnesses.size());
      return false;
    }
    spdlog::error("not confirmed: {} [{}]", confirmed.error().detail, name(confirmed.error().code));
  }
  spdlog::warn(
      "this ledger was restored to {} entries: reads only, until a start with --confirm-head {} and --seen "
      "FILE for "
      "the newest checkpoints that tills, pages, auditors and witnesses have kept",
      mark->size, mark->size);
  return true;
}

int serve(const server::Config& config, const server::Once& once, const sigset_t& signals) {
  const auto signer = server::load_log_keys(config);
  if (!signer) return refuse("log key", signer.error());
  const auto server_keys = server::load_server_keys(config);
  if (!server_keys) return refuse("server key", server_keys.error());
  std::optional<Hash> auditor_token;
  if (!config.auditor_token.empty()) {
    const auto hash = token_hash(config.auditor_token);
    if (!hash) return refuse("auditor token", hash.error());
    auditor_token = *hash;
  }

  SystemClock clock;
  SystemRandom random;
  auto store = store::open_sqlite(config.database, programme::migrations());
  if (!store) return refuse("database", store.error());
  {
    server::ProgressLine line("making the tables of this version", "entries");
    const auto replayed =
        replay_rows(**store, [&line](std::int64_t done, std::int64_t all) { line.show(done, all); });
    if (!replayed) return refuse("ledger", replayed.error());
  }
  Writer::Options options;
  options.origin = config.origin;
  auto witnesses = server::witness_addresses(config);
  if (!witnesses) return refuse("witnesses", witnesses.error());
  options.read_only = stays_read_only(
      **store, *signer, {once.confirm_head, once.seen, *std::move(witnesses), config.witness_ca});
  options.fatal = [](const std::string& why) {
    spdlog::critical(
        "the last commit is in doubt, the process ends and reads what is there at its next start: {}", why);
    spdlog::shutdown();
    _exit(kInDoubt);
  };
  const bool writer_reads_only = options.read_only;
  auto writer = Writer::start(**store, *signer, clock, std::move(options));
  if (!writer) return refuse("ledger", writer.error());
  if (const auto fits = server::check_server_keys(**store, *server_keys, clock.now_us()); !fits)
    return refuse("server key", fits.error());
  KeyCache keys(**store);
  programme::Sessions sessions(config.origin, clock, random);
  programme::Presentations presentations;
  programme::RateLimit enrolments(config.enrolments_per_hour, kHourUs);
  programme::RateLimit sign_ins(config.sign_ins_per_minute, kMinuteUs);
  programme::RateLimit callers(config.requests_per_minute / 10, kMinuteUs / 10);
  programme::RateLimit visitors(config.visits_per_minute, kMinuteUs);

  std::optional<certs::Authority> authority;
  std::optional<CrlKeeper> crl_keeper;
  if (!config.ca_dir.empty()) {
    auto opened = certs::Authority::open(config.ca_dir);
    if (!opened) return refuse("certificate authority", opened.error());
    authority.emplace(*std::move(opened));
    crl_keeper.emplace(*authority, clock);
  }

  auto log_keys = known_log_keys(*(*store)->snapshot(), *signer);
  if (!log_keys) return refuse("ledger", log_keys.error());
  auto collector = server::open_collector(config, *std::move(log_keys), **store, **writer, clock, random);
  if (!collector) return refuse("witnesses", collector.error());

  std::atomic<bool> draining = false;
  std::atomic<http::Server*> running = nullptr;  // after its ports are open
  routes::Services services{config.origin,
                            signer->vkeys().front(),
                            *server_keys,
                            clock,
                            **store,
                            **writer,
                            keys,
                            sessions,
                            presentations,
                            enrolments,
                            sign_ins,
                            callers,
                            visitors,
                            config.open_entries,
                            auditor_token,
                            config.pages,
                            {},
                            [&draining] { return draining.load(); },
                            [&running, &collector, &config, &store] {
                              const http::Server* server = running;
                              auto warnings = server ? server->warnings() : std::vector<std::string>();
                              server::add_warnings(collector->get(), warnings);
                              server::add_warnings(config, **store, warnings);
                              return warnings;
                            },
                            [](const std::string& line) { spdlog::error("{}", line); }};
  server::lend_cosignatures(collector->get(), services);
  if (authority)
    services.issue_certificate = [&](const std::string& csr, book::AccountId shop) -> Result<std::string> {
      DFB_TRY(const certs::Issued issued, authority->issue_terminal(csr, to_string(shop), clock.now_us()));
      return issued.chain_pem;
    };
  const auto town = routes::town_router(services);
  if (!town) return refuse("pages", town.error());
  const http::Router tills = routes::till_router(services);

  const auto port = [&config](int offset, const http::Router& router) {
    http::Port out;
    out.address = config.address;
    out.port = static_cast<std::uint16_t>(config.port + offset);
    out.cert_file = config.cert;
    out.key_file = config.cert_key;
    out.handler = [&router](const http::Request& request) { return router.handle(request); };
    return out;
  };
  http::Port till_port = port(1, tills);
  till_port.client_ca_file = config.client_ca;
  till_port.crl_file = config.crl;
  till_port.favoured = true;
  http::Limits limits;
  limits.worker_threads = config.workers;
  limits.favoured_threads = config.workers / 8;
  limits.connections_max = connections_in_descriptors(limits.connections_max, 2);
  http::Hooks hooks;
  hooks.log = [](const std::string& line) { spdlog::warn("{}", line); };
  hooks.answered = [](const http::Request& request, int status, std::int64_t micros) {
    spdlog::log(status >= 500 ? spdlog::level::warn : spdlog::level::debug, "{} {} {} {} us", request.method,
                request.path, status, micros);
  };
  auto http = http::Server::start({port(0, *town), till_port}, limits, std::move(hooks));
  if (!http) return refuse("port", http.error());
  running = http->get();
  std::optional<server::Timekeeper> timekeeper;
  if (!writer_reads_only)
    timekeeper.emplace(server::Timekeeper::Parts{config.origin, **store, **writer, keys, *server_keys, clock,
                                                 [](const std::string& line) { spdlog::info("{}", line); }});
  if (*collector) (*collector)->start();

  spdlog::info("ready: https://{}:{}, terminals on {}, {} entries{}", config.address, config.port,
               config.port + 1, (*writer)->head()->checkpoint.size, writer_reads_only ? ", reads only" : "");
  wait_for_stop(signals);
  draining = true;
  (*http)->stop();
  timekeeper.reset();
  if (*collector) (*collector)->stop();
  (*writer)->stop();
  spdlog::info("stopped after entry {}", (*writer)->head()->checkpoint.size);
  return 0;
}

struct Upkeep {
  std::string to, from, out;
  bool force = false;
  server::ReopenPlan reopen;
  server::SigningPlan signing;
};

// Each takes --config, or the options it stands for, like the server itself.
void declare(CLI::App& app, Upkeep& upkeep) {
  app.require_subcommand(0, 1);
  const auto add = [&app](const char* name, const char* what) {
    auto* const one = app.add_subcommand(name, what);
    one->fallthrough();
    one->configurable(false);
    return one;
  };
  auto* const backup =
      add("backup", "Copy the ledger's file, also while the server runs, and verify the copy");
  backup->add_option("--to", upkeep.to, "The copy")->required();
  backup->add_flag("--force", upkeep.force, "Replace a file of that name");
  add("restore",
      "Put a backup where the ledger belongs; the server then answers reads only until it is confirmed")
      ->add_option("--from", upkeep.from, "The backup")
      ->required();
  add("check", "Read every page of the ledger's file");
  add("log-key", "Make the log's next key in a new file, and print its vkey")
      ->add_option("--out", upkeep.out, "The new file")
      ->required();
  auto* const reopen = add("reopen", "Begin a new origin with the balances of a ledger that cannot go on");
  reopen->add_option("--from", upkeep.reopen.from, "The old ledger's file, restored or ended")->required();
  reopen->add_option("--root", upkeep.reopen.roots, "A root's key file; all of them")->required()->take_all();
  reopen
      ->add_option("--administrator", upkeep.reopen.administrators,
                   "An administrator's key file; two or more")
      ->required()
      ->take_all();
  reopen->add_option("--threshold", upkeep.reopen.threshold, "Root signatures needed from now on")
      ->capture_default_str();
  server::declare(app, upkeep.signing);
  add("rebuild", "Make a new file from the entries alone, with the programme's tables")
      ->add_option("--to", upkeep.to, "The new file")
      ->required();
}

int keep_up(const std::string& what, const server::Config& config, const Upkeep& upkeep) {
  try {
    const auto done = what == "backup"    ? server::backup(config, upkeep.to, upkeep.force)
                      : what == "restore" ? server::restore(config, upkeep.from)
                      : what == "check"   ? server::check(config)
                      : what == "log-key" ? server::make_log_key(config, upkeep.out)
                      : what == "reopen"  ? server::reopen(config, upkeep.reopen)
                      : what == "key"     ? server::make_key(upkeep.signing)
                      : what == "propose" ? server::propose(config.origin, upkeep.signing)
                      : what == "sign"    ? server::sign_file(config.origin, upkeep.signing)
                                          : server::rebuild(config, upkeep.to);
    return done ? 0 : refuse(what, done.error());
  } catch (const std::exception& error) {
    return refuse(what, fail(Code::io_error, error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The town hall of Defenbao: ledger, API and pages over TLS. Runs until SIGTERM or Ctrl-C.");
  dfb::server::Config config;
  dfb::server::declare(app, config);
  dfb::server::Once once;
  dfb::server::declare(app, once);
  Upkeep upkeep;
  declare(app, upkeep);
  app.set_version_flag("--version", DFB_VERSION);
  if (const auto ended = parse_arguments(app, "defenbao-server", argc, argv)) return *ended;
  if (const auto asked = app.get_subcommands(); !asked.empty())
    return keep_up(asked.front()->get_name(), config, upkeep);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  spdlog::set_default_logger(spdlog::stderr_logger_mt("server"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  try {
    return serve(config, once, signals);
  } catch (const std::exception& error) {
    return refuse("start", dfb::fail(dfb::Code::internal, error.what()));
  }
}
