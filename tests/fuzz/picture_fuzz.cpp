// A picture's grey bytes, as the till's page sends them: whatever they show, reading ends, and what is read
// is text. The first byte is the width, from 1; the rest are rows, the last one filled up with white.
#include <cstdint>

#include "ledger/base/check.h"
#include "terminal/scan/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytesMax = 4096;
  if (size < 2 || size > kBytesMax) return 0;
  dfb::terminal::Picture picture;
  picture.width = data[0] + 1;
  picture.grey.assign(data + 1, data + size);
  picture.height = static_cast<int>((picture.grey.size() + static_cast<std::size_t>(picture.width) - 1) /
                                    static_cast<std::size_t>(picture.width));
  picture.grey.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height),
                      255);
  const auto text = dfb::terminal::decode(picture);
  DFB_CHECK(!text || !text->empty());
  return 0;
}
