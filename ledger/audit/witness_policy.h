// Whose cosignatures an auditor wants to see under a checkpoint: their own file, never the town's word.
// Source: c2sp.org/tlog-policy.
//
//   # a comment
//   log <vkey> [url]
//   witness <name> <vkey> [url]
//   group <name> all|any|<k> <member>...
//   quorum <name>|none
//
// A name is defined before it is used, and once; exactly one quorum. Threads: values; pure functions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log/note.h"

namespace dfb::audit {

struct WitnessPolicy {
  struct Witness {
    std::string name;
    log::Vkey key;  // of the cosignature type
  };
  struct Group {
    std::string name;
    std::size_t needed = 0;  // of the members
    std::vector<std::string> members;
  };
  std::vector<log::Vkey> logs;
  std::vector<Witness> witnesses;
  std::vector<Group> groups;
  std::string quorum;  // a witness or a group; empty: none is needed
};

// malformed, naming the line.
Result<WitnessPolicy> parse_witness_policy(std::string_view text);

// One cosignature under a checkpoint.
struct Cosigned {
  std::size_t witness = 0;  // index into the policy's
  std::int64_t time_s = 0;  // Unix seconds
};

// Every cosignature by a witness of the policy; lines of others are ignored. bad_signature when a line of a
// known witness does not hold.
Result<std::vector<Cosigned>> cosignatures(const log::Note& note, const WitnessPolicy& policy);

bool has_quorum(const WitnessPolicy& policy, const std::vector<Cosigned>& cosigned);
// The quorum as a person reads it: "town: 2 of (station, school, council)".
std::string quorum_text(const WitnessPolicy& policy);

}  // namespace dfb::audit
