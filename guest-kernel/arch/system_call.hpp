// SPDX-License-Identifier: LGPL-2.1-or-later
// The int 0x80 instruction as a function: for ring-3 programs, never for the kernel.
#pragma once

#include <stdint.h>

#include "guest-kernel/abi.hpp"

namespace guest {

inline uint32_t word(const void* address) { return reinterpret_cast<uint32_t>(address); }

inline int32_t system_call(Call call, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0) {
    int32_t result;
    asm volatile("int $0x80" : "=a"(result) : "a"(call), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

struct Message {
    int32_t status;
    uint32_t word;
};

inline Message message_call(Call call, uint32_t process, uint32_t w) {
    Message m;
    asm volatile("int $0x80" : "=a"(m.status), "=c"(m.word) : "a"(call), "b"(process), "c"(w) : "memory");
    return m;
}

}  // namespace guest
