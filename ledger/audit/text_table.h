// Plain text in columns for a terminal, Chinese characters counted as two cells. Threads: pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::audit {

// Terminal cells of a UTF-8 text: 2 for the wide characters of East Asia, 1 for others.
std::size_t cells(std::string_view text);
std::string grouped(std::int64_t number);  // -1,234,567

// Rows under each other, indented by two; the first column to the left, the others to the right.
std::string columns(const std::vector<std::vector<std::string>>& rows);
// "label   value" lines, the values to the left under each other.
std::string pairs(const std::vector<std::pair<std::string, std::string>>& rows);

}  // namespace dfb::audit
