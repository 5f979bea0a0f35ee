// The till's journal as a failing disk or a curious hand leaves it: read or refused, never believed in half.
#include <cstdint>
#include <sstream>

#include "ledger/base/check.h"
#include "terminal/till/history_reading.h"

namespace dfb::terminal {
namespace {

void try_input(std::string_view text) {
  // The raw bytes nearly never chain; the records behind the hashes are tried as well.
  std::istringstream raw{std::string(text)};
  History history;
  const auto read = read_journal(raw, [&](const Record& record) { return history.add(record); });
  if (read) {
    DFB_CHECK(read->bytes <= static_cast<std::int64_t>(text.size()));
    DFB_CHECK(read->torn == (read->bytes != static_cast<std::int64_t>(text.size())));
  }

  // Lines "<what> <text>": chained here, then read back as a file.
  std::istringstream lines{std::string(text)};
  std::string written;
  Chain chain;
  History first;
  bool sense = true;  // a start stops at the first record that makes none
  for (std::string line; sense && std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    if (space == line.npos || space + 1 == line.size() || line.find('\0') != line.npos) continue;
    for (int what = 0; what <= static_cast<int>(What::pickup) && sense; ++what) {
      if (name(static_cast<What>(what)) != line.substr(0, space)) continue;
      const Record record{chain.size(), 5, static_cast<What>(what), line.substr(space + 1)};
      History before = first;
      sense = first.add(record).has_value();
      if (sense) written += chain.add(record.at_us, record.what, record.text);
      if (!sense) first = std::move(before);
    }
  }
  std::istringstream again(written);
  History second;
  const auto reread = read_journal(again, [&](const Record& record) { return second.add(record); });
  DFB_CHECK(reread && !reread->torn && reread->chain.head() == chain.head());
  DFB_CHECK(second.past().size() == first.past().size());
  DFB_CHECK(second.unfinished() == first.unfinished());

  // As a start reads a long journal: what makes sense in full does so in short, and says the same of what is open.
  std::istringstream once_more(written);
  History little(1);
  HistoryReading reading(little);
  DFB_CHECK(read_journal(once_more, [&](const Record& record) {
    reading.take(record);
    return ok();
  }));
  DFB_CHECK(reading.finish());
  DFB_CHECK(little.past().size() <= 1);
  DFB_CHECK(little.unfinished() == first.unfinished());
  DFB_CHECK(little.unsynced() == first.unsynced());
  DFB_CHECK(little.z_number() == first.z_number() && little.x_number() == first.x_number());
}

}  // namespace
}  // namespace dfb::terminal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::terminal::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
