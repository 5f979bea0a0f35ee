// defenbao-certs: the town's certificate authority on the command line. Exit 0 done, 1 not done, 2 wrong
// arguments.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>

#include "certs/authority.h"
#include "certs/commands.h"
#include "certs/subject_alternative.h"
#include "ledger/base/arguments.h"

namespace {

using dfb::Result;
using dfb::TimeUs;

struct Arguments {
  dfb::certs::IssueArguments server, terminal;
  std::string folder, name = "defenbao town", serial;
  bool json = false;
};

// For CLI11: empty when the text is right.
std::string check_alternative(const std::string& text) {
  const auto parsed = dfb::certs::parse_subject_alternative(text);
  return parsed.has_value() ? "" : parsed.error().detail;
}

std::string check_serial(const std::string& text) {
  const auto parsed = dfb::certs::parse_serial(text);
  return parsed.has_value() ? "" : parsed.error().detail;
}

void add_days(CLI::App* command, int& days) {
  command->add_option("--days", days, "How long it is valid, at most 397")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(1, dfb::certs::kDaysMax).description(""));
}

void add_folder(CLI::App* command, std::string& folder) {
  command->add_option("--dir", folder, "The authority's folder")->required()->type_name("FOLDER");
}

void add_issue(CLI::App* issue, Arguments& arguments, std::function<Result<void>(TimeUs)>& chosen) {
  auto& server = arguments.server;
  CLI::App* command = issue->add_subcommand("server", "For a server that is reached under the given names");
  server.days = dfb::certs::kServerDays;
  add_folder(command, server.folder);
  command->add_option("--name", server.name, "What it is called in the list")->required()->type_name("NAME");
  command
      ->add_option("--san", server.alternatives,
                   "Host name or address, such as localhost or IP:127.0.0.1; repeatable")
      ->required()
      ->type_name("NAME")
      ->expected(1)
      ->check(CLI::Validator(check_alternative, ""))
      ->take_all();
  command->add_option("--out", server.out, "Writes PREFIX.crt and PREFIX.key")
      ->required()
      ->type_name("PREFIX");
  command->add_option("--key", server.key_file, "Use this key and write PREFIX.crt alone")->type_name("FILE");
  add_days(command, server.days);
  command->callback([&] { chosen = [&](TimeUs now) { return dfb::certs::issue_server(server, now); }; });

  auto& terminal = arguments.terminal;
  command = issue->add_subcommand("terminal", "For a till, from its request or key");
  terminal.days = dfb::certs::kTerminalDays;
  add_folder(command, terminal.folder);
  command->add_option("--name", terminal.name, "What it is called in the list")
      ->required()
      ->type_name("NAME");
  CLI::Option_group* source = command->add_option_group("Request or key");
  source->add_option("--csr", terminal.request_file, "The till's certificate request, PEM")
      ->type_name("FILE");
  source->add_option("--key", terminal.key_file, "The till's private key, PEM")->type_name("FILE");
  source->require_option(1);
  command->add_option("--out", terminal.out, "Writes PREFIX.crt")->required()->type_name("PREFIX");
  add_days(command, terminal.days);
  command->callback([&] { chosen = [&](TimeUs now) { return dfb::certs::issue_terminal(terminal, now); }; });
}

void add_commands(CLI::App& app, Arguments& arguments, std::function<Result<void>(TimeUs)>& chosen) {
  CLI::App* command =
      app.add_subcommand("init", "Make the authority: ca.crt, ca.key, ca.db and an empty ca.crl");
  add_folder(command, arguments.folder);
  command->add_option("--name", arguments.name, "The town's name, shown to people who are asked to trust it")
      ->capture_default_str()
      ->type_name("NAME");
  command->callback(
      [&] { chosen = [&](TimeUs now) { return dfb::certs::init(arguments.folder, arguments.name, now); }; });

  command = app.add_subcommand("issue", "Issue a certificate");
  command->require_subcommand(1);
  add_issue(command, arguments, chosen);

  command = app.add_subcommand(
      "revoke", "Revoke a certificate and write ca.crl, which servers read again by themselves");
  add_folder(command, arguments.folder);
  command->add_option("serial", arguments.serial, "As `list` shows it")
      ->check(CLI::Validator(check_serial, ""))
      ->required()
      ->type_name("SERIAL");
  command->callback([&] {
    chosen = [&](TimeUs now) { return dfb::certs::revoke(arguments.folder, arguments.serial, now); };
  });

  command = app.add_subcommand("list", "Show what was issued");
  add_folder(command, arguments.folder);
  command->add_flag("--json", arguments.json, "As JSON");
  command->callback(
      [&] { chosen = [&](TimeUs now) { return dfb::certs::list(arguments.folder, arguments.json, now); }; });

  command = app.add_subcommand("crl", "Write ca.crl anew, valid for 30 days");
  add_folder(command, arguments.folder);
  command->callback([&] { chosen = [&](TimeUs now) { return dfb::certs::crl(arguments.folder, now); }; });
}

// A complaint is one line: a script's log keeps it whole.
int complain(std::string text, int status) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::fprintf(stderr, "defenbao-certs: %s\n", text.c_str());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The town's certificate authority: certificates for its servers and tills.", "defenbao-certs");
  app.require_subcommand(1);
  app.footer("Exit status: 0 done, 1 not done, 2 wrong arguments.");
  Arguments arguments;
  std::function<Result<void>(TimeUs)> chosen;
  add_commands(app, arguments, chosen);
  app.footer(
      "Example:\n"
      "  defenbao-certs init --dir ca --name 'My town'\n"
      "  defenbao-certs issue server --dir ca --name web --san localhost --san IP:127.0.0.1 --out server\n" +
      app.get_footer());
  if (const auto ended = dfb::parse_arguments(app, "defenbao-certs", argc, argv)) return *ended;
  const Result<void> done = chosen(dfb::SystemClock().now_us());
  if (!done.has_value()) return complain(done.error().detail, 1);
  return std::fflush(stdout) == 0 ? 0 : complain("cannot write the answer", 1);
}
