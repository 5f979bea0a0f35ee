// Charts for the report's page, drawn as SVG 360 units wide: at a phone's width one unit is one pixel, and in
// a wider column they grow. Colours are classes (c0, c1, …) that the page defines. Threads: pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::audit::svg {

std::string escaped(std::string_view text);  // for HTML and SVG

struct Row {
  std::string label;  // escaped already: it may be in two languages
  std::vector<std::int64_t> parts;
  std::string value;
};

// Lying bars, one under the other, each with its label and value above it; the parts of one stand in a row.
std::string bars(const std::vector<Row>& rows);
// Standing columns, the parts of each side by side, labels under them, the largest value at the line above.
std::string columns(const std::vector<Row>& rows);

}  // namespace dfb::audit::svg
