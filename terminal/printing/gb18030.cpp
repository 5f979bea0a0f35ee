#include "terminal/printing/gb18030.h"

#include <iconv.h>

#include "ledger/base/check.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

class Converter {
 public:
  Converter() : handle_(::iconv_open("GB18030", "UTF-8")) {
    DFB_CHECK(handle_ != reinterpret_cast<iconv_t>(-1));
  }
  ~Converter() { ::iconv_close(handle_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Empty for what GB 18030 has no place for. REQUIRES: UTF-8.
  std::string convert(std::string_view utf8) {
    std::string out(utf8.size() * 4, '\0');  // at most four bytes for one
    std::string in_bytes(utf8);
    char* in = in_bytes.data();
    char* to = out.data();
    std::size_t in_left = in_bytes.size(), out_left = out.size();
    const bool whole = ::iconv(handle_, &in, &in_left, &to, &out_left) != static_cast<std::size_t>(-1);
    out.resize(whole ? out.size() - out_left : 0);
    return out;
  }

 private:
  iconv_t handle_;
};

constexpr std::size_t kFontBytes = 2;

bool is_ideograph(char32_t c) {
  return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

}  // namespace

std::string paper_text(std::string_view utf8) {
  const std::string shown = printable(utf8);
  std::string out;
  Converter converter;
  for (std::string_view rest = shown; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t c = next_character(rest);
    const std::string_view bytes = before.substr(0, before.size() - rest.size());
    if (c < 0x80) {
      out += bytes;
    } else if (columns(bytes) > 0) {
      const std::size_t size = converter.convert(bytes).size();
      out += size == kFontBytes || (size > 0 && is_ideograph(c)) ? bytes : "?";
    }
  }
  return out;
}

std::string to_gb18030(std::string_view paper_text) {
  std::string out = Converter().convert(paper_text);
  DFB_CHECK(out.empty() == paper_text.empty());
  return out;
}

int paper_columns(std::string_view paper_text) {
  int total = 0;
  while (!paper_text.empty()) total += next_character(paper_text) < 0x80 ? 1 : 2;
  return total;
}

}  // namespace dfb::terminal
