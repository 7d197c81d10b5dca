// SPDX-License-Identifier: LGPL-2.1-or-later
// System calls as functions: for ring-3 programs, never for the kernel.
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

// arch/fast_call.S
extern "C" char call_by_interrupt[], call_by_sysenter[];
extern "C" int32_t call_with_flags(uint32_t flags);

// By SYSENTER where the kernel offers it, else by int 0x80: the choice that a C library makes once (Linux: AT_SYSINFO). Not
// for exec, whose new program expects registers that SYSEXIT needs.
class FastCalls final {
public:
    FastCalls() : entry_{system_call(Call::features) & feature_sysenter ? call_by_sysenter : call_by_interrupt} {}

    int32_t operator()(Call call, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0) const {
        int32_t result;
        asm volatile("call *%[entry]" : "=a"(result), "+b"(a), "+c"(b), "+d"(c) : "a"(call), [entry] "m"(entry_) : "memory");
        return result;
    }
    bool sysenter() const { return entry_ == call_by_sysenter; }

private:
    const char* entry_;
};

struct Message {
    int32_t status;
    uint32_t word;
};

inline Message message_call(Call call, uint32_t process, uint32_t w) {
    Message m;
    asm volatile("int $0x80" : "=a"(m.status), "=c"(m.word) : "a"(call), "b"(process), "c"(w) : "memory");
    return m;
}

inline Message message_call(Call call, uint32_t process, uint32_t w, PageMessage pages) {
    Message m;
    asm volatile("int $0x80" : "=a"(m.status), "=c"(m.word) : "a"(call), "b"(process), "c"(w), "d"(pages.packed()) : "memory");
    return m;
}

}  // namespace guest
