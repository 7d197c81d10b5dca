// SPDX-License-Identifier: LGPL-2.1-or-later
// The stack in use: its pointer, its frames, and changing to another.
#pragma once

#include <stdint.h>

// Saves the callee-saved registers and esp in *save, continues where `load` was saved. arch/switch.S
extern "C" void switch_stack(uint32_t* save, uint32_t load);

namespace guest {

inline uint32_t masked_stack_pointer(uint32_t mask) { asm("andl %%esp, %0" : "+r"(mask)); return mask; }
inline uint32_t frame_pointer() { uint32_t v; asm volatile("movl %%ebp, %0" : "=r"(v)); return v; }

}  // namespace guest
