// Bringing a terminal into the town with a one-time code, and renewing its certificate. Source: docs/api.md.
//
// Every step can be repeated: after a crash or a lost answer the same call goes on where it stopped, with the
// key that it made. Threads: one; nobody else may work in the folder.
#pragma once
#include <functional>
#include <string>

#include "ledger/base/random.h"
#include "terminal/setup.h"

namespace dfb::terminal {

struct EnrolOptions {
  std::string server;  // https://host:port
  std::string ca_file;
  Folder folder;
  std::string code;  // as typed
};

// Makes the folder, pins the town, makes the till's key, has it entered in the ledger by the ticket's key
// (the entry's receipt is verified), fetches the certificate and writes the setup last. Fails with
//   malformed       the code cannot be one
//   not_found       the code is wrong, used by another terminal or has run out
//   bad_config      the folder belongs to an enrolled terminal, or its files do not fit
//   and as HttpClient, verify_answer and the files do.
Result<Setup> enrol(const EnrolOptions& options, const Clock& clock, Random& random);

// A new certificate for the same key. Needs no old one.
Result<void> renew_certificate(const Folder& folder, const std::string& server, const PrivateKey& key);

// The same once less than a third of the certificate's time is left, or it cannot be read. True when it was
// renewed.
Result<bool> renew_when_due(const Folder& folder, const std::string& server, const PrivateKey& key, TimeUs now_us);

}  // namespace dfb::terminal
