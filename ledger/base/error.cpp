#include "ledger/base/error.h"

namespace dfb {

std::string_view name(Code code) {
  switch (code) {
#define DFB_X(enumerator, number) \
  case Code::enumerator:          \
    return #enumerator;
    DFB_CODES(DFB_X)
#undef DFB_X
  }
  return "internal";
}

std::optional<Code> code_from_name(std::string_view text) {
#define DFB_X(enumerator, number) \
  if (text == #enumerator) return Code::enumerator;
  DFB_CODES(DFB_X)
#undef DFB_X
  return std::nullopt;
}

std::string to_string(const Error& error) {
  std::string text(name(error.code));
  if (!error.detail.empty()) text += ": " + error.detail;
  return text;
}

}  // namespace dfb
