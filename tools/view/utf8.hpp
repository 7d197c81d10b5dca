// SPDX-License-Identifier: LGPL-2.1-or-later
// The characters of UTF-8, one by one; whatever is none becomes U+FFFD, since texts come from guests, too.
#pragma once

#include <stdint.h>

#include <string_view>

namespace tools::view {

inline constexpr uint32_t replacement_character = 0xFFFD;

// Takes the first character off a text that is not empty. Control characters are replaced.
[[nodiscard]] constexpr uint32_t take_character(std::string_view& text) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    const size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
    uint32_t character = length == 1 ? first : length == 0 ? replacement_character : first & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) {
        if (i >= text.size() || (byte(i) & 0xC0) != 0x80) {
            text.remove_prefix(i);
            return replacement_character;
        }
        character = character << 6 | (byte(i) & 0x3Fu);
    }
    text.remove_prefix(length == 0 ? 1 : length);
    const bool shortest = length < 3 || (length == 3 ? character >= 0x800 : character >= 0x10000 && character < 0x110000);
    const bool surrogate = character >= 0xD800 && character < 0xE000;
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || surrogate || !shortest ? replacement_character : character;
}

namespace detail {
constexpr uint32_t first_character(std::string_view text) { return take_character(text); }
}
static_assert(detail::first_character("a") == 'a' && detail::first_character("\u2026x") == 0x2026 && detail::first_character("\U0001F600") == 0x1F600);
static_assert(detail::first_character("\xC3") == replacement_character && detail::first_character("\xED\xA0\x80") == replacement_character);
static_assert(detail::first_character("\n") == replacement_character && detail::first_character("\xE0\x80\x80") == replacement_character);

}  // namespace tools::view
