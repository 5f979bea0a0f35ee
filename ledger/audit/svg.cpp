#include "ledger/audit/svg.h"

#include <algorithm>
#include <numeric>

#include "ledger/audit/text_table.h"

namespace dfb::audit::svg {
namespace {

constexpr int kWidth = 360;

std::string open(int height) {
  return "<svg viewBox=\"0 0 " + std::to_string(kWidth) + " " + std::to_string(height) +
         "\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">";
}

std::string number(double value) {
  const auto tenths = static_cast<std::int64_t>(value * 10 + (value < 0 ? -0.5 : 0.5));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string rect(double x, double y, double width, double height, std::size_t colour) {
  return "<rect class=\"c" + std::to_string(colour) + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
         "\" width=\"" + number(std::max(0.0, width)) + "\" height=\"" + number(std::max(0.0, height)) +
         "\"/>";
}

std::string text(double x, double y, const char* anchor, const std::string& inner, const char* style = "") {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\"" + style +
         ">" + inner + "</text>";
}

double share(std::int64_t part, std::int64_t most) {
  return most <= 0 ? 0 : static_cast<double>(std::max<std::int64_t>(part, 0)) / static_cast<double>(most);
}

}  // namespace

std::string escaped(std::string_view plain) {
  std::string out;
  for (const char c : plain) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string bars(const std::vector<Row>& rows) {
  constexpr int kRow = 34;
  std::int64_t most = 0;
  for (const Row& row : rows)
    most = std::max(most, std::accumulate(row.parts.begin(), row.parts.end(), std::int64_t{0}));
  std::string out = open(kRow * static_cast<int>(rows.size()));
  double y = 0;
  for (const Row& row : rows) {
    out += text(0, y + 13, "start", row.label) + text(kWidth, y + 13, "end", row.value, " class=\"n\"");
    double x = 0;
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
      const double width = share(row.parts[i], most) * kWidth;
      out += rect(x, y + 18, width, 10, i);
      x += width;
    }
    y += kRow;
  }
  return out + "</svg>";
}

std::string columns(const std::vector<Row>& rows) {
  constexpr double kTop = 18, kHeight = 130, kBottom = kTop + kHeight;
  std::int64_t most = 0;
  for (const Row& row : rows)
    for (const std::int64_t part : row.parts) most = std::max(most, part);
  std::string out = open(static_cast<int>(kBottom) + 22);
  out += text(0, 12, "start", grouped(most), " class=\"n\"");
  for (const double y : {kTop, kTop + kHeight / 2, kBottom})
    out += "<line x1=\"0\" x2=\"" + std::to_string(kWidth) + "\" y1=\"" + number(y) + "\" y2=\"" + number(y) +
           "\"/>";
  const double step =
      static_cast<double>(kWidth) / static_cast<double>(std::max<std::size_t>(rows.size(), 1));
  const std::size_t every = (rows.size() + 5) / 6;  // labels would overlap
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t parts = rows[i].parts.size();
    const double width = std::min(28.0, step * 0.8 / static_cast<double>(std::max<std::size_t>(parts, 1)));
    const double middle = step * (static_cast<double>(i) + 0.5);
    double x = middle - width * static_cast<double>(parts) / 2;
    for (std::size_t k = 0; k < parts; ++k, x += width) {
      const double height = share(rows[i].parts[k], most) * kHeight;
      out += rect(x, kBottom - height, width, height, k);
    }
    if (i % every == 0)
      out += text(std::clamp(middle, 22.0, kWidth - 22.0), kBottom + 16, "middle", rows[i].label);
  }
  return out + "</svg>";
}

}  // namespace dfb::audit::svg
