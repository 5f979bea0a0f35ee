// One hash for the keys of all row types. Threads: pure.
#pragma once
#include <functional>
#include <string_view>

#include "ledger/book/rows.h"

namespace dfb::book {

struct RowHash {
  template <class Key>
  std::size_t operator()(const Key& key) const {
    std::size_t hash = 0;
    Key::columns(key, [&](const char*, const auto& field) { hash = hash * 31 + of(field); });
    return hash;
  }

 private:
  static std::size_t of(std::int64_t number) { return of_bytes(&number, sizeof number); }
  static std::size_t of(const AccountId& id) { return of_bytes(&id.value, sizeof id.value); }
  static std::size_t of(const Hash& hash) { return HashOfHash{}(hash); }
  static std::size_t of(const Uuid& id) { return of_bytes(id.bytes.data(), id.bytes.size()); }
  static std::size_t of(const std::string& text) { return of_bytes(text.data(), text.size()); }
  static std::size_t of_bytes(const void* data, std::size_t size) {
    return std::hash<std::string_view>()({static_cast<const char*>(data), size});
  }
};

}  // namespace dfb::book
