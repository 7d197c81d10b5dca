// SPDX-License-Identifier: LGPL-2.1-or-later
// One port write per character; no state, so it works from the first instruction on and in a panic.
#include "guest-kernel/kernel/console.hpp"

#include "guest-kernel/arch/port.hpp"

namespace guest {
namespace {

constexpr uint16_t debug_port = 0xE9;

}  // namespace

void put(char c) { out8(debug_port, static_cast<uint8_t>(c)); }

void put(const char* text) {
    while (*text) put(*text++);
}

void put(uint32_t decimal) {
    char digits[10];
    unsigned count = 0;
    do digits[count++] = static_cast<char>('0' + decimal % 10);
    while (decimal /= 10);
    while (count) put(digits[--count]);
}

void put(int32_t decimal) {
    if (decimal < 0) put('-');
    put(decimal < 0 ? 0u - static_cast<uint32_t>(decimal) : static_cast<uint32_t>(decimal));
}

void put(Hex value) {
    put("0x");
    for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[value.value >> shift & 15]);
}

}  // namespace guest
