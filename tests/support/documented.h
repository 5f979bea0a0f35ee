// The examples of docs/formats.md: the lines of every block that is marked ```kind, in the page's order.
#pragma once
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace dfb::test {

inline std::vector<std::string> documented(const std::string& kind) {
  std::ifstream page(std::string(DFB_SOURCE_DIR) + "/docs/formats.md");
  if (!page) throw std::runtime_error("docs/formats.md cannot be read");
  std::vector<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```"))
      inside = !inside && line == "```" + kind;
    else if (inside)
      lines.push_back(line);
  }
  return lines;
}

// The first documented line that contains `part`.
inline std::string documented(const std::string& kind, const std::string& part) {
  for (const auto& line : documented(kind))
    if (line.find(part) != line.npos) return line;
  throw std::runtime_error("no documented " + kind + " with " + part);
}

}  // namespace dfb::test
