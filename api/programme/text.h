// UTF-8 as far as the programme needs it: is it valid, how long is it, where does the first character end.
#pragma once
#include <optional>
#include <string_view>

namespace dfb::programme {

// Code points; nullopt for bytes that are no UTF-8 or for control characters.
std::optional<std::size_t> character_count(std::string_view text);
// REQUIRES: valid UTF-8; empty for the empty text.
std::string_view first_character(std::string_view text);

}  // namespace dfb::programme
