// What each subcommand of defenbao-certs does, apart from reading its arguments.
#pragma once
#include <string>
#include <vector>

#include "ledger/base/clock.h"
#include "ledger/base/result.h"

namespace dfb::certs {

struct IssueArguments {
  std::string folder, name, out;
  std::vector<std::string> alternatives;  // server
  std::string key_file, request_file;     // an existing key, or a request
  int days = 0;
};

Result<void> init(const std::string& folder, const std::string& name, TimeUs now_us);
// Writes <out>.crt, and <out>.key unless there is a key; never replaces a file.
Result<void> issue_server(const IssueArguments& arguments, TimeUs now_us);
Result<void> issue_terminal(const IssueArguments& arguments, TimeUs now_us);
Result<void> revoke(const std::string& folder, const std::string& serial, TimeUs now_us);
Result<void> list(const std::string& folder, bool as_json, TimeUs now_us);
Result<void> crl(const std::string& folder, TimeUs now_us);

}  // namespace dfb::certs
