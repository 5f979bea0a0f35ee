// Collects every refusal that applies to a command and keeps the first in the order of the numbers, so that a
// decision may look at the rules in whatever order reads best.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/result.h"

namespace dfb::book {

class Verdict {
 public:
  void refuse(Code code, std::string detail) { found_.push_back(fail(code, std::move(detail))); }
  void refuse_if(bool applies, Code code, const char* detail) {
    if (applies) refuse(code, detail);
  }
  bool has(Code first, Code last) const {
    for (const auto& error : found_)
      if (error.code >= first && error.code <= last) return true;
    return false;
  }
  Result<void> result() const {
    const Error* first = nullptr;
    for (const auto& error : found_)
      if (!first || error.code < first->code) first = &error;
    return first ? Result<void>(*first) : ok();
  }

 private:
  std::vector<Error> found_;
};

}  // namespace dfb::book
