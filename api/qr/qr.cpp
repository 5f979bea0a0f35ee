#include "api/qr/qr.h"

#include <png.h>
#include <qrencode.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "ledger/base/check.h"

namespace dfb::qr {
namespace {

constexpr int kQuiet = 4;
constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

}  // namespace

Modules modules(std::string_view text) {
  DFB_CHECK(!text.empty() && text.size() <= kTextMax);
  const bool alphanumeric = text.find_first_not_of(kAlphanumeric) == text.npos;
  // One segment of one mode: left to itself qrencode mixes modes, for a picture whose size hangs on the
  // text's digits.
  const std::unique_ptr<QRinput, void (*)(QRinput*)> input(QRinput_new2(0, QR_ECLEVEL_M), QRinput_free);
  DFB_CHECK(input != nullptr &&
            QRinput_append(input.get(), alphanumeric ? QR_MODE_AN : QR_MODE_8, static_cast<int>(text.size()),
                           reinterpret_cast<const unsigned char*>(text.data())) == 0);
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeInput(input.get()), QRcode_free);
  DFB_CHECK(code != nullptr);
  const int width = code->width + 2 * kQuiet;
  std::vector<bool> dark(static_cast<std::size_t>(width * width));
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      dark[static_cast<std::size_t>((y + kQuiet) * width + x + kQuiet)] =
          (code->data[y * code->width + x] & 1) != 0;
  return {width, std::move(dark)};
}

std::string svg(std::string_view text) {
  const Modules picture = modules(text);
  const std::string width = std::to_string(picture.width());
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + width +
                    "\" shape-rendering=\"crispEdges\"><rect width=\"" + width + "\" height=\"" + width +
                    "\" fill=\"#fff\"/><path fill=\"#000\" d=\"";
  for (int y = 0; y < picture.width(); ++y)
    for (int x = 0; x < picture.width();) {
      int end = x;
      while (end < picture.width() && picture.dark(end, y)) ++end;
      if (end > x) {
        const std::string run = std::to_string(end - x);
        out += "M" + std::to_string(x) + " " + std::to_string(y) + "h" + run + "v1h-" + run + "z";
      }
      x = end + 1;
    }
  return out + "\"/></svg>\n";
}

Result<void> write_png(std::string_view text, const std::string& path, int scale) {
  DFB_CHECK(scale >= 1 && scale <= 64);
  const Modules picture = modules(text);
  const int side = picture.width() * scale;
  std::vector<png_byte> pixels;
  pixels.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) pixels.push_back(picture.dark(x / scale, y / scale) ? 0 : 255);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_GRAY;
  if (png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), 0, nullptr) == 0)
    return fail(Code::io_error, path + ": " + image.message);
  return ok();
}

std::string terminal_blocks(std::string_view text) {
  const Modules picture = modules(text);
  std::string out;
  for (int y = 0; y < picture.width(); y += 2) {
    for (int x = 0; x < picture.width(); ++x) {
      const bool upper = !picture.dark(x, y), lower = y + 1 < picture.width() && !picture.dark(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += '\n';
  }
  return out;
}

}  // namespace dfb::qr
