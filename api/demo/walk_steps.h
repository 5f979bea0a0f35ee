// What the walkthrough's steps share: the running town, printing in two languages, and checks that end the
// walk. Internal to the demo.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "api/demo/client.h"
#include "api/demo/fault_proxy.h"
#include "api/demo/process.h"
#include "api/demo/town_folder.h"
#include "api/demo/walkthrough.h"
#include "ledger/book/codes.h"
#include "ledger/log/note.h"

namespace dfb::demo {

struct StepFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One walk. Threads: one.
class Walk {
 public:
  explicit Walk(const WalkPlan& plan);

  void found_and_start();
  void enrol_resident();
  void verify_resident();
  void check_in();
  void enrol_terminals();
  void sell();
  void refuse_used_code();
  void refuse_bad_codes();
  void lose_answer();
  void lose_request();
  void refund();
  void reserve_and_pick_up();
  void approve_by_two();
  void reverse_award();
  void ask_witness();
  void audit();
  void find_changed_byte();
  void stop();

 private:
  void step(const std::string& zh, const std::string& en);
  void say(const std::string& zh, const std::string& en);
  void quote(const std::string& text);  // another program's words, set off from the walk's own
  void held(bool holds, const std::string& what);
  template <class T>
  T must(Result<T> result, const std::string& what) {
    if (!result) throw StepFailed(what + ": " + to_string(result.error()));
    if constexpr (!std::is_void_v<T>) return *std::move(result);
  }

  std::string url(int offset = 0) const { return "https://localhost:" + std::to_string(port_ + offset); }
  std::string program(const std::string& name) const { return plan_.programs + "/" + name; }
  std::string till(int n) const { return town_.path("till-" + std::to_string(n)); }
  Client client(const std::string& till_folder = "");  // with a till's certificate: on the terminals' port
  Finished terminal(int n, std::vector<std::string> words);
  void refused(const Finished& ended, Code why);  // by a terminal, which says why
  std::string fresh_code(const PrivateKey& device,
                         std::int64_t limit = 200);  // waits for an unused time step
  std::int64_t balance();
  void start_witness();  // before the server, which then has it in its configuration
  log::Vkey log_key();
  fetch::Response offer_to_witness(std::int64_t old_size, const std::string& note);
  // A console on till 1 whose line can be made bad, stopped before the cashier confirms `points`.
  std::unique_ptr<Process> console_before_confirming(int points);
  void await(Process& process, const std::string& text, std::chrono::seconds limit, const std::string& what);
  // Waits for the exit status 0; what the process wrote.
  std::string end(Process& process);
  std::unique_ptr<Process> sell_on_bad_line(void (FaultProxy::*lose)(bool));
  void end_unknown_sale(Process& console, std::int64_t balance_before, bool had_arrived);
  // The dead connection ends, and the line is good again.
  void mend_line();
  SignedLine last_sent(int n);  // the newest command in a till's journal
  void prove(const Json& answer, const std::string& what);
  void retry_late(const SignedLine& sale, std::int64_t expected_balance, bool had_arrived);

  WalkPlan plan_;
  SystemClock clock_;
  SystemRandom random_;
  TownFolder town_;
  std::optional<Entrant> entrant_;
  std::uint16_t port_ = 0;
  int steps_ = 0;
  std::unique_ptr<Process> server_, witness_;
  std::uint16_t witness_port_ = 0;
  std::string witness_vkey_;
  std::unique_ptr<FaultProxy> line_;  // between till 1 and the server
  std::optional<PrivateKey> phone_;
  std::optional<Client> resident_;
  book::AccountId account_;
  std::int64_t last_step_ = 0;
  std::string used_code_;
  std::string sale_id_;
};

}  // namespace dfb::demo
