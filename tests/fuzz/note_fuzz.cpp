// Notes, as witnesses and logs send them: what is read is written back byte for byte.
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/log/note.h"

namespace dfb::log {
namespace {

void try_input(std::string_view text) {
  static const Vkey known =
      parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").value();
  if (const auto note = parse_note(text); note.has_value()) {
    DFB_CHECK(format_note(*note) == text);
    const auto verified = verify_note(*note, {&known, 1});
    DFB_CHECK(!verified.has_value() || note->text == "This is an example message.\n");
  }
  if (const auto lines = parse_note_signatures(text); lines.has_value()) {
    std::string again;
    for (const NoteSignature& signature : *lines) again += format_note_signature(signature);
    DFB_CHECK(again == text);
  }
}

}  // namespace
}  // namespace dfb::log

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::log::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
