#include "ledger/audit/compact_rows.h"

#include <cstdlib>

#include "ledger/crypto/hash.h"

namespace dfb::audit {
namespace {

using namespace book;

constexpr std::size_t kNameBytes = 16;

constexpr std::size_t kFilterShare = 4;       // of the limit: for the runs' filters
constexpr std::int32_t kDayMax = 10'000'000;  // in the year 29,000

template <class Row>
constexpr bool kNamed =
    std::is_same_v<Row, CounterRow> || std::is_same_v<Row, FactRow> || std::is_same_v<Row, TaskRow>;
// A command's digest is never the same twice.
template <class Row>
constexpr bool kNumbersKeys = !std::is_same_v<Row, CommandRow>;

class Packer {
 public:
  Packer(std::string& out, KeyNumbers* numbers) : out_(out), numbers_(numbers) {}
  template <class T>
  void operator()(const char*, const T& value) {
    put(value);
  }

 private:
  template <class T>
  void put(const T& value) {
    static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
    put_varint(out_, zigzag(static_cast<std::int64_t>(value)));
  }
  void put(const std::string& text) {
    put_varint(out_, text.size());
    out_ += text;
  }
  void put(const Hash& hash) {
    if (numbers_)
      put_varint(out_, numbers_->number(hash));
    else
      out_ += hash.view();
  }
  void put(const Uuid& id) { out_ += id.view(); }
  void put(AccountId id) { put_be(out_, id.value, 8); }
  void put(Points points) { put(points.value); }
  void put(const Lot& lot) { put(lot.day), put(lot.points.value * 2 + (lot.grace ? 1 : 0)); }
  void put(const Grant& grant) { put(grant.role), put(grant.scope), put(grant.from_us), put(grant.until_us); }
  template <class T>
  void put(const std::vector<T>& list) {
    put_varint(out_, list.size());
    for (const T& item : list) {
      if constexpr (std::is_same_v<T, KeyId>)
        out_ += item.view();
      else
        put(item);
    }
  }

  std::string& out_;
  KeyNumbers* numbers_;
};

// What is not of a row that was packed leaves good() false, and the row unspecified.
class Unpacker {
 public:
  Unpacker(std::string_view bytes, const KeyNumbers* numbers) : rest_(bytes), numbers_(numbers) {}
  template <class T>
  void operator()(const char*, T& value) {
    get(value);
  }
  bool good() const { return good_ && rest_.empty(); }

 private:
  void demand(bool holds) { good_ = good_ && holds; }
  std::string_view take(std::uint64_t size) {
    demand(size <= rest_.size());
    if (!good_) return {};
    const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (!good_) return 0;
      const auto bits = static_cast<unsigned char>(byte.front());
      value |= static_cast<std::uint64_t>(bits & 0x7f) << shift;
      if (bits < 0x80) return value;
    }
    demand(false);
    return 0;
  }
  template <class T>
  void get_bytes(T& value) {
    const std::string_view bytes = take(value.bytes.size());
    if (good_) std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
  }
  template <class T>
  void get(T& value) {
    static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
    demand(restore(unzigzag(varint()), value));
  }
  void get(std::string& text) { text = take(varint()); }
  void get(Hash& hash) {
    if (!numbers_) return get_bytes(hash);
    const std::uint64_t number = varint();
    demand(numbers_->knows(number));
    if (good_) hash = numbers_->key(number);
  }
  void get(Uuid& id) { get_bytes(id); }
  void get(AccountId& id) {
    if (const std::string_view bytes = take(8); good_) id.value = get_be(bytes);
  }
  void get(Points& points) {
    get(points.value);
    demand(std::abs(points.value) <= kBalanceMax);
  }
  void get(Lot& lot) {
    std::int64_t points = 0;
    get(lot.day), get(points);
    lot.grace = (points & 1) != 0;
    lot.points.value = points / 2;
    demand(lot.day >= -kDayMax && lot.day <= kDayMax && std::abs(lot.points.value) <= kBalanceMax);
  }
  void get(Grant& grant) { get(grant.role), get(grant.scope), get(grant.from_us), get(grant.until_us); }
  template <class T>
  void get(std::vector<T>& list) {
    const std::uint64_t size = varint();
    demand(size <= rest_.size());  // each takes a byte or more
    for (std::uint64_t i = 0; good_ && i < size; ++i) {
      if constexpr (std::is_same_v<T, KeyId>)
        get_bytes(list.emplace_back());
      else
        get(list.emplace_back());
    }
  }

  std::string_view rest_;
  const KeyNumbers* numbers_;
  bool good_ = true;
};

// A row's key is one value; keys are bytes of one size a table, in the order of the values.
template <class T>
constexpr std::size_t kKeyBytes = std::is_same_v<T, std::string> ? kNameBytes : sizeof(T);

std::string key_bytes(const std::string& name) {
  return std::string(sha256(name).view().substr(0, kNameBytes));
}
std::string key_bytes(const Hash& hash) { return std::string(hash.view()); }
std::string key_bytes(const Uuid& id) { return std::string(id.view()); }
std::string key_bytes(std::int64_t number) {
  std::string bytes;
  put_be(bytes, static_cast<std::uint64_t>(number), 8);
  return bytes;
}
std::string key_bytes(AccountId id) { return key_bytes(static_cast<std::int64_t>(id.value)); }

template <class Row>
std::string packed_key(const typename Row::Key& key) {
  std::string bytes;
  Row::Key::columns(key, [&](const char*, const auto& value) { bytes = key_bytes(value); });
  return bytes;
}

template <class T>
void unpack_key(std::string_view bytes, T& value) {
  if constexpr (std::is_same_v<T, AccountId>)
    value.value = get_be(bytes);
  else
    std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
}

template <class Row>
bool unpack_row(std::string_view bytes, const KeyNumbers& keys, Row& row) {
  Unpacker unpack(bytes, kNumbersKeys<Row> ? &keys : nullptr);
  Row::columns(row, unpack);
  return unpack.good();
}

[[noreturn]] void rows_damaged(const std::string& folder) {
  throw TempError(folder +
                  ": a row in a temporary file reads back otherwise than it was written; name a folder " +
                  "on another disk with --temp");
}

}  // namespace

std::uint32_t KeyNumbers::number(const KeyId& key) {
  const auto [it, fresh] = numbers_.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
  if (fresh) keys_.push_back(key);
  return it->second;
}

CompactRows::CompactRows(const MemoryLimit& limit)
    : folder_(limit.folder),
      bytes_max_(limit.bytes - limit.bytes / kFilterShare),
      space_{limit.folder, limit.bytes / kFilterShare} {}

template <class Row>
std::size_t CompactRows::key_bytes_of() {
  std::size_t bytes = 0;
  const typename Row::Key key{};
  Row::Key::columns(key, [&]<class T>(const char*, const T&) { bytes = kKeyBytes<T>; });
  return bytes;
}

template <class Row>
void CompactRows::put(const Row& row) {
  std::string value;
  Packer pack(value, kNumbersKeys<Row> ? &keys_ : nullptr);
  Row::columns(row, pack);
  std::get<Table<Row>>(tables_).put(packed_key<Row>(row.key()), value);
  keep_limit();
}

template <class Row>
std::optional<Row> CompactRows::look_up(const typename Row::Key& key) const {
  const std::string_view value = std::get<Table<Row>>(tables_).find(packed_key<Row>(key));
  if (value.data() == nullptr) return std::nullopt;
  Row row;
  if (!unpack_row(value, keys_, row)) rows_damaged(folder_);
  set_key(row, key);
  return row;
}

template <class Row>
void CompactRows::each(const std::function<void(const Row&)>& f) const {
  static_assert(!kNamed<Row>);
  std::get<Table<Row>>(tables_).each([&](const SpillingTable::Record& record) {
    typename Row::Key key{};
    Row::Key::columns(key, [&](const char*, auto& value) { unpack_key(record.key, value); });
    Row row;
    if (!unpack_row(record.value, keys_, row)) rows_damaged(folder_);
    set_key(row, key);
    f(row);
  });
}

std::size_t CompactRows::bytes() const {
  return std::apply([](const auto&... table) { return (table.bytes() + ...); }, tables_);
}

std::size_t CompactRows::runs() const {
  return std::apply([](const auto&... table) { return (table.runs() + ...); }, tables_);
}

void CompactRows::keep_limit() {
  while (bytes() > bytes_max_) {
    SpillingTable* largest = nullptr;
    const auto compare = [&](SpillingTable& table) {
      if (!largest || table.bytes() > largest->bytes()) largest = &table;
    };
    std::apply([&](auto&... table) { (compare(table), ...); }, tables_);
    largest->spill(space_);
  }
}

void CompactRows::archive(ArchiveWriter& a) {
  a(keys_);
  for_each_row_type([&]<class Row>() {
    std::get<Table<Row>>(tables_).each(
        [&](const SpillingTable::Record& record) { a(record.key, record.value); });
    a(std::string_view());  // no key: the end of the table
  });
}

template <class Row>
bool CompactRows::restore_row(const std::string& key, const std::string& value) {
  auto& table = std::get<Table<Row>>(tables_);
  Row row;
  if (key.size() != table.key_bytes() || !unpack_row(value, keys_, row)) return false;
  table.put(key, value);
  keep_limit();
  return true;
}

void CompactRows::archive(ArchiveReader& a) {
  a(keys_);
  for_each_row_type([&]<class Row>() {
    std::string key, value;
    for (a(key); a.ok() && !key.empty(); a(key)) {
      a(value);
      if (a.ok() && !restore_row<Row>(key, value)) a.refuse();
    }
  });
}

#define DFB_ROW(Row)                                                                            \
  std::optional<Row> CompactRows::read(const Row::Key& key) const { return look_up<Row>(key); } \
  template void CompactRows::put(const Row& row);
DFB_BOOK_ROWS(DFB_ROW)
#undef DFB_ROW
template void CompactRows::each(const std::function<void(const Account&)>& f) const;
template void CompactRows::each(const std::function<void(const KeyRow&)>& f) const;
template void CompactRows::each(const std::function<void(const HoldRow&)>& f) const;
template void CompactRows::each(const std::function<void(const SaleRow&)>& f) const;

}  // namespace dfb::audit
