// The demo town's folder under its fixed names: made once, then read by the server, by scripts and by people.
//
//   ca.crt log.vkey auditor.token people.json server.conf     what run.sh promises
//   genesis.hash     the first entry's leaf hash: pinned beside the vkey, it fixes the roots too
//   ledger.db keys/*.pem tls/server.{crt,key} ca/             what they refer to
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "api/demo/founding.h"

namespace dfb::demo {

struct FolderPlan {
  std::string folder;
  std::string origin = "baqiao.example/points";
  std::string pages;                                            // the folder of the pages
  std::vector<std::string> hosts = {"localhost", "127.0.0.1"};  // in the certificate
  std::uint16_t port = 8443;
  FoundingPlan founding;
};

// Makes it beside its final place and moves it there when it is complete, so that an interrupted run leaves
// nothing half made. io_error when the folder exists; the errors of certificates, store and writer.
Result<void> make_folder(const FolderPlan& plan);

// What scripts need of it. io_error, malformed.
struct TownFolder {
  std::string folder, origin, log_vkey;
  std::vector<DemoPerson> people;
  std::string path(const std::string& name) const { return folder + "/" + name; }
  Result<PrivateKey> key(const std::string& name) const;  // keys/<name>.pem
};
Result<TownFolder> read_folder(const std::string& folder);

}  // namespace dfb::demo
