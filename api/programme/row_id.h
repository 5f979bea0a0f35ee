// The id in a row that was selected by hand. Throws std::runtime_error for bytes that are none: the store is damaged.
#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>

#include "ledger/base/uuid.h"

namespace dfb::programme {

inline Uuid row_id(const std::string& bytes) {
  Uuid id;
  if (bytes.size() != id.bytes.size()) throw std::runtime_error("the store holds an id that is none");
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

}  // namespace dfb::programme
