// Errors as values: a function that can fail answers Result<T>, and only fail() makes a failed one.
// Exceptions are for start-up and for bugs.
#pragma once
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "ledger/base/error.h"

namespace dfb {

template <class T>
using Result = boost::system::result<T, Error>;

// Found by argument-dependent look-up when value() is called on a failed Result: a bug in the caller.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("value() of a failed Result: " + to_string(error));
}

[[nodiscard]] inline Error fail(Code code, std::string detail = {}) { return Error{code, std::move(detail)}; }

// The success of a Result<void>.
inline Result<void> ok() { return {}; }

// DFB_TRY(auto x, f()): x = the value of f(), or return its error from the calling function.
// DFB_TRY_VOID(f()): the same without a value.
#define DFB_CONCAT_(a, b) a##b
#define DFB_CONCAT(a, b) DFB_CONCAT_(a, b)
#define DFB_TRY(declaration, expression) DFB_TRY_(declaration, expression, DFB_CONCAT(dfb_try_, __LINE__))
#define DFB_TRY_(declaration, expression, temporary)     \
  auto&& temporary = (expression);                       \
  if (!temporary.has_value()) return temporary.error();  \
  declaration = std::move(temporary).value()
#define DFB_TRY_VOID(expression) DFB_TRY_VOID_(expression, DFB_CONCAT(dfb_try_, __LINE__))
#define DFB_TRY_VOID_(expression, temporary)                               \
  if (auto&& temporary = (expression); !temporary.has_value()) return temporary.error()

}  // namespace dfb
