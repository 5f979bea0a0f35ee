// defenbao-demo: founds the demo town, shows its people, draws a QR code, and drives the walkthrough.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstring>
#include <iostream>

#include "api/demo/load.h"
#include "api/demo/officer_commands.h"
#include "api/demo/town_folder.h"
#include "api/demo/walkthrough.h"
#include "api/qr/qr.h"
#include "ledger/base/arguments.h"

namespace {

using namespace dfb;
using namespace dfb::demo;

int refuse(const Error& error) {
  std::cerr << "defenbao-demo: " << error.detail << " [" << name(error.code) << "]\n";
  return 2;
}

int make(FolderPlan plan) {
  plan.founding.progress = [](int done, int all) {
    if (isatty(STDERR_FILENO) == 1 || done % 50 == 0) std::cerr << "[" << done << "/" << all << "]\n";
  };
  const auto made = make_folder(plan);
  return made ? 0 : refuse(made.error());
}

// As a shell takes it back: whole, whatever it holds.
std::string quoted(const std::string& path) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || std::strchr("/._-+", c) || c >= 0x80; };
  if (!path.empty() && std::all_of(path.begin(), path.end(), plain)) return path;
  std::string out = "'";
  for (const char c : path) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Everybody's one-time codes, of the residents the first: enough to begin with.
int people(const std::string& folder, const std::string& url, bool chinese) {
  const auto town = read_folder(folder);
  if (!town) return refuse(town.error());
  int residents = 0, tills = 0;
  for (const auto& person : town->people) {
    if (person.role == "resident" && ++residents > 3) continue;
    std::cout << "    " << person.name << " (" << person.role << ", " << person.scope << ")";
    if (person.role != "shop") std::cout << "  " << url << "/#ticket=" << person.ticket;
    if (person.role == "shop")
      std::cout << "\n      build/bin/defenbao-terminal --dir var/till-" << ++tills << " enrol --server "
                << url << " --ca " << quoted(folder + "/ca.crt") << " --code " << person.ticket;
    if (!person.key_file.empty() && person.role != "resident")
      std::cout << "\n      " << (chinese ? "脚本用的密钥 " : "key for scripts ") << folder << "/keys/"
                << person.key_file << ".pem";
    std::cout << "\n";
  }
  return answered("defenbao-demo", 0);
}

int draw(const std::string& text) {
  std::cout << dfb::qr::terminal_blocks(text);
  return answered("defenbao-demo", 0);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("A demo town of Defenbao");
  app.require_subcommand(1);
  FolderPlan plan;
  WalkPlan walk_plan;
  std::string lang = "en", url, text;
  auto* make_command = app.add_subcommand("make", "Found the town in a new folder");
  make_command->add_option("--dir", plan.folder, "The folder; must not exist, or be empty")->required();
  make_command->add_option("--port", plan.port, "The town's port")->capture_default_str();
  make_command->add_option("--pages", plan.pages, "The folder of the pages");
  make_command->add_option("--residents", plan.founding.residents, "How many people")
      ->capture_default_str()
      ->check(CLI::Range(24, 100000));
  auto* people_command = app.add_subcommand("people", "Print who is in the town and how they sign in");
  people_command->add_option("--dir", plan.folder, "The town's folder")->required();
  people_command->add_option("--url", url, "The town's address")->required();
  people_command->add_option("--lang", lang, "zh or en")->check(CLI::IsMember({"zh", "en"}));
  auto* qr_command = app.add_subcommand("qr", "Draw a text as a QR code in this terminal");
  qr_command->add_option("text", text, "The text")->required();
  auto* walk_command = app.add_subcommand("walkthrough", "Drive a fresh town once, without a person");
  walk_command->add_option("--bin", walk_plan.programs, "The folder of the programs")->required();
  walk_command
      ->add_option("--dir", walk_plan.folder, "The town's folder; an older walkthrough there is removed")
      ->required();
  walk_command->add_option("--pages", walk_plan.pages, "The folder of the pages");
  walk_command->add_option("--lang", lang, "zh or en")->check(CLI::IsMember({"zh", "en"}));
  std::string shop, cashier_pin, manager_pin;
  auto* staff_command =
      app.add_subcommand("staff", "Give a shop a cashier and a manager, who sign in at its tills from then on");
  staff_command->add_option("--dir", plan.folder, "The town's folder")->required();
  staff_command->add_option("--url", url, "The town's address")->required();
  staff_command->add_option("--shop", shop, "The shop's name or account")->required();
  staff_command->add_option("--pin", cashier_pin, "The cashier's PIN: 6 digits")->required();
  staff_command->add_option("--manager-pin", manager_pin, "The manager's PIN: 6 digits")->required();
  std::string account, pin, community = "lijing";
  auto* verify_command = app.add_subcommand("verify", "Let the grid officer verify a resident");
  verify_command->add_option("--dir", plan.folder, "The town's folder")->required();
  verify_command->add_option("--url", url, "The town's address")->required();
  verify_command->add_option("--account", account, "The resident's account")->required();
  auto* card_command =
      app.add_subcommand("card", "Open an account without a phone, with 50 points and a printed card");
  card_command->add_option("--dir", plan.folder, "The town's folder")->required();
  card_command->add_option("--url", url, "The town's address")->required();
  card_command->add_option("--pin", pin, "The card's PIN: 6 digits")->required();
  auto* site_command = app.add_subcommand("site", "Print the link that a station's code shows now");
  site_command->add_option("--dir", plan.folder, "The town's folder")->required();
  site_command->add_option("--url", url, "The town's address")->required();
  site_command->add_option("--community", community, "lijing, changjia or shuangcheng")
      ->capture_default_str();
  LoadPlan load_plan;
  auto* load_command = app.add_subcommand("load", "Put a measured load on a running town");
  load_command->add_option("--dir", load_plan.folder, "The town's folder")->required();
  load_command->add_option("--url", load_plan.url, "The town's address")->required();
  load_command->add_option("--clients", load_plan.clients, "Clients at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  load_command->add_option("--seconds", load_plan.seconds, "How long")
      ->capture_default_str()
      ->check(CLI::Range(1, 3600));
  if (const auto ended = parse_arguments(app, "defenbao-demo", argc, argv)) return *ended;
  try {
    if (*make_command) return make(plan);
    if (*people_command) return people(plan.folder, url, lang == "zh");
    if (*qr_command) return draw(text);
    if (*verify_command) {
      const auto done = verify_resident(plan.folder, url, account);
      return done ? 0 : refuse(done.error());
    }
    if (*staff_command) {
      const auto done = employ(plan.folder, url, shop, cashier_pin, manager_pin);
      return done ? 0 : refuse(done.error());
    }
    if (*card_command) {
      const auto digits = issue_card(plan.folder, url, pin);
      if (!digits) return refuse(digits.error());
      std::cout << *digits << "\n";
      return answered("defenbao-demo", 0);
    }
    if (*site_command) {
      const auto link = site_link(plan.folder, url, community);
      if (!link) return refuse(link.error());
      std::cout << *link << "\n";
      return answered("defenbao-demo", 0);
    }
    if (*load_command) {
      const auto done = run_load(load_plan);
      return done ? 0 : refuse(done.error());
    }
    walk_plan.chinese = lang == "zh";
    return walk(walk_plan);
  } catch (const std::exception& error) {
    return refuse(fail(Code::internal, error.what()));
  }
}
