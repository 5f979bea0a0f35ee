// The walkthrough's witness: somebody else's program that remembers how far the log had come.
#include <fstream>
#include <thread>

#include "api/demo/walk_steps.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace dfb::demo {

void Walk::start_witness() {
  witness_port_ = free_port();
  const std::string folder = town_.path("witness");
  const Finished made =
      run({program("defenbao-witness"), "init", "--dir", folder, "--name", "station.example/witness", "--log",
           town_.path("log.vkey"), "--port", std::to_string(witness_port_)});
  held(made.status == 0, "the witness's key: " + made.err);
  witness_vkey_ = made.out.substr(0, made.out.find('\n'));
  witness_ = std::make_unique<Process>(
      std::vector<std::string>{program("defenbao-witness"), "--config", folder + "/witness.conf"});
  held(witness_->wait_for(" ready: "), "the witness did not start: " + witness_->err());
  std::ofstream(town_.path("server.conf"), std::ios::app)
      << "witness = [\"http://127.0.0.1:" << witness_port_ << " " << witness_vkey_ << "\"]\n";
}

log::Vkey Walk::log_key() { return must(log::parse_vkey(town_.log_vkey), "log.vkey"); }

fetch::Response Walk::offer_to_witness(std::int64_t old_size, const std::string& note) {
  fetch::HttpClient http{fetch::Options{}};
  const std::string body = "old " + std::to_string(old_size) + "\n\n" + note;
  return must(
      http.post("http://127.0.0.1:" + std::to_string(witness_port_) + "/add-checkpoint", "text/plain", body),
      "the witness");
}

void Walk::ask_witness() {
  step("见证者联署检查点；另一份历史它不签",
       "A witness cosigns the checkpoint; another history it does not sign");
  const log::Vkey witness = must(log::parse_vkey(witness_vkey_), "the witness's key");
  std::string note;
  Result<std::vector<log::Verified>> cosigned = fail(Code::unknown_key);
  for (int tenths = 0; tenths < 200 && !cosigned; ++tenths) {
    if (tenths > 0) std::this_thread::sleep_for(milliseconds(100));
    note = must(client().get_text("/log/checkpoint"), "the checkpoint");
    cosigned = log::verify_note(must(log::parse_note(note), "the checkpoint"), {&witness, 1});
  }
  held(cosigned.has_value(), "the newest checkpoint should get its cosignature: " + server_->err());
  const log::Checkpoint checkpoint = must(log::open_checkpoint(note, log_key()), "the checkpoint");
  const std::string size = std::to_string(checkpoint.size),
                    time = format_time(cosigned->front().time_s * kSecondUs);
  quote(note);
  say("见证者 " + witness.name + " 于 " + time + " 联署：这是它见过的最大的树，共 " + size + " 条",
      witness.name + " cosigned at " + time + ": the largest tree it has seen, of " + size + " entries");

  // The operator, with the log's own key, shows the witness another history.
  const auto key = must(town_.key("log"), "the log's key");
  const auto offer = [&](std::int64_t old_size, std::int64_t new_size) {
    return offer_to_witness(old_size,
                            log::sign_checkpoint({town_.origin, new_size, sha256("another history")}, key));
  };
  const int other = offer(checkpoint.size, checkpoint.size).status;
  const int longer = offer(checkpoint.size, checkpoint.size + 1).status;
  const auto shorter = offer(checkpoint.size - 1, checkpoint.size - 1);
  held(other == 422 && longer == 422 && shorter.status == 409 && shorter.body == size + "\n",
       "the witness must refuse another history");
  say("用账本自己的密钥签另一份历史：同样大小 422，更大 422，更小 409——见证者都不签",
      "another history, signed by the log's own key: of the same size 422, larger 422, smaller 409");
}

}  // namespace dfb::demo
