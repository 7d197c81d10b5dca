// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a report goes: the kernel's console, or a string in a host test.
#pragma once

#include "guest-kernel/mm/require.hpp"
#include "mm/addr.hpp"

namespace guest {

struct TextSink {
    void (*write)(void* context, const char* text);
    void* context;

    void text(const char* s) const { write(context, s); }
    void padded(const char* s, int width) const;            // blanks on the left, or (width < 0) on the right
    void number(uint64_t value, unsigned width = 0) const;  // decimal, below 2^32, blanks on the left
    void hex(uint32_t value) const;                         // 0x0000abcd
    void short_hex(uint32_t value) const;                   // 0xabcd
};

}  // namespace guest
