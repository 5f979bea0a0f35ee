// A witness: cosigns that a log's checkpoint extends all that it cosigned before. Source:
// c2sp.org/tlog-witness.
//
// Promises:
//   - What is cosigned was made durable before; so also across crashes no two cosigned checkpoints of one log
//     contradict each other, and none is smaller than the one before.
//   - Requests for one log are taken one after the other; logs do not wait for each other.
// That holds while its folder survives. A folder that is lost, or was restored from a copy, is retired
// together with its key.
//
// add_checkpoint() answers with the first of these that applies:
//   400 malformed            404 unknown log           403 no signature, or a bad one, of a known key of the
//   log 400 old > new size       409 old is not what was cosigned last: `<size>\n`, text/x.tlog.size 422 the
//   path does not prove it (of old 0 or of equal sizes: it is not empty, or the roots differ) 500 not durable
//   200 the cosignature's line
// Bodies of refusals are one line of text for people. Threads: any.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.h"
#include "api/witness/record.h"
#include "api/witness/submission.h"
#include "ledger/base/clock.h"
#include "ledger/base/files.h"
#include "ledger/crypto/keys.h"

namespace dfb::witness {

class Witness {
 public:
  struct Options {
    std::string name;
    PrivateKey key;                         // Ed25519
    std::vector<log::Vkey> logs;            // trusted; several keys of one name are one log's
    std::string folder;                     // made by found_state() for this name and key
    std::function<void()> after_step = {};  // for tests of crashes; see Record::advance()
  };
  // bad_config: no logs, a name or key of the wrong kind, a folder of another witness or in use; corrupt;
  // io_error.
  static Result<std::unique_ptr<Witness>> open(Options options, const Clock& clock);

  http::Response add_checkpoint(std::string_view body);
  // The size last cosigned, of each log; for people.
  std::vector<std::pair<std::string, std::int64_t>> sizes();
  log::Vkey vkey() const;

 private:
  struct Log {
    Log(std::vector<log::Vkey> keys_in, Record record_in)
        : keys(std::move(keys_in)), record(std::move(record_in)) {}
    const std::vector<log::Vkey> keys;
    std::mutex mutex;  // for the record
    Record record;
  };
  Witness(Options options, File lock, const Clock& clock)
      : options_(std::move(options)), lock_(std::move(lock)), clock_(clock) {}
  http::Response cosign(Log& log, const Submission& submission);

  const Options options_;
  const File lock_;  // no second process signs on this folder
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<Log>> logs_;  // by origin; not changed after open()
};

// The folder in which a witness keeps its records, and which key signs from it. io_error when it exists.
Result<void> found_state(const std::string& folder, const log::Vkey& witness);

}  // namespace dfb::witness
