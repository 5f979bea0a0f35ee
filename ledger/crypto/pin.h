// A PIN as it is kept: scrypt (N 16384, r 8, p 1; RFC 7914), so that each guess at a stolen table costs 16
// MiB and some 50 ms. Short PINs are protected by counting tries, not by this. Threads: pure.
#pragma once
#include <string_view>

#include "ledger/base/bytes.h"

namespace dfb {

Hash pin_hash(std::string_view pin, std::string_view salt);

}  // namespace dfb
