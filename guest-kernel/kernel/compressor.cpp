// SPDX-License-Identifier: LGPL-2.1-or-later
// The only caller of LZ4, which is built beside the kernel from its own source.
#include "guest-kernel/kernel/compressor.hpp"

#include <lz4.h>

#include "mm/addr.hpp"

namespace guest {
namespace {

// LZ4's hash table is larger than a kernel stack. One is enough: the kernel is not pre-empted.
LZ4_stream_t state;
constexpr int speed = 1;  // the best ratio that this compressor has; Linux' LZ4_ACCELERATION_DEFAULT

}  // namespace

uint32_t compress_page(const void* page, void* out, uint32_t room) {
    const auto* const from = static_cast<const char*>(page);
    auto* const to = static_cast<char*>(out);
    return static_cast<uint32_t>(LZ4_compress_fast_extState(&state, from, to, mm::page_size, static_cast<int>(room), speed));
}

bool decompress_page(const void* compressed, uint32_t bytes, void* page) {
    return LZ4_decompress_safe(static_cast<const char*>(compressed), static_cast<char*>(page), static_cast<int>(bytes),
                               mm::page_size) == static_cast<int>(mm::page_size);
}

}  // namespace guest
