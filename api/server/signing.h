// Signing by key files, away from the server: how the roots change the town's keys, and administrators its
// policy. A file holds a command as POST /v1/root-commands takes it, a payload and its signatures; it goes
// from root to root, each adds one signature, and whoever has the last one sends it. Nothing here reads the
// ledger or the network.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "api/routes/types.h"
#include "ledger/base/result.h"
#include "ledger/book/command.h"

namespace dfb::server {

struct SigningPlan {
  std::string key, file, act, until, document, from;
  std::int64_t policy_version = 0;
  std::vector<std::string> fresh;  // public keys, or the log's vkey
  int threshold = 2;
  bool is_new = false, yes = false;
};

// Adds the subcommands key, propose and sign. Of the server's own options they want --origin alone.
void declare(CLI::App& app, SigningPlan& plan);

// A new P-256 key in a file of its own (0600), or one that is there; prints its public half. io_error,
// malformed, bad_config.
Result<void> make_key(const SigningPlan& plan);
// What a command's file holds. malformed.
struct CommandFile {
  routes::SignedCommand command;
  book::Payload payload;
};
Result<CommandFile> parse_command_file(std::string_view text);
// Writes a new command, good for six days, with this key's signature, the first. Says in words what it is
// and asks before. bad_config: an option, or nobody said yes; io_error: the file is there.
Result<void> propose(const std::string& origin, const SigningPlan& plan);
// Adds one signature to the file, likewise. malformed, too_late, bad_config: also a key that has signed.
Result<void> sign_file(const std::string& origin, const SigningPlan& plan);

}  // namespace dfb::server
