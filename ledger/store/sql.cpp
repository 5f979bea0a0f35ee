#include "ledger/store/sql.h"

namespace dfb::sql {
namespace {

template <class T>
const T& get(const Row& row, std::size_t column, const char* type) {
  if (column >= row.size())
    throw Error("column " + std::to_string(column) + " of a row with " + std::to_string(row.size()));
  if (const T* value = std::get_if<T>(&row.at(column))) return *value;
  throw Error("column " + std::to_string(column) + " is not " + type);
}

}  // namespace

std::int64_t Row::integer(std::size_t column) const { return get<std::int64_t>(*this, column, "an integer"); }
const std::string& Row::text(std::size_t column) const { return get<std::string>(*this, column, "a text"); }
const std::string& Row::bytes(std::size_t column) const { return get<Bytes>(*this, column, "bytes").data; }

}  // namespace dfb::sql
