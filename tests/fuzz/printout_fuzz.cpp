// Texts of other people's making (names of shops and customers) on their way to paper: no line is wider than
// it, and the printer prints exactly the preview: no text commands it.
#include <cstdint>
#include <string>

#include "ledger/base/check.h"
#include "terminal/printing/escpos.h"
#include "terminal/printing/gb18030.h"
#include "tests/support/paper.h"

namespace dfb::terminal {
namespace {

void try_text(const std::string& text) {
  const Printout printout =
      Printout().title(text).row(text, "-30").row("30", text).large_row(text, text).text(text);
  for (const Paper& paper : {kPaper58mm, kPaper80mm}) {
    const auto parts = lay_out(printout, paper);
    const dfb::test::Paper printed = dfb::test::print(to_escpos(parts, paper, QrStyle::native));
    DFB_CHECK(printed.trouble.empty() && printed.lines.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& line = std::get<PaperLine>(parts[i]);
      const std::string shown = std::string(static_cast<std::size_t>(line.indent), ' ') + line.text;
      DFB_CHECK(printed.lines[i].text == shown && printed.lines[i].large == line.large);
      DFB_CHECK(paper_columns(shown) * (line.large ? 2 : 1) <= paper.columns);
    }
  }
}

}  // namespace
}  // namespace dfb::terminal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size <= 1000) dfb::terminal::try_text({reinterpret_cast<const char*>(data), size});
  return 0;
}
