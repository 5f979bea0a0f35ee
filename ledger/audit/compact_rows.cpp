#include "ledger/audit/compact_rows.h"

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"

namespace dfb::audit {
namespace {

using namespace book;

constexpr std::size_t kNameBytes = 16;

template <class Row>
constexpr bool kNamed = std::is_same_v<Row, CounterRow> || std::is_same_v<Row, FactRow>;
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

class Unpacker {
 public:
  Unpacker(std::string_view bytes, const KeyNumbers* numbers) : rest_(bytes), numbers_(numbers) {}
  template <class T>
  void operator()(const char*, T& value) {
    get(value);
  }

 private:
  std::string_view take(std::size_t size) {
    DFB_CHECK(size <= rest_.size());
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto bits = static_cast<unsigned char>(take(1).front());
      value |= static_cast<std::uint64_t>(bits & 0x7f) << shift;
      if (bits < 0x80) return value;
    }
  }
  template <class T>
  void get(T& value) {
    static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
    value = static_cast<T>(unzigzag(varint()));
  }
  void get(std::string& text) { text = take(static_cast<std::size_t>(varint())); }
  void get(Hash& hash) { hash = numbers_ ? numbers_->key(varint()) : Hash::from(take(hash.bytes.size())); }
  void get(Uuid& id) { std::memcpy(id.bytes.data(), take(id.bytes.size()).data(), id.bytes.size()); }
  void get(AccountId& id) { id.value = get_be(take(8)); }
  void get(Points& points) { get(points.value); }
  void get(Lot& lot) {
    get(lot.day), get(lot.points.value);
    lot.grace = (lot.points.value & 1) != 0;
    lot.points.value /= 2;
  }
  void get(Grant& grant) { get(grant.role), get(grant.scope), get(grant.from_us), get(grant.until_us); }
  template <class T>
  void get(std::vector<T>& list) {
    list.resize(static_cast<std::size_t>(varint()));
    for (T& item : list) {
      if constexpr (std::is_same_v<T, KeyId>)
        item = Hash::from(take(item.bytes.size()));
      else
        get(item);
    }
  }

  std::string_view rest_;
  const KeyNumbers* numbers_;
};

template <class Row>
std::string packed_key(const typename Row::Key& key) {
  std::string bytes;
  if constexpr (kNamed<Row>) {
    Row::Key::columns(key, [&](const char*, const std::string& name) {
      bytes = sha256(name).view().substr(0, kNameBytes);
    });
  } else {
    Packer pack(bytes, nullptr);
    Row::Key::columns(key, pack);
  }
  return bytes;
}

}  // namespace

std::uint32_t KeyNumbers::number(const KeyId& key) {
  const auto [it, fresh] = numbers_.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
  if (fresh) keys_.push_back(key);
  return it->second;
}

template <class Row>
void CompactRows::put(const Row& row) {
  std::string value;
  Packer pack(value, kNumbersKeys<Row> ? &keys_ : nullptr);
  Row::columns(row, pack);
  std::get<Table<Row>>(tables_).put(packed_key<Row>(row.key()), value);
}

template <class Row>
std::optional<Row> CompactRows::look_up(const typename Row::Key& key) const {
  const std::string_view value = std::get<Table<Row>>(tables_).find(packed_key<Row>(key));
  if (value.data() == nullptr) return std::nullopt;
  Row row;
  Unpacker unpack(value, kNumbersKeys<Row> ? &keys_ : nullptr);
  Row::columns(row, unpack);
  set_key(row, key);
  return row;
}

template <class Row>
void CompactRows::each(const std::function<void(const Row&)>& f) const {
  static_assert(!kNamed<Row>);
  std::get<Table<Row>>(tables_).each([&](const PackedTable::Record& record) {
    typename Row::Key key{};
    Unpacker unpack_key(record.key, nullptr);
    Row::Key::columns(key, unpack_key);
    Row row;
    Unpacker unpack(record.value, kNumbersKeys<Row> ? &keys_ : nullptr);
    Row::columns(row, unpack);
    set_key(row, key);
    f(row);
  });
}

std::size_t CompactRows::bytes() const {
  std::size_t bytes = 0;
  for_each_row_type([&]<class Row>() { bytes += std::get<Table<Row>>(tables_).bytes(); });
  return bytes;
}

void CompactRows::archive(ArchiveWriter& a) {
  a(keys_);
  for_each_row_type([&]<class Row>() {
    const PackedTable& table = std::get<Table<Row>>(tables_);
    a(table.size());
    table.each(
        [&](const PackedTable::Record& record) { a(std::string(record.key), std::string(record.value)); });
  });
}

void CompactRows::archive(ArchiveReader& a) {
  a(keys_);
  for_each_row_type([&]<class Row>() {
    std::size_t size = 0;
    a(size);
    std::string key, value;
    for (; a.ok() && size > 0; --size) {
      a(key, value);
      if (a.ok() && !key.empty()) std::get<Table<Row>>(tables_).put(key, value);
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
