#include "terminal/scan/picture_scanner.h"

#include <png.h>

#include <fstream>

#include "terminal/scan/decode.h"

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

Result<LineScanner::Line> scan_picture(const std::string& path) {
  DFB_TRY(const Picture picture, load_png(path));
  auto text = decode(picture);
  if (!text) return fail(text.error().code, path + ": " + text.error().detail);
  return LineScanner::Line{std::move(text).value()};
}

}  // namespace dfb::terminal
