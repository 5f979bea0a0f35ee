// SHA-256. Threads: pure; the fetched digest is shared, a context belongs to its thread.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"

namespace dfb {

Hash sha256(std::string_view bytes);
// Over the concatenation of the parts, without building it.
Hash sha256(std::initializer_list<std::string_view> parts);

}  // namespace dfb
