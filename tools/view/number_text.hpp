// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as the viewer writes them.
#pragma once

#include <stdint.h>

#include <string>

namespace tools::view {

// "1,234,567".
[[nodiscard]] std::string grouped(uint64_t n);
// Three digits and a unit: "0", "999", "1.23 k", "45.6 M", "789 G".
[[nodiscard]] std::string shortened(double n);
// "4 KiB", "896 MiB", "1.5 GiB"; of bytes.
[[nodiscard]] std::string bytes_text(uint64_t bytes);
// Eight digits, and more for what PAE adds: "c0000000", "123456000".
[[nodiscard]] std::string hex_address(uint64_t address);
// "0x23" without leading zeros.
[[nodiscard]] std::string hex_number(uint64_t n);

// "34 %", of a share of 1, rounded down: what is not whole is not 100.
[[nodiscard]] std::string percent_text(double share);

// The smallest of 1, 2 and 5 times a power of ten that divides `span` into at most `parts` parts; 1 at the least.
[[nodiscard]] double nice_step(double span, int parts);

}  // namespace tools::view
