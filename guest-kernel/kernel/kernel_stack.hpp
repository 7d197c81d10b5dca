// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernel stacks: contiguous lowmem, aligned to their own size, so that the stack pointer tells whose stack it is.
//
//   8 KiB, two frames: an order-1 block, which fragmentation can make impossible to find     the default, as Linux'
//   4 KiB, one frame                                   `4kstacks` on the command line, Linux 2.6's CONFIG_4KSTACKS
#pragma once

#include "guest-kernel/arch/stack.hpp"
#include "mm/addr.hpp"

namespace guest {

inline constexpr uint32_t large_stack_bytes = 2 * mm::page_size, small_stack_bytes = mm::page_size;

// Chosen once, before the first process.
extern uint32_t kernel_stack_bytes;
extern uint32_t kernel_stack_mask;  // ~(kernel_stack_bytes - 1)

void use_small_stacks();

// Its lowest address; null if there is no block of that order.
[[nodiscard]] void* allocate_stack();
void free_stack(void* lowest);

// The lowest address of the stack in use.
inline uint32_t stack_in_use() { return masked_stack_pointer(kernel_stack_mask); }

}  // namespace guest
