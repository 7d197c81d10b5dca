// SPDX-License-Identifier: LGPL-2.1-or-later
// The memory functions that the compiler calls; linked into the kernel and, apart, into the ring-3 programs.
#include <stddef.h>
#include <stdint.h>

extern "C" void* memcpy(void* to, const void* from, size_t bytes) {
    void* d = to;
    size_t words = bytes / 4, rest = bytes % 4;
    asm volatile("rep movsl\n\tmovl %3, %2\n\trep movsb" : "+D"(d), "+S"(from), "+c"(words) : "r"(rest) : "memory");
    return to;
}

extern "C" void* memset(void* to, int value, size_t bytes) {
    void* d = to;
    size_t words = bytes / 4, rest = bytes % 4;
    const uint32_t pattern = (static_cast<uint32_t>(value) & 0xFF) * 0x01010101;
    asm volatile("rep stosl\n\tmovl %3, %1\n\trep stosb" : "+D"(d), "+c"(words) : "a"(pattern), "r"(rest) : "memory");
    return to;
}

extern "C" void* memmove(void* to, const void* from, size_t bytes) {
    if (to <= from) return memcpy(to, from, bytes);
    char* d = static_cast<char*>(to) + bytes - 1;
    const char* s = static_cast<const char*>(from) + bytes - 1;
    asm volatile("std\n\trep movsb\n\tcld" : "+D"(d), "+S"(s), "+c"(bytes) : : "memory");
    return to;
}

extern "C" int memcmp(const void* a, const void* b, size_t bytes) {
    const auto *x = static_cast<const uint8_t*>(a), *y = static_cast<const uint8_t*>(b);
    for (size_t i = 0; i < bytes; ++i)
        if (x[i] != y[i]) return x[i] - y[i];
    return 0;
}

extern "C" int strcmp(const char* a, const char* b) {
    while (*a && *a == *b) ++a, ++b;
    return static_cast<unsigned char>(*a) - static_cast<unsigned char>(*b);
}

extern "C" size_t strlen(const char* text) {
    size_t n = 0;
    while (text[n]) ++n;
    return n;
}
