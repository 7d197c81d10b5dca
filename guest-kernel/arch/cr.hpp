// SPDX-License-Identifier: LGPL-2.1-or-later
// Control registers, INVLPG and the few other privileged instructions.
#pragma once

#include "mm/addr.hpp"

namespace guest {

inline uint32_t read_cr0() { uint32_t v; asm volatile("movl %%cr0, %0" : "=r"(v)); return v; }
inline uint32_t read_cr2() { uint32_t v; asm volatile("movl %%cr2, %0" : "=r"(v)); return v; }
inline uint32_t read_cr3() { uint32_t v; asm volatile("movl %%cr3, %0" : "=r"(v)); return v; }
inline uint32_t read_cr4() { uint32_t v; asm volatile("movl %%cr4, %0" : "=r"(v)); return v; }
inline void write_cr0(uint32_t v) { asm volatile("movl %0, %%cr0" : : "r"(v) : "memory"); }
inline void write_cr3(uint32_t v) { asm volatile("movl %0, %%cr3" : : "r"(v) : "memory"); }
inline void write_cr4(uint32_t v) { asm volatile("movl %0, %%cr4" : : "r"(v) : "memory"); }

// Drops the translation of one page, global or not.
inline void invlpg(mm::VirtAddr at) { asm volatile("invlpg (%0)" : : "r"(at.raw) : "memory"); }

// Halts until an interrupt has been taken. STI lets none in before HLT has begun (SDM vol. 2, STI).
inline void wait_for_interrupt() { asm volatile("sti; hlt; cli" : : : "memory"); }

// Stops for good: interrupts off, halted.
[[noreturn]] inline void halt() {
    for (;;) asm volatile("cli; hlt");
}

}  // namespace guest
