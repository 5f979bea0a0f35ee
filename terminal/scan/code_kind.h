// What a scanned text is, so that a cashier who scans the wrong code is told which one it was.
// Forms: docs/formats.md#pay-code, #card, #offline-code, #site-code, #ticket, #pick-up-code, #receipt. Whether a code is
// genuine is not asked here. Threads: pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace dfb::terminal {

enum class CodeKind : std::uint8_t {
  pay_code,
  card,    // a printed card: its QR code or its 13 digits
  handle,  // 8 digits that a phone shows instead of its code
  offline_code,
  pickup,     // a link that names a reservation
  site_code,  // also inside a link
  ticket,     // also inside a link
  receipt,    // a printed one's link, or a proof as text
  link,       // of any other kind
  number,     // decimal digits: what a barcode on goods holds
  unknown
};
std::string_view name(CodeKind kind);

// `text` without the line end; nothing is trimmed, since base45 has spaces.
CodeKind kind_of(std::string_view text);
// Where a keyboard's Caps Lock is on, a wedge scanner types each letter the other way round: the code that was meant, if
// `text` is none and that is one; else `text`.
std::string without_caps_lock(std::string text);
// Whether a customer can pay by showing it: with points, or with those that were set aside before.
constexpr bool pays(CodeKind kind) { return kind <= CodeKind::pickup; }

}  // namespace dfb::terminal
