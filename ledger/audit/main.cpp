// defenbao-audit: checks a log from outside, with its public key alone. Exit 0 sound, 1 unsound, 2 could not
// check.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "ledger/audit/audit.h"
#include "ledger/audit/progress.h"
#include "ledger/audit/report.h"
#include "ledger/base/arguments.h"
#include "ledger/base/encoding.h"

namespace {

using namespace dfb;
using namespace dfb::audit;

constexpr int kCouldNot = 2;
constexpr std::size_t kSmallFileMax = 128 * 1024;
constexpr std::size_t kBodyMax =
    17 * 1024 * 1024;  // the largest bundle: 256 entries of 65,535 bytes and their lengths

struct Arguments {
  std::string log, key, genesis, token, ca, checkpoint, receipt, entry, save, lang, state, policy, trial,
      html;
  std::string as_of;
  std::vector<std::string> seen, accounts;
  bool json = false, quiet = false, tree_only = false;
  std::size_t memory_mb = 64;
  std::string temp;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

void describe(CLI::App& app, Arguments& a) {
  app.add_option("--log", a.log, "URL of the log (https://host:port/log) or a folder that holds a copy of it")
      ->required();
  app.add_option("--key", a.key, "the log's public key: its vkey line, or a file that holds it")->required();
  app.add_option("--token", a.token, "file with an auditor's token, where entries are not open to everybody");
  app.add_option("--ca", a.ca, "file with the certificate authority (PEM) of the server");
  app.add_option("--checkpoint", a.checkpoint,
                 "file with an older checkpoint: the log must begin with what it signed");
  auto* receipt =
      app.add_option("--receipt", a.receipt, "file with a receipt, which must prove --entry in this log");
  auto* entry = app.add_option("--entry", a.entry, "file with the text of the receipt's entry");
  receipt->needs(entry);
  entry->needs(receipt);
  app.add_option(
      "--seen", a.seen,
      "file with a checkpoint or receipt kept from earlier, which the log must continue; may be repeated");
  app.add_option("--genesis", a.genesis,
                 "leaf hash of the first entry, 43 characters of base64url, or a file with it");
  auto* tree_only =
      app.add_flag("--tree-only", a.tree_only, "check hashes alone, without reading entries: needs no token");
  app.add_option("--state", a.state,
                 "file that keeps what was verified, so that the next run starts there; made if absent")
      ->excludes(tree_only);
  app.add_option(
      "--policy", a.policy,
      "file with a witness policy (tlog-policy): the checkpoint must bear its quorum's cosignatures");
  app.add_option("--try-policy", a.trial,
                 "file with a policy nobody has published, its payload's line or a proposed command: what it would have made of the last month")
      ->excludes(tree_only);
  auto* as_of = app.add_option("--as-of", a.as_of,
                               "entry's number, day (2026-11-24) or time (2026-11-24T18:30:00, UTC+8): how "
                               "each --account stood right after it")
                    ->excludes(tree_only);
  auto* account = app.add_option("--account", a.accounts, "account that --as-of asks for; may be repeated");
  as_of->needs(account);
  account->needs(as_of);
  app.add_option("--html", a.html, "file for the report as a page with charts");
  app.add_option("--save", a.save, "new folder for a copy of everything that is fetched");
  app.add_flag("--json", a.json, "write the report as one JSON document");
  app.add_option("--lang", a.lang, "language of the report")->check(CLI::IsMember({"zh", "en"}));
  app.add_option("--memory", a.memory_mb,
                 "MB of memory for the replayed state, 64 unless given; beyond it temporary files are used")
      ->check(CLI::Range(1U, 1U << 20));
  app.add_option(
         "--temp", a.temp,
         "folder for temporary files, else the system's: some 0.5 kB an entry at most; nothing stays there")
      ->check(CLI::ExistingDirectory);
  app.add_option("--threads", a.threads, "threads that check signatures")->check(CLI::Range(1U, 256U));
  app.add_flag("--quiet", a.quiet, "no progress bar");
}

Lang lang_of(const std::string& wanted) {
  if (!wanted.empty()) return wanted == "zh" ? Lang::zh : Lang::en;
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(variable); value && *value)
      return std::string_view(value).starts_with("zh") ? Lang::zh : Lang::en;
  return Lang::en;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find_first_of("\r\n")); }

// The payload of a command's file as POST /v1/root-commands takes it; else the file's first line.
std::string payload_line(const std::string& text) {
  boost::system::error_code error;
  const auto command = boost::json::parse(text, error);
  const auto* object = error ? nullptr : command.if_object();
  const auto* payload = object ? object->if_contains("payload") : nullptr;
  return payload && payload->is_string() ? std::string(payload->as_string()) : first_line(text);
}

Result<log::Vkey> read_key(const std::string& key) {
  auto parsed = log::parse_vkey(key);
  if (parsed) return parsed;
  auto text = read_file(key, kSmallFileMax);
  if (!text) return fail(Code::bad_config, "--key is neither a vkey line nor a file that can be read");
  auto from_file = log::parse_vkey(first_line(*text));
  if (!from_file) return fail(Code::bad_config, "--key " + key + ": " + from_file.error().detail);
  return from_file;
}

Result<Hash> read_genesis(const std::string& genesis) {
  if (const auto hash = parse_hash_text(genesis)) return *hash;
  const auto text = read_file(genesis, kSmallFileMax);
  if (!text)
    return fail(Code::bad_config, "--genesis is neither a hash of 43 characters nor a file that can be read");
  const auto hash = parse_hash_text(first_line(*text));
  if (!hash) return fail(Code::bad_config, "--genesis " + genesis + ": no hash of 43 characters");
  return *hash;
}

Result<std::optional<std::string>> read_optional(const std::string& path) {
  if (path.empty()) return std::optional<std::string>();
  DFB_TRY(std::string text, read_file(path, kSmallFileMax));
  return std::optional<std::string>(std::move(text));
}

Result<std::unique_ptr<Source>> open_source(const Arguments& a) {
  if (!a.log.starts_with("http://") && !a.log.starts_with("https://")) return folder_source(a.log);
  fetch::Options options;
  options.ca_file = a.ca;
  options.body_bytes_max = kBodyMax;
  DFB_TRY(const auto token, read_optional(a.token));
  if (token) options.bearer_token = first_line(*token);
  return http_source(a.log, std::move(options));
}

// What the auditor brings along to judge by: the first entry's hash, a witness policy, a policy to try.
Result<void> read_judges(const Arguments& a, Task& task) {
  if (!a.genesis.empty()) {
    DFB_TRY(task.genesis, read_genesis(a.genesis));
  }
  DFB_TRY(const auto policy, read_optional(a.policy));
  if (policy) {
    auto parsed = parse_witness_policy(*policy);
    if (!parsed) return fail(Code::bad_config, "--policy " + a.policy + ": " + parsed.error().detail);
    task.witnesses = std::move(*parsed);
  }
  DFB_TRY(const auto trial, read_optional(a.trial));
  if (trial) {
    auto parsed = TrialPolicy::parse(payload_line(*trial));
    if (!parsed) return fail(Code::bad_config, "--try-policy " + a.trial + ": " + to_string(parsed.error()));
    task.trial = std::move(*parsed);
  }
  if (!a.as_of.empty()) {
    std::vector<book::AccountId> accounts;
    for (const std::string& text : a.accounts) {
      const auto id = book::parse_account(text);
      if (!id) return fail(Code::bad_config, "--account " + text + ": an account has 13 characters");
      accounts.push_back(*id);
    }
    auto parsed = AsOf::parse(a.as_of, std::move(accounts));
    if (!parsed) return fail(Code::bad_config, "--as-of " + a.as_of + ": " + parsed.error().detail);
    task.as_of = std::move(*parsed);
  }
  return ok();
}

// As a whole file or not at all.
Result<void> write_page(const std::string& path, const std::string& page) {
  std::ofstream out(path + ".new", std::ios::binary | std::ios::trunc);
  out << page;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(path + ".new", path, error);
  if (!out || error) return fail(Code::io_error, path + ": the page cannot be written");
  return ok();
}

Result<Report> run(const Arguments& a, Lang lang) {
  DFB_TRY(log::Vkey key, read_key(a.key));
  Task task{.key = std::move(key)};
  DFB_TRY(task.older_checkpoint, read_optional(a.checkpoint));
  DFB_TRY(task.receipt, read_optional(a.receipt));
  DFB_TRY(task.entry, read_optional(a.entry));
  for (const std::string& path : a.seen) {
    DFB_TRY(std::string bytes, read_file(path, kSmallFileMax));
    task.seen.push_back({path, std::move(bytes)});
  }
  DFB_TRY_VOID(read_judges(a, task));
  task.state_file = a.state;
  task.tree_only = a.tree_only;
  task.memory.bytes = a.memory_mb << 20;
  std::error_code no_temp;
  task.memory.folder = a.temp.empty() ? std::filesystem::temp_directory_path(no_temp).string() : a.temp;
  if (no_temp)
    return fail(Code::bad_config,
                "the system's folder for temporary files is not there; name one with --temp");
  task.threads = a.threads;
  DFB_TRY(const auto source, open_source(a));
  std::unique_ptr<Source> saving;
  if (!a.save.empty()) {
    DFB_TRY_VOID(prepare_folder(a.save));
    saving = saving_source(*source, a.save);
  }
  Progress progress(!a.quiet && isatty(STDERR_FILENO) == 1, lang);
  task.progress = [&](std::int64_t done, std::int64_t all) { progress.show(done, all); };
  return audit::audit(saving ? *saving : *source, task);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app(
      "Checks a points ledger from outside, with its public key alone.\nExit status: 0 sound, 1 unsound, 2 "
      "could not check.",
      "defenbao-audit");
  Arguments arguments;
  describe(app, arguments);
  if (const auto ended = parse_arguments(app, "defenbao-audit", argc, argv)) return *ended;
  const Lang lang = lang_of(arguments.lang);
  auto report = run(arguments, lang);
  if (!report) {
    Report could_not;
    could_not.could_not = report.error();
    if (arguments.json) std::cout << to_json(could_not);
    std::cerr << "defenbao-audit: " << to_string(report.error()) << "\n";
    return kCouldNot;
  }
  if (!arguments.html.empty())
    if (const auto written = write_page(arguments.html, to_html(*report, lang)); !written) {
      std::cerr << "defenbao-audit: " << to_string(written.error()) << "\n";
      return kCouldNot;
    }
  std::cout << (arguments.json ? to_json(*report) : to_text(*report, lang));
  if (report->could_not) std::cerr << "defenbao-audit: " << to_string(*report->could_not) << "\n";
  return answered("defenbao-audit", exit_status(report->verdict));
} catch (const std::exception& error) {
  std::cerr << "defenbao-audit: " << error.what() << "\n";
  return kCouldNot;
}
