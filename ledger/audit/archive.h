// Values as bytes and back, for the auditor's state file: integers as zigzag varints, texts and lists behind
// their size. The bytes are this program's own and carry no promise beyond one version of it.
//
// Bytes that no writer made are refused, so that nothing that was read can lead a program astray: integers
// within what sums need, enumerators that there are, lists no longer than their bytes.
//
// A type joins by `template <class Archive> void archive(Archive& a, T& value)` beside it, or by a member of
// that name. Threads: one.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/uuid.h"
#include "ledger/book/policy.h"
#include "ledger/book/types.h"

namespace dfb::audit {

void put_varint(std::string& out, std::uint64_t value);
// Moves `at` behind the varint. REQUIRES: put_varint() wrote it.
std::uint64_t take_varint(const char*& at);
inline std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// Integers that are kept lie within this on both sides of 0, far from where adding two would overflow.
inline constexpr std::int64_t kKeptMax = std::int64_t{1} << 61;

constexpr auto last_of(book::AccountKind) { return book::AccountKind::offline_loss; }
constexpr auto last_of(book::AccountState) { return book::AccountState::closed; }
constexpr auto last_of(book::Level) { return book::Level::verified; }
constexpr auto last_of(book::KeyUse) { return book::KeyUse::ticket; }
constexpr auto last_of(book::Role) { return book::Role::auditor; }
constexpr auto last_of(book::HoldPurpose) { return book::HoldPurpose::review; }
constexpr auto last_of(book::Review) { return book::Review::all; }

// The integer or enumerator that was kept as `kept`; false when none was.
template <class T>
bool restore(std::int64_t kept, T& value) {
  if constexpr (std::is_enum_v<T>) {
    if (kept < 0 || kept > static_cast<std::int64_t>(last_of(T{}))) return false;
  } else if constexpr (std::is_signed_v<T>) {
    if (kept > kKeptMax || kept < -kKeptMax) return false;
  }
  value = static_cast<T>(kept);
  return static_cast<std::int64_t>(value) == kept;
}

// Hands the bytes on in pieces.
class ArchiveWriter {
 public:
  static constexpr bool kReads = false;
  explicit ArchiveWriter(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  void flush() {
    sink_(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kPieceBytes = 256 * 1024;
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      put_varint(buffer_, zigzag(static_cast<std::int64_t>(value)));
    } else if constexpr (requires { value.bytes; }) {
      buffer_.append(value.view());
    } else if constexpr (std::is_same_v<T, book::AccountId>) {
      put_varint(buffer_, value.value);
    } else if constexpr (requires(T t, ArchiveWriter & a) { t.archive(a); }) {
      const_cast<T&>(value).archive(*this);  // one function for both ways; this way it only reads
    } else {
      archive(*this, const_cast<T&>(value));
    }
    if (buffer_.size() >= kPieceBytes) flush();
  }
  void put(std::string_view text) {
    put_varint(buffer_, text.size());
    buffer_ += text;
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  template <class T>
  void put(const std::vector<T>& list) {
    put_varint(buffer_, list.size());
    for (const T& item : list) put(item);
  }
  template <class K, class V>
  void put(const std::map<K, V>& map) {
    put_varint(buffer_, map.size());
    for (const auto& [key, value] : map) put(key), put(value);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& pair) {
    put(pair.first), put(pair.second);
  }

  std::function<void(std::string_view)> sink_;
  std::string buffer_;
};

// Asks for the bytes in pieces; an empty piece is the end. What does not fit leaves ok() false and the values
// unspecified.
class ArchiveReader {
 public:
  static constexpr bool kReads = true;
  explicit ArchiveReader(std::function<std::string()> source) : source_(std::move(source)) {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  bool ok() const { return ok_; }
  void refuse() { ok_ = false; }  // for who reads values that do not belong together
  bool at_end() { return ok_ && !fill(1); }
  void skip() { at_ = buffer_.size(); }  // what was read ahead

 private:
  bool fill(std::size_t bytes);  // so many bytes can be taken
  std::string_view take(std::size_t bytes);
  std::uint64_t varint();

  template <class T>
  void get(T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      ok_ = restore(unzigzag(varint()), value) && ok_;
    } else if constexpr (requires { value.bytes; }) {
      const std::string_view bytes = take(value.bytes.size());
      if (ok_) std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
    } else if constexpr (std::is_same_v<T, book::AccountId>) {
      value.value = varint();
    } else if constexpr (requires(ArchiveReader & a) { value.archive(a); }) {
      value.archive(*this);
    } else {
      archive(*this, value);
    }
  }
  void get(std::string& text) { text = take(static_cast<std::size_t>(varint())); }
  template <class T>
  void get(std::vector<T>& list) {
    list.clear();
    for (std::uint64_t size = varint(); ok_ && size > 0; --size) get(list.emplace_back());
  }
  template <class K, class V>
  void get(std::map<K, V>& map) {
    map.clear();
    for (std::uint64_t size = varint(); ok_ && size > 0; --size) {
      K key{};
      get(key);
      get(map[key]);
    }
  }
  template <class A, class B>
  void get(std::pair<A, B>& pair) {
    get(pair.first), get(pair.second);
  }

  std::function<std::string()> source_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace dfb::audit
