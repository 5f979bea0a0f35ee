// A log that a witness is asked about: the golden tree, its key and its checkpoints of any size.
#pragma once
#include "api/witness/submission.h"
#include "tests/unit/log/note_vectors.h"

namespace dfb::witness::test {

using log::test::fails_with;
using log::test::golden;
using log::test::golden_key;
using log::test::golden_root;
using log::test::golden_tree;
using log::test::golden_vkey;
using log::test::hash_of;
using log::test::hashes_of;
using log::test::text_of;

inline constexpr const char* kLog = "vectors.example/town";
inline constexpr const char* kWitness = "witness.example/shop";

inline std::string signed_note(std::int64_t size, const Hash& root) {
  return log::sign_checkpoint({kLog, size, root}, golden_key("log_key_seed"));
}
// REQUIRES: a size that the golden vectors have.
inline std::string signed_note(std::int64_t size) { return signed_note(size, golden_root(size)); }

inline std::vector<Hash> path(std::int64_t old_size, std::int64_t new_size) {
  return log::consistency_path(old_size, new_size, golden_tree()).value();
}

// What an honest log sends.
inline std::string submission(std::int64_t old_size, std::int64_t new_size) {
  return format_submission(old_size, path(old_size, new_size), signed_note(new_size));
}

}  // namespace dfb::witness::test
