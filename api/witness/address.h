// Where a witness is and by which key its cosignatures are known: "https://witness.example/bq <vkey>".
// Threads: values.
#pragma once
#include <string>
#include <string_view>

#include "ledger/log/note.h"

namespace dfb::witness {

struct Address {
  std::string url;  // the prefix, without a slash at its end
  log::Vkey vkey;   // of the type cosignature
};

// bad_config.
Result<Address> parse_address(std::string_view text);

}  // namespace dfb::witness
