#include "terminal/printing/layout.h"

#include "ledger/base/check.h"
#include "terminal/printing/gb18030.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

constexpr int kColumnsLeast = 8;

// Lines of at most `width` columns; at least one. English breaks at a space where a line has one.
std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  do {
    std::string_view rest = text, fits = text.substr(0, 0);
    for (int used = 0; !rest.empty();) {
      used += next_character(rest) < 0x80 ? 1 : 2;
      if (used > width) break;
      fits = text.substr(0, text.size() - rest.size());
    }
    if (fits.size() < text.size() && text[fits.size()] != ' ')
      if (const std::size_t space = fits.rfind(' '); space != fits.npos && space > 0)
        fits = fits.substr(0, space);
    lines.emplace_back(fits);
    text.remove_prefix(fits.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
  } while (!text.empty());
  return lines;
}

class Layout {
 public:
  explicit Layout(const Paper& paper) : columns_(paper.columns) {}

  void add(const Printout::Text& part) {
    const int width = width_of(part.large);
    for (std::string& line : wrapped(paper_text(part.text), width)) {
      const int indent = part.centred ? (width - paper_columns(line)) / 2 : 0;
      put(indent, std::move(line), part.large);
    }
  }
  void add(const Printout::Row& part) {
    const int width = width_of(part.large);
    const std::string left = paper_text(part.left), right = paper_text(part.right);
    const int gap = width - paper_columns(left) - paper_columns(right);
    if (gap >= 1) return put(0, left + std::string(static_cast<std::size_t>(gap), ' ') + right, part.large);
    for (std::string& line : wrapped(left, width)) put(0, std::move(line), part.large);
    for (std::string& line : wrapped(right, width)) {
      const int indent = width - paper_columns(line);
      put(indent, std::move(line), part.large);
    }
  }
  void add(const Printout::Rule&) { put(0, std::string(static_cast<std::size_t>(columns_), '-'), false); }
  void add(const Printout::Qr& part) { parts_.emplace_back(PaperQr{part.text}); }
  std::vector<PaperPart> take() { return std::move(parts_); }

 private:
  int width_of(bool large) const { return large ? columns_ / 2 : columns_; }
  void put(int indent, std::string text, bool large) {
    parts_.emplace_back(PaperLine{indent, std::move(text), large});
  }

  int columns_;
  std::vector<PaperPart> parts_;
};

}  // namespace

std::vector<PaperPart> lay_out(const Printout& printout, const Paper& paper) {
  DFB_CHECK(paper.columns >= kColumnsLeast);
  Layout layout(paper);
  for (const Printout::Part& part : printout.parts)
    std::visit([&](const auto& one) { layout.add(one); }, part);
  return layout.take();
}

std::string plain_text(const std::vector<PaperPart>& parts) {
  std::string out;
  for (const PaperPart& part : parts) {
    if (const auto* line = std::get_if<PaperLine>(&part))
      out += std::string(static_cast<std::size_t>(line->indent * (line->large ? 2 : 1)), ' ') + line->text;
    else
      out += std::get<PaperQr>(part).text;
    out += '\n';
  }
  return out;
}

}  // namespace dfb::terminal
