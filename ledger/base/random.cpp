#include "ledger/base/random.h"

#include <sys/random.h>

#include "ledger/base/bytes.h"
#include "ledger/base/check.h"

namespace dfb {

std::uint64_t Random::u64() { return get_be(bytes(8)); }

std::string SystemRandom::bytes(std::size_t count) {
  std::string out(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    ssize_t got = getrandom(out.data() + done, count - done, 0);
    DFB_CHECK(got > 0);
    done += static_cast<std::size_t>(got);
  }
  return out;
}

std::string SeededRandom::bytes(std::size_t count) {
  std::string out;
  while (out.size() < count) put_be(out, engine_(), 8);
  out.resize(count);
  return out;
}

}  // namespace dfb
