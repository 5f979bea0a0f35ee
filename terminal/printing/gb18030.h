// Text as Chinese receipt printers take it: GB 18030, in which ASCII takes one column and all else two.
//
// The conversion is glibc's iconv. Threads: pure functions.
#pragma once
#include <string>
#include <string_view>

namespace dfb::terminal {

// What paper can show of the text, in UTF-8: control characters and combining marks are left out; '?' stands
// for bad UTF-8 and for what printers' fonts lack (of GB 18030's characters of four bytes they have the
// Chinese ones).
std::string paper_text(std::string_view utf8);

// REQUIRES: the text is paper_text's. A system without that conversion stops the program.
std::string to_gb18030(std::string_view paper_text);

// Columns that paper_text takes.
int paper_columns(std::string_view paper_text);

}  // namespace dfb::terminal
