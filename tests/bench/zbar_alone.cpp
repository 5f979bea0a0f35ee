#include <zbar.h>

#include <memory>

#include "tests/bench/decode_tally.h"

namespace dfb::bench {

std::string zbar_alone(const terminal::Picture& picture) {
  const std::unique_ptr<zbar::zbar_image_scanner_t, void (*)(zbar::zbar_image_scanner_t*)> scanner(
      zbar::zbar_image_scanner_create(), zbar::zbar_image_scanner_destroy);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
  const std::unique_ptr<zbar::zbar_image_t, void (*)(zbar::zbar_image_t*)> image(zbar::zbar_image_create(),
                                                                                 zbar::zbar_image_destroy);
  zbar::zbar_image_set_format(image.get(), zbar_fourcc('Y', '8', '0', '0'));
  zbar::zbar_image_set_size(image.get(), static_cast<unsigned>(picture.width),
                            static_cast<unsigned>(picture.height));
  zbar::zbar_image_set_data(image.get(), picture.grey.data(), picture.grey.size(), nullptr);
  if (zbar::zbar_scan_image(scanner.get(), image.get()) <= 0) return {};
  const zbar::zbar_symbol_t* first = zbar::zbar_image_first_symbol(image.get());
  return {zbar::zbar_symbol_get_data(first), zbar::zbar_symbol_get_data_length(first)};
}

}  // namespace dfb::bench
