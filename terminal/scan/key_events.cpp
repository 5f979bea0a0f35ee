#include "terminal/scan/key_events.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace dfb::terminal {
namespace {

struct Keys {
  std::array<char, 256> plain{}, shifted{};
  void row(std::uint16_t first, std::string_view plain_row, std::string_view shifted_row) {
    for (std::size_t i = 0; i < plain_row.size(); ++i) {
      plain[first + i] = plain_row[i];
      shifted[first + i] = shifted_row[i];
    }
  }
};

const Keys& us_keyboard() {
  static const Keys kKeys = [] {
    Keys keys;
    keys.row(KEY_1, "1234567890-=", "!@#$%^&*()_+");
    keys.row(KEY_Q, "qwertyuiop[]", "QWERTYUIOP{}");
    keys.row(KEY_A, "asdfghjkl;'`", "ASDFGHJKL:\"~");
    keys.row(KEY_BACKSLASH, "\\zxcvbnm,./", "|ZXCVBNM<>?");
    keys.row(KEY_SPACE, " ", " ");
    keys.row(KEY_KP7, "789-456+1230.", "789-456+1230.");
    keys.row(KEY_KPASTERISK, "*", "*");
    keys.row(KEY_KPSLASH, "/", "/");
    for (const int enter : {KEY_ENTER, KEY_KPENTER})
      keys.plain[static_cast<std::size_t>(enter)] = keys.shifted[static_cast<std::size_t>(enter)] = '\n';
    return keys;
  }();
  return kKeys;
}

}  // namespace

std::optional<char> KeyEvents::feed(std::uint16_t type, std::uint16_t code, std::int32_t value) {
  constexpr std::int32_t kReleased = 0, kPressed = 1;  // 2: held down, which no scanner means
  if (type != EV_KEY) return std::nullopt;
  if (code == KEY_LEFTSHIFT || code == KEY_RIGHTSHIFT) {
    if (value == kPressed) ++shifts_;
    if (value == kReleased) shifts_ = std::max(0, shifts_ - 1);
    return std::nullopt;
  }
  const Keys& keys = us_keyboard();
  if (value != kPressed || code >= keys.plain.size()) return std::nullopt;
  const char typed = (shifts_ > 0 ? keys.shifted : keys.plain)[code];
  return typed == 0 ? std::nullopt : std::optional(typed);
}

}  // namespace dfb::terminal
