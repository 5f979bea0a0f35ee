// The two halves of the payload formats: PayloadReader parses, PayloadWriter writes. Both have the same
// members, so that each command's fields are declared once, in the order in which they are written
// (payload_fields.h). Inner to ledger/book/payload.cpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/encoding.h"
#include "ledger/base/strict_json.h"
#include "ledger/base/uuid.h"
#include "ledger/book/lots_json.h"
#include "ledger/book/types.h"
#include "ledger/book/words.h"
#include "ledger/crypto/keys.h"

namespace dfb::book {

inline constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;
inline constexpr std::size_t kItemsMax = 4096;  // what a payload of 65,000 bytes may hold of anything
inline constexpr std::size_t kMemoMax = 64, kVkeyMax = 256, kSpkiSize = 91, kSignatureSize = 64;

using TextCheck = bool (*)(std::string_view);
inline bool is_memo(std::string_view text) { return text.size() <= kMemoMax; }
inline bool is_vkey(std::string_view text) { return !text.empty() && text.size() <= kVkeyMax; }
inline bool is_spki(std::string_view bytes) { return bytes.size() == kSpkiSize; }
inline bool is_spki_or_empty(std::string_view bytes) { return bytes.empty() || is_spki(bytes); }
inline bool is_signature(std::string_view bytes) { return bytes.size() == kSignatureSize; }

// The first failure is kept, later ones are ignored, and done() tells; values read after it mean nothing.
class PayloadReader {
 public:
  template <class T>
  using Ref = T&;
  explicit PayloadReader(const json::Value& value) : fields_(value) {}
  explicit PayloadReader(const json::Object& object) : fields_(object) {}

  bool has(std::string_view name, bool /*written*/) const { return fields_.has(name); }
  void integer(std::string_view name, std::int64_t& out, std::int64_t min, std::int64_t max) {
    out = fields_.integer(name, min, max);
  }
  void points(std::string_view name, Points& out, std::int64_t min = 1) {
    out = Points{fields_.integer(name, min, kPointsMax.value)};
  }
  void text(std::string_view name, std::string& out, TextCheck right) {
    out = fields_.text(name, kVkeyMax);
    if (!right(out)) fields_.refuse(std::string(name) + " is not written so");
  }
  void bytes(std::string_view name, std::string& out, TextCheck right) {
    take(name, base64url_decode(fields_.text(name, kVkeyMax)), out);
    if (!right(out)) fields_.refuse(std::string(name) + " is of the wrong size");
  }
  void account(std::string_view name, AccountId& out) {
    take(name, parse_account(fields_.text(name, 13)), out);
  }
  void hash(std::string_view name, Hash& out) { take(name, parse_hash_text(fields_.text(name, 43)), out); }
  void uuid(std::string_view name, Uuid& out) { take(name, parse_uuid(fields_.text(name, 36)), out); }
  void day(std::string_view name, Day& out) { take(name, parse_day(fields_.text(name, 10)), out); }
  template <class Enum>
  void word(std::string_view name, Enum& out) {
    refuse_if(name, parse(fields_.text(name, 32), out));
  }
  template <class Enum, std::size_t N>
  void word(std::string_view name, const Words<N>& words, Enum& out) {
    refuse_if(name, parse_word(words, fields_.text(name, 32), name, out));
  }
  void lots(std::string_view name, Lots& out) { take(name, read_lots(fields_.array(name, kItemsMax)), out); }
  // An array of texts; parse_item: Result<T>(std::string_view).
  template <class T, class Format, class Parse>
  void texts(std::string_view name, std::vector<T>& out, Format, Parse parse_item) {
    for (const auto& value : fields_.array(name, kItemsMax)) {
      const auto* text = std::get_if<std::string>(&value.data);
      if (!text) return fields_.refuse(std::string(name) + " holds strings");
      take(name, parse_item(std::string_view(*text)), out.emplace_back());
    }
  }
  // An array of objects, or one object; each(inner, item) reads its fields.
  template <class T, class Each>
  void objects(std::string_view name, std::vector<T>& out, Each each) {
    for (const auto& value : fields_.array(name, kItemsMax)) {
      PayloadReader inner(value);
      each(inner, out.emplace_back());
      refuse_if(name, inner.done());
    }
  }
  template <class T, class Each>
  void object(std::string_view name, T& out, Each each) {
    PayloadReader inner(fields_.object(name));
    each(inner, out);
    refuse_if(name, inner.done());
  }
  // An array of arrays of `width` texts; parse_row: Result<T>(const std::vector<std::string>&).
  template <class T, class Format, class Parse>
  void rows(std::string_view name, std::vector<T>& out, std::size_t width, Format, Parse parse_row) {
    for (const auto& value : fields_.array(name, kItemsMax)) {
      const auto* cells = std::get_if<json::Array>(&value.data);
      std::vector<std::string> row;
      if (cells && cells->size() == width)
        for (const auto& cell : *cells)
          if (const auto* text = std::get_if<std::string>(&cell.data)) row.push_back(*text);
      if (row.size() != width)
        return fields_.refuse(std::string(name) + " holds arrays of " + std::to_string(width) + " strings");
      take(name, parse_row(row), out.emplace_back());
    }
  }
  // What no single field can say; never evaluated when writing.
  template <class Condition>
  void require(Condition condition, std::string_view otherwise) {
    if (!condition()) fields_.refuse(std::string(otherwise));
  }
  Result<void> done() { return fields_.done(); }

 private:
  void refuse_if(std::string_view name, const Result<void>& result) {
    if (!result) fields_.refuse(std::string(name) + ": " + result.error().detail);
  }
  template <class T>
  void take(std::string_view name, Result<T> result, T& out) {
    if (result)
      out = *std::move(result);
    else
      fields_.refuse(std::string(name) + ": " + result.error().detail);
  }
  json::Fields fields_;
};

class PayloadWriter {
 public:
  template <class T>
  using Ref = const T&;
  explicit PayloadWriter(json::Writer& out) : out_(out) {}

  bool has(std::string_view, bool written) const { return written; }
  void integer(std::string_view name, std::int64_t value, std::int64_t, std::int64_t) {
    out_.field(name, value);
  }
  void points(std::string_view name, Points value, std::int64_t = 1) { out_.field(name, value.value); }
  void text(std::string_view name, std::string_view value, TextCheck) { out_.field(name, value); }
  void bytes(std::string_view name, std::string_view value, TextCheck) {
    out_.field(name, base64url_encode(value));
  }
  void account(std::string_view name, AccountId value) { out_.field(name, to_string(value)); }
  void hash(std::string_view name, const Hash& value) { out_.field(name, hash_text(value)); }
  void uuid(std::string_view name, const Uuid& value) { out_.field(name, to_string(value)); }
  void day(std::string_view name, Day value) { out_.field(name, format_day(value)); }
  template <class Enum>
  void word(std::string_view name_, Enum value) {
    out_.field(name_, name(value));
  }
  template <class Enum, std::size_t N>
  void word(std::string_view name, const Words<N>& words, Enum value) {
    out_.field(name, book::word(words, value));
  }
  void lots(std::string_view name, const Lots& value) { write_lots(out_.key(name), value); }
  template <class T, class Format, class Parse>
  void texts(std::string_view name, const std::vector<T>& items, Format format, Parse) {
    out_.key(name).begin_array();
    for (const auto& item : items) out_.value(format(item));
    out_.end_array();
  }
  template <class T, class Each>
  void objects(std::string_view name, const std::vector<T>& items, Each each) {
    out_.key(name).begin_array();
    for (const auto& item : items) write_object(item, each);
    out_.end_array();
  }
  template <class T, class Each>
  void object(std::string_view name, const T& item, Each each) {
    out_.key(name);
    write_object(item, each);
  }
  template <class T, class Format, class Parse>
  void rows(std::string_view name, const std::vector<T>& items, std::size_t, Format format, Parse) {
    out_.key(name).begin_array();
    for (const auto& item : items) {
      out_.begin_array();
      for (const auto& cell : format(item)) out_.value(cell);
      out_.end_array();
    }
    out_.end_array();
  }
  template <class Condition>
  void require(Condition, std::string_view) {}

 private:
  template <class T, class Each>
  void write_object(const T& item, Each& each) {
    out_.begin_object();
    each(*this, item);
    out_.end_object();
  }
  json::Writer& out_;
};

}  // namespace dfb::book
