#include "api/http/target.h"

#include <algorithm>
#include <cstdint>

namespace dfb::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

// https://host/path → /path; other texts as they are.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  return target;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::optional<std::string> decode_percent(std::string_view text) { return decode(text, false); }
std::optional<std::string> decode_form(std::string_view text) { return decode(text, true); }

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    const std::size_t size = first < 0x80       ? 1
                             : first >> 5 == 6  ? 2
                             : first >> 4 == 14 ? 3
                             : first >> 3 == 30 ? 4
                                                : 0;
    if (size == 0 || i + size > text.size()) return false;
    std::uint32_t point = size == 1 ? first : first & (0x7F >> size);
    for (std::size_t k = 1; k < size; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + k]);
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 0x3F);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += size;
  }
  return true;
}

Result<Target> parse_target(std::string_view target) {
  target = without_authority(target);
  if (target.empty() || target.front() != '/') return fail(Code::malformed, "the target must begin with /");
  if (target.find('#') != std::string_view::npos) return fail(Code::malformed, "the target has a fragment");
  if (std::any_of(target.begin(), target.end(), is_control)) {
    return fail(Code::malformed, "the target has a control character");
  }
  const std::size_t question = target.find('?');
  const std::string_view raw_path = target.substr(0, question);
  auto path = decode_percent(raw_path);
  if (!path) return fail(Code::malformed, "the path is wrongly percent-encoded");
  // A decoded slash would move a segment's border after the fact.
  if (std::count(path->begin(), path->end(), '/') != std::count(raw_path.begin(), raw_path.end(), '/')) {
    return fail(Code::malformed, "the path has an encoded slash");
  }
  if (std::any_of(path->begin(), path->end(), is_control)) {
    return fail(Code::malformed, "the path has a control character");
  }
  if (!is_utf8(*path)) return fail(Code::malformed, "the path is not UTF-8");
  Target out{std::move(*path), {}};
  if (question != std::string_view::npos) out.query = target.substr(question + 1);
  return out;
}

}  // namespace dfb::http
