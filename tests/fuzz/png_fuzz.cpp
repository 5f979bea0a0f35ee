// A PNG file that a person gives to a till: it is a whole picture or refused. The chunks' check sums are put
// right first, since a changed byte would go no further than there.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/check.h"
#include "terminal/scan/picture_scanner.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kSignature = 8, kAroundData = 12;  // length, type and check sum
// Above it reading takes its time, and shows nothing more; what is too large for the reader it has to refuse.
constexpr std::size_t kPixelsMost = std::size_t{1} << 18;

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t sum = ~0U;
  for (const char byte : bytes) {
    sum ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (0xedb88320U & (0U - (sum & 1)));
  }
  return ~sum;
}

void mend_sums(std::string& file) {
  for (std::size_t at = kSignature; at + kAroundData <= file.size();) {
    const std::size_t length = get_be(std::string_view(file).substr(at, 4));
    if (length > file.size() - at - kAroundData) return;
    const std::uint32_t sum = crc32(std::string_view(file).substr(at + 4, length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      file[at + 8 + length + i] = static_cast<char>(sum >> (24 - 8 * i) & 0xff);
    at += length + kAroundData;
  }
}

void try_file(std::string file) {
  mend_sums(file);
  if (file.size() >= 24) {
    const std::size_t pixels =
        get_be(std::string_view(file).substr(16, 4)) * get_be(std::string_view(file).substr(20, 4));
    if (pixels > kPixelsMost && pixels <= kPicturePixelsMax) return;
  }
  const int fd = ::memfd_create("png", 0);
  DFB_CHECK(fd >= 0 && ::write(fd, file.data(), file.size()) == static_cast<ssize_t>(file.size()));
  const auto picture = load_png("/proc/self/fd/" + std::to_string(fd));
  ::close(fd);
  if (!picture) return;
  DFB_CHECK(picture->width > 0 && picture->height > 0);
  DFB_CHECK(picture->grey.size() ==
            static_cast<std::size_t>(picture->width) * static_cast<std::size_t>(picture->height));
}

}  // namespace
}  // namespace dfb::terminal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytesMax = 64 * 1024;
  if (size <= kBytesMax) dfb::terminal::try_file({reinterpret_cast<const char*>(data), size});
  return 0;
}
