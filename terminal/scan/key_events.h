// What a USB scanner types, read from the kernel's key events instead of from a keyboard's lines: no page and no
// window has to be in front. Source: linux/input-event-codes.h; scanners send the keys of a US keyboard.
// Threads: one.
#pragma once
#include <cstdint>
#include <optional>

namespace dfb::terminal {

class KeyEvents {
 public:
  // One event's type, code and value. Gives the character that it types; '\n' for Enter.
  std::optional<char> feed(std::uint16_t type, std::uint16_t code, std::int32_t value);

 private:
  int shifts_ = 0;  // keys that are held
};

}  // namespace dfb::terminal
