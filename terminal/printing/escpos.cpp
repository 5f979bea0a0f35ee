#include "terminal/printing/escpos.h"

#include <algorithm>

#include "api/qr/qr.h"
#include "terminal/printing/gb18030.h"

namespace dfb::terminal {
namespace {

using namespace std::string_view_literals;

constexpr auto kBegin = "\x1b@\x1c&"sv;
constexpr auto kLarge = "\x1d!\x11\x1c!\x0c"sv, kOrdinary = "\x1d!\x00\x1c!\x00"sv;
constexpr auto kCentre = "\x1b\x61\x01"sv, kLeft = "\x1b\x61\x00"sv;
constexpr auto kFeedAndCut = "\x1b\x64\x04\x1dVB\x00"sv;
// Functions 165 (model 2), 167 (dots a module, which follows), 169 (level M), 181 (print).
constexpr auto kQrModel = "\x1d(k\x04\x00\x31\x41\x32\x00"sv, kQrSize = "\x1d(k\x03\x00\x31\x43"sv,
               kQrLevel = "\x1d(k\x03\x00\x31\x45\x31"sv, kQrPrint = "\x1d(k\x03\x00\x31\x51\x30"sv;
constexpr int kDotsAModule = 6;

void put_number(std::string& out, std::size_t n) {
  out += static_cast<char>(n & 0xFF);
  out += static_cast<char>(n >> 8);
}

// As large as the paper allows, at most kDotsAModule.
int dots_a_module(int modules, const Paper& paper) {
  return std::clamp(paper.dots / modules, 1, kDotsAModule);
}

void put_native(std::string& out, const std::string& text, const Paper& paper) {
  out += kQrModel;
  out += kQrSize;
  out += static_cast<char>(dots_a_module(qr::modules(text).width(), paper));
  out += kQrLevel;
  out += "\x1d(k";
  put_number(out, text.size() + 3);
  out += "\x31\x50\x30";
  out += text;
  out += kQrPrint;
}

void put_image(std::string& out, const std::string& text, const Paper& paper) {
  const qr::Modules modules = qr::modules(text);
  const int scale = dots_a_module(modules.width(), paper), side = modules.width() * scale;
  const int bytes = (side + 7) / 8;
  out += "\x1dv0\x00"sv;
  put_number(out, static_cast<std::size_t>(bytes));
  put_number(out, static_cast<std::size_t>(side));
  for (int y = 0; y < side; ++y)
    for (int byte = 0; byte < bytes; ++byte) {
      unsigned dots = 0;
      for (int x = byte * 8; x < byte * 8 + 8; ++x)
        dots = dots << 1 | (x < side && modules.dark(x / scale, y / scale) ? 1U : 0U);
      out += static_cast<char>(dots);
    }
}

}  // namespace

std::string to_escpos(const std::vector<PaperPart>& parts, const Paper& paper, QrStyle style) {
  std::string out(kBegin);
  for (const PaperPart& part : parts) {
    if (const auto* line = std::get_if<PaperLine>(&part)) {
      if (line->large) out += kLarge;
      out += std::string(static_cast<std::size_t>(line->indent), ' ') + to_gb18030(line->text) + "\n";
      if (line->large) out += kOrdinary;
    } else {
      out += kCentre;
      const std::string& text = std::get<PaperQr>(part).text;
      style == QrStyle::native ? put_native(out, text, paper) : put_image(out, text, paper);
      out += "\n";
      out += kLeft;
    }
  }
  return out += kFeedAndCut;
}

}  // namespace dfb::terminal
