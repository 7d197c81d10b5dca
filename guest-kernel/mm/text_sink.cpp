// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers and columns as text.
#include "guest-kernel/mm/text_sink.hpp"

namespace guest {

void TextSink::padded(const char* s, int width) const {
    int blanks = width < 0 ? -width : width;
    for (const char* c = s; *c != '\0'; ++c) --blanks;
    if (width < 0) text(s);
    for (; blanks > 0; --blanks) text(" ");
    if (width >= 0) text(s);
}

void TextSink::number(uint64_t value, unsigned width) const {
    char digits[11];
    unsigned at = sizeof digits - 1;
    digits[at] = '\0';
    auto low = static_cast<uint32_t>(value);  // no 64-bit division in a freestanding 32-bit kernel
    require(value == low, "report: the number needs more than 32 bits");
    do digits[--at] = static_cast<char>('0' + low % 10);
    while ((low /= 10) != 0);
    padded(digits + at, static_cast<int>(width));
}

void TextSink::hex(uint32_t value) const {
    char digits[] = "0x00000000";
    for (unsigned at = 9; at > 1; --at, value >>= 4) digits[at] = "0123456789abcdef"[value & 15];
    text(digits);
}

void TextSink::short_hex(uint32_t value) const {
    char digits[11];
    unsigned at = sizeof digits - 1;
    digits[at] = '\0';
    do digits[--at] = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0);
    digits[--at] = 'x';
    digits[--at] = '0';
    text(digits + at);
}

}  // namespace guest
