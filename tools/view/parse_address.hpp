// SPDX-License-Identifier: LGPL-2.1-or-later
// A linear address as a person writes it.
#pragma once

#include <stdint.h>

#include <optional>
#include <string>

namespace tools::view {

// "c0001000", "0xc0001000", "C000_1000"; none: not an address of 32 bits.
[[nodiscard]] std::optional<uint32_t> parse_address(std::string text);
// What to say of a text that is none, without its end.
[[nodiscard]] std::string no_address(const std::string& text);

}  // namespace tools::view
