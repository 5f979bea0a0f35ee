// An auditor's state file: as a file with any bytes, and with bytes whose digest holds. Whatever is read must
// serve to go on from: its sums can be closed, and it is written as it was read.
#include <unistd.h>

#include <cstdint>
#include <fstream>

#include "ledger/audit/merkle.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/state_file.h"
#include "ledger/base/check.h"

namespace dfb::audit {
namespace {

struct State {
  std::string origin;
  Tree tree;
  Replay replay{"bq.example/points"};
  template <class Archive>
  void archive(Archive& a) {
    a(origin, tree, replay);
    if constexpr (Archive::kReads)
      if (tree.size() != replay.size()) a.refuse();
  }
};

std::string written(State& state) {
  std::string bytes;
  ArchiveWriter writer([&](std::string_view piece) { bytes += piece; });
  state.archive(writer);
  writer.flush();
  return bytes;
}

bool read(State& state, std::string_view bytes) {
  constexpr std::size_t kPiece = 1000;
  ArchiveReader reader([&] {
    const std::string piece(bytes.substr(0, kPiece));
    bytes.remove_prefix(piece.size());
    return piece;
  });
  state.archive(reader);
  return reader.ok() && reader.at_end();
}

void try_content(std::string_view bytes) {
  State state;
  if (!read(state, bytes)) return;
  state.tree.root(state.tree.size());
  state.replay.log_keys().in_force(state.replay.size(), state.replay.last_us());
  try {
    state.replay.close();
  } catch (const std::runtime_error&) {
    return;  // as the book says of rows that do not belong together: no policy, for one
  }
  const std::string once = written(state);
  State again;
  DFB_CHECK(read(again, once));
  DFB_CHECK(written(again) == once);
}

void try_file(std::string_view bytes) {
  const std::string path = "/tmp/audit_state_fuzz." + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << "defenbao/audit-state/v4\n" << bytes;
  State state;
  const auto read = read_state_file(path, [&](ArchiveReader& a) { state.archive(a); });
  DFB_CHECK(!read.has_value() || state.replay.size() == state.tree.size());
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace dfb::audit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  dfb::audit::try_content(input);
  dfb::audit::try_file(input);
  return 0;
}
