// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the linker put the kernel's parts (kernel.lds.S).
#pragma once

#include "guest-kernel/config.hpp"
#include "mm/addr.hpp"

extern "C" char kernel_start[], kernel_end[], text_end[], trampoline_load[], trampoline_start[], trampoline_data_start[],
    trampoline_end[], symbols_start[], symbols_end[];

namespace guest::image {

inline uint32_t value(const char* symbol) { return reinterpret_cast<uint32_t>(symbol); }
inline mm::Pfn frame(uint32_t linear) {
    return mm::frame_of(mm::PhysAddr{linear - static_cast<uint32_t>(layout.kernel_base)});
}

inline mm::Pfn first_frame() { return frame(value(kernel_start)); }
inline mm::Pfn end_frame() { return frame(value(kernel_end)); }  // exclusive
inline uint32_t code_bytes() { return value(text_end) - value(kernel_start); }
inline uint32_t data_bytes() { return value(kernel_end) - value(text_end); }

inline mm::Pfn trampoline_frame() { return mm::frame_of(mm::PhysAddr{value(trampoline_load)}); }
inline uint32_t trampoline_begin() { return value(trampoline_start); }
inline uint32_t trampoline_data_begin() { return value(trampoline_data_start); }
inline uint32_t trampoline_finish() { return value(trampoline_end); }

}  // namespace guest::image
