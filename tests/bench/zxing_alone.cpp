#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include "tests/bench/decode_tally.h"

namespace dfb::bench {

std::string zxing_alone(const terminal::Picture& picture) {
  const ZXing::ImageView view(picture.grey.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true).setTryRotate(true);
  for (const auto binarizer : {ZXing::Binarizer::LocalAverage, ZXing::Binarizer::GlobalHistogram}) {
    const auto result = ZXing::ReadBarcode(view, hints.setBinarizer(binarizer));
    if (result.isValid()) return result.text();
  }
  return {};
}

}  // namespace dfb::bench
