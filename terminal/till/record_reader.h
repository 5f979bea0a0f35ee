// Reads what stands in the journal's records: the getters of json::Fields that know this project's values, and the
// command that a record carries. Source: docs/formats.md#journal. Threads: one a reader; the functions are pure.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "ledger/base/strict_json.h"
#include "terminal/till/journal.h"
#include "terminal/till/sale.h"

namespace dfb::terminal {

inline constexpr std::size_t kStaffIdMax = 32;

// A getter whose field is missing or wrong gives an empty value, and done() of fields() fails.
class RecordReader {
 public:
  static Result<RecordReader> of(const std::string& text);  // corrupt: not an object

  json::Fields& fields() { return fields_; }
  Uuid uuid(std::string_view name);
  Hash hash(std::string_view name);
  std::string bytes(std::string_view name);
  book::AccountId account(std::string_view name);
  SignedLine line() { return {bytes("payload"), bytes("signature")}; }
  std::int64_t integer(std::string_view name, std::int64_t min = 0);
  Basket goods();  // empty where none were named

 private:
  explicit RecordReader(std::unique_ptr<json::Value> value)
      : value_(std::move(value)), fields_(std::get<json::Object>(value_->data)) {}
  template <class T, class Parse>
  T get(std::string_view name, std::size_t max, Parse parse);

  std::unique_ptr<json::Value> value_;
  json::Fields fields_;
};

// Of a record that carries a command.
Kind kind_of_record(What what);

// The sale, refund, void or shift report as the payload of its command tells it. corrupt: the payload is another's.
// REQUIRES: id, kind, command and goods are the record's.
Result<void> fill_from_payload(Sale& sale);
// The same for a reservation's pick-up: of the resident, the cash part and the goods the payload says nothing, the record
// has them.
Result<void> fill_from_pickup(Sale& sale);

}  // namespace dfb::terminal
