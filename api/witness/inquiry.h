// One witness asked for its cosignature over one checkpoint: the log's side of add-checkpoint.
// Threads: one at a time.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/witness/address.h"
#include "ledger/fetch/http_client.h"
#include "ledger/log/checkpoint.h"

namespace dfb::witness {

// A checkpoint that the log wants cosigned.
struct Offer {
  log::Checkpoint checkpoint;
  std::string note;  // signed by the log
  // The proof that it extends the log's first `old_size` entries. not_found beyond its size; corrupt.
  std::function<Result<std::vector<Hash>>(std::int64_t old_size)> consistency;
};

struct Cosignature {
  log::NoteSignature line;
  std::int64_t time_s = 0;  // by the witness's clock
};

class Inquiry {
 public:
  Inquiry(Address address, const std::string& ca_file);

  // Tries the size that the witness is known to have, and once more with the size that it answers (409).
  // Errors: unreachable, timed_out; inconsistent: it refuses what the log says is its history, or has seen a
  // larger tree than the log has; bad_signature, unknown_key: the line that it answered; malformed, internal:
  // what else it answered; those of `consistency`.
  Result<Cosignature> ask(const Offer& offer);

  // The largest size that the witness spoke of; 0 before the first answer.
  std::int64_t known_size() const { return known_size_; }
  void set_known_size(std::int64_t size) { known_size_ = size; }

 private:
  Result<Cosignature> read_lines(const std::string& body, const Offer& offer) const;

  const Address address_;
  fetch::HttpClient http_;
  std::int64_t known_size_ = 0;
};

}  // namespace dfb::witness
