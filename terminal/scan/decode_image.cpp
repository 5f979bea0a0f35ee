#include "terminal/scan/decode_image.h"

#include <png.h>

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <fstream>

#include "ledger/base/check.h"

namespace dfb::terminal {
namespace {

// Frees what png_image_begin_read_from_file has taken when reading stops half way.
struct PngImage {
  png_image image{};
  PngImage() { image.version = PNG_IMAGE_VERSION; }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;
  ~PngImage() { png_image_free(&image); }
};

}  // namespace

Result<Picture> load_png(const std::string& path) {
  // libpng tells a missing file and a bad one apart in words only.
  if (!std::ifstream(path, std::ios::binary).good())
    return fail(Code::io_error, path + ": cannot be opened; check the file's name and rights");
  PngImage png;
  if (png_image_begin_read_from_file(&png.image, path.c_str()) == 0)
    return fail(Code::malformed, path + ": " + png.image.message + "; a PNG picture is wanted");
  if (std::size_t{png.image.width} * png.image.height > kPicturePixelsMax)
    return fail(Code::too_large, path + ": the picture has more than 25 million pixels");
  png.image.format = PNG_FORMAT_GRAY;
  Picture picture;
  picture.width = static_cast<int>(png.image.width);
  picture.height = static_cast<int>(png.image.height);
  picture.grey.resize(PNG_IMAGE_SIZE(png.image));
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&png.image, &white, picture.grey.data(), 0, nullptr) == 0)
    return fail(Code::malformed, path + ": " + png.image.message);
  return picture;
}

Result<std::string> decode(const Picture& picture) {
  DFB_CHECK(picture.width > 0 && picture.height > 0 &&
            picture.grey.size() ==
                static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  const ZXing::ImageView view(picture.grey.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true).setTryRotate(true);
  // The first binarizer copes with uneven light, the second with blur and low contrast.
  for (const auto binarizer : {ZXing::Binarizer::LocalAverage, ZXing::Binarizer::GlobalHistogram}) {
    const ZXing::Result result = ZXing::ReadBarcode(view, hints.setBinarizer(binarizer));
    if (result.isValid()) return result.text();
  }
  return fail(Code::not_found, "no QR code that can be read in this picture");
}

Result<std::string> decode_image(const std::string& path) {
  DFB_TRY(const Picture picture, load_png(path));
  auto text = decode(picture);
  if (!text) return fail(text.error().code, path + ": " + text.error().detail);
  return text;
}

}  // namespace dfb::terminal
