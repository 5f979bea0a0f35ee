// The fields of a JSON object that the town has answered: the getters that answer.h is read with.
//
// Each fails with malformed, and names the field, when it is missing or of another kind. Threads: a value.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/base/uuid.h"
#include "ledger/book/types.h"
#include "ledger/crypto/keys.h"

namespace boost::json {
class object;
}

namespace dfb::terminal {

class AnswerFields {
 public:
  static Result<AnswerFields> of(std::string_view body);  // malformed: not the JSON of an object
  static Error missing(std::string_view field);

  bool has(std::string_view field) const;    // also when it is null
  bool holds(std::string_view field) const;  // there, and not null
  Result<std::string> text(std::string_view field) const;
  // As text(), fit to be shown: without control characters, and at most so many columns wide.
  Result<std::string> shown(std::string_view field, int columns_max = 32) const;
  Result<std::vector<std::string>> texts(std::string_view field) const;
  Result<std::int64_t> integer(std::string_view field) const;  // from 0
  Result<book::Points> points(std::string_view field) const;
  Result<book::AccountId> account(std::string_view field) const;
  Result<KeyId> key(std::string_view field) const;
  Result<Uuid> uuid(std::string_view field) const;
  Result<bool> boolean(std::string_view field) const;
  std::optional<AnswerFields> object(std::string_view field) const;  // none where it is anything else
  Result<std::vector<AnswerFields>> objects(std::string_view field, std::size_t count_max = SIZE_MAX) const;

 private:
  explicit AnswerFields(std::shared_ptr<const boost::json::object> object) : object_(std::move(object)) {}

  std::shared_ptr<const boost::json::object> object_;  // keeps the whole answer that it is a part of
};

}  // namespace dfb::terminal
