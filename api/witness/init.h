// Founds a witness: its key, its state's folder and a configuration to begin with, in a new folder.
#pragma once
#include <string>
#include <vector>

#include "ledger/log/note.h"

namespace dfb::witness {

struct InitPlan {
  std::string folder;
  std::string name;
  std::vector<std::string> logs;  // vkeys, or files that hold one
  std::string address = "127.0.0.1";
  int port = 8446;
};

//   witness.pem (0600)  witness.vkey  witness.conf  state/
// Touches no file that is there. bad_config, io_error, malformed.
Result<log::Vkey> init(const InitPlan& plan);

// A vkey, or what the file of that name holds.
Result<log::Vkey> vkey_or_file(const std::string& text);

}  // namespace dfb::witness
