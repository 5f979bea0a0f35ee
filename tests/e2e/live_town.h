// A demo town of a test's own, served by the real defenbao-server over real TLS.
//
// The town is founded once for the whole binary; every LiveTown is a copy of that folder with ports of its
// own. What goes wrong while setting up throws std::runtime_error, which fails the test. Threads: one, but
// client(), key(), path() and url() from any.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "api/demo/client.h"
#include "api/demo/process.h"
#include "api/demo/town_folder.h"
#include "ledger/book/codes.h"
#include "tests/support/temp_folder.h"

namespace dfb::e2e {

using demo::Client;
using demo::Finished;
using demo::Json;
using demo::Process;
using demo::SignedLine;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string program(const std::string& name);  // the path of defenbao-<name>

template <class T>
T must(Result<T> result, const std::string& what) {
  if (!result) throw std::runtime_error(what + ": " + to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

struct Phone {
  book::AccountId account;
  PrivateKey key;
};
struct Till {
  std::string folder;
  book::AccountId shop;
  PrivateKey key;
};

class LiveTown {
 public:
  struct Options {
    bool started = true;
    int residents = 24;
    bool open_entries = true;
    bool limits_lifted = true;  // how often somebody may ask
    std::string more_config;  // lines
  };
  LiveTown() : LiveTown(Options{}) {}
  explicit LiveTown(const Options& options);

  // The server on this town's folder and ports; `wrapper` runs it: words before the program's own.
  Process launch(const std::vector<std::string>& wrapper = {}, const std::vector<std::string>& more = {});
  void start();                     // and waits until it is ready
  void kill() { server_->kill(); }  // kill -9
  Finished stop();                  // SIGTERM
  Process& server() { return *server_; }

  std::string path(const std::string& name) const { return folder_.path("town/" + name); }
  std::string url(int offset = 0) const { return "https://localhost:" + std::to_string(port_ + offset); }
  std::uint16_t port() const { return port_; }
  const demo::TownFolder& facts() const { return facts_; }
  PrivateKey key(const std::string& name) const { return must(facts_.key(name), name); }
  demo::Entrant& entrant() { return entrant_; }
  std::string log_vkey_file() const { return path("log.vkey"); }

  Client client(const std::string& token = "") const;
  Client client(const Till& till) const;  // on the terminals' port
  Client signed_in(const PrivateKey& device);

  // The n-th resident of the demo (from 1) who has a phone and points: 1, 4, 7… live in Lijing.
  Phone resident(int n) const;
  // Enrols a new resident at level phone.
  Phone enrol(const std::string& name = "林小雨");
  void verify(const Phone& who);  // by Lijing's officer
  // Brings the n-th shop's terminal in (1 to 3), by its program.
  Till enrol_till(int n);
  // Another till of that one's shop, by a ticket of the office.
  Till enrol_beside(const Till& till, const std::string& folder);

  SignedLine check_in(const Phone& who, const std::string& task, const std::string& rule);
  // A code that was not shown before; waits for the phone's next time step if it has to.
  std::string pay_code(const Phone& who, std::int64_t limit = 200);
  SignedLine redeem(const Till& at, const Phone& who, const std::string& code, std::int64_t points);
  std::int64_t balance(const Phone& who);

  Finished terminal(const Till& till, std::vector<std::string> words) const;
  Finished audit(std::vector<std::string> words = {}) const;

 private:
  test::TempFolder folder_;
  std::uint16_t port_ = 0;
  demo::TownFolder facts_;
  SystemClock clock_;
  SystemRandom random_;
  demo::Entrant entrant_;
  std::unique_ptr<Process> server_;
  std::map<book::AccountId, std::int64_t> last_steps_;
};

}  // namespace dfb::e2e
