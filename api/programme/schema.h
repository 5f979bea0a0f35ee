// The programme's tables: what is about people and may be corrected or erased. One text of statements a
// version; a text that has been released is never edited, a change is one more. Portable SQL only.
#pragma once
#include <string>
#include <vector>

namespace dfb::programme {

const std::vector<std::string>& migrations();

}  // namespace dfb::programme
