#include "ledger/book/columns.h"

#include "ledger/base/encoding.h"

namespace dfb::book {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

template <class T, class Format>
std::string join(const std::vector<T>& items, char separator, Format format) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += format(item);
  }
  return out;
}

std::string format_lot(const Lot& lot) {
  return format_day(lot.day) + ":" + std::to_string(lot.points.value) + (lot.grace ? "g" : "");
}

Result<Lot> parse_lot(std::string_view text) {
  if (text.size() < 12 || text[10] != ':') return fail(Code::malformed, "a lot is day:points");
  Lot lot;
  DFB_TRY(lot.day, parse_day(text.substr(0, 10)));
  text.remove_prefix(11);
  if ((lot.grace = text.ends_with('g'))) text.remove_suffix(1);
  DFB_TRY(lot.points.value, parse_decimal(text));
  if (lot.points.value == 0) return fail(Code::malformed, "an empty lot");
  return lot;
}

std::string format_grant(const Grant& grant) {
  return std::string(name(grant.role)) + " " + grant.scope + " " + std::to_string(grant.from_us) + " " +
         std::to_string(grant.until_us);
}

Result<Grant> parse_grant(std::string_view text) {
  auto parts = split(text, ' ');
  if (parts.size() != 4 || !is_scope(parts[1]))
    return fail(Code::malformed, "a grant is role scope from until");
  Grant grant;
  DFB_TRY_VOID(parse(parts[0], grant.role));
  grant.scope = parts[1];
  DFB_TRY(grant.from_us, parse_decimal(parts[2]));
  DFB_TRY(grant.until_us, parse_decimal(parts[3]));
  return grant;
}

Error corrupt(std::string_view what) {
  return fail(Code::corrupt, "a stored column is not " + std::string(what));
}

template <class T, class Parse>
Result<void> read_list(const Column& column, char separator, Parse parse_item, std::string_view what,
                       std::vector<T>& out) {
  const auto* text = std::get_if<std::string>(&column);
  if (!text) return corrupt(what);
  std::vector<T> items;
  for (auto part : split(*text, separator)) {
    Result<T> item = parse_item(part);
    if (!item) return corrupt(what);
    items.push_back(*std::move(item));
  }
  // One value has one stored form: a separator too many, say, is damage and not another spelling.
  if (to_column(items) != column) return corrupt(what);
  out = std::move(items);
  return ok();
}

template <class Bytes>
Result<void> read_bytes(const Column& column, std::string_view what, Bytes& out) {
  const auto* text = std::get_if<std::string>(&column);
  if (!text || text->size() != out.bytes.size()) return corrupt(what);
  std::memcpy(out.bytes.data(), text->data(), out.bytes.size());
  return ok();
}

template <class Enum>
Result<void> read_word(const Column& column, std::string_view what, Enum& out) {
  const auto* text = std::get_if<std::string>(&column);
  if (!text || !parse(*text, out)) return corrupt(what);
  return ok();
}

}  // namespace

Column to_column(std::int64_t value) { return value; }
Column to_column(const std::string& value) { return value; }
Column to_column(const Hash& value) { return std::string(value.view()); }
Column to_column(const Uuid& value) { return std::string(value.view()); }
Column to_column(AccountId value) { return to_string(value); }
Column to_column(Points value) { return value.value; }
Column to_column(const Lots& value) { return join(value, ' ', format_lot); }
Column to_column(const std::vector<KeyId>& value) { return join(value, ' ', hash_text); }
Column to_column(const std::vector<Grant>& value) { return join(value, ';', format_grant); }
Column to_column(const std::vector<std::string>& value) {
  return join(value, ';', [](const std::string& text) { return text; });
}
Column to_column(HoldPurpose value) { return std::string(name(value)); }
Column to_column(AccountKind value) { return std::string(name(value)); }
Column to_column(AccountState value) { return std::string(name(value)); }
Column to_column(Level value) { return std::string(name(value)); }
Column to_column(KeyUse value) { return std::string(name(value)); }
Column to_column(Review value) { return std::string(name(value)); }

Result<void> from_column(const Column& column, std::int64_t& out) {
  const auto* number = std::get_if<std::int64_t>(&column);
  if (!number) return corrupt("an integer");
  out = *number;
  return ok();
}
Result<void> from_column(const Column& column, std::string& out) {
  const auto* text = std::get_if<std::string>(&column);
  if (!text) return corrupt("a text");
  out = *text;
  return ok();
}
Result<void> from_column(const Column& column, Hash& out) { return read_bytes(column, "a hash", out); }
Result<void> from_column(const Column& column, Uuid& out) { return read_bytes(column, "an id", out); }
Result<void> from_column(const Column& column, AccountId& out) {
  const auto* text = std::get_if<std::string>(&column);
  auto account = text ? parse_account(*text) : fail(Code::corrupt);
  if (!account) return corrupt("an account");
  out = *account;
  return ok();
}
Result<void> from_column(const Column& column, Points& out) { return from_column(column, out.value); }
Result<void> from_column(const Column& column, Lots& out) {
  return read_list(column, ' ', parse_lot, "a list of lots", out);
}
Result<void> from_column(const Column& column, std::vector<KeyId>& out) {
  return read_list(column, ' ', parse_hash_text, "a list of keys", out);
}
Result<void> from_column(const Column& column, std::vector<Grant>& out) {
  return read_list(column, ';', parse_grant, "a list of grants", out);
}
Result<void> from_column(const Column& column, std::vector<std::string>& out) {
  auto text = [](std::string_view part) -> Result<std::string> { return std::string(part); };
  return read_list(column, ';', text, "a list of texts", out);
}
Result<void> from_column(const Column& column, HoldPurpose& out) {
  return read_word(column, "a purpose of a hold", out);
}
Result<void> from_column(const Column& column, AccountKind& out) {
  return read_word(column, "a kind of account", out);
}
Result<void> from_column(const Column& column, AccountState& out) {
  return read_word(column, "a state of an account", out);
}
Result<void> from_column(const Column& column, Level& out) { return read_word(column, "a level", out); }
Result<void> from_column(const Column& column, KeyUse& out) {
  return read_word(column, "a use of a key", out);
}
Result<void> from_column(const Column& column, Review& out) { return read_word(column, "a review", out); }

}  // namespace dfb::book
