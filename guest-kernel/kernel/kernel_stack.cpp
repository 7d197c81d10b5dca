// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernel stacks from the zones.
#include "guest-kernel/kernel/kernel_stack.hpp"

#include "guest-kernel/kernel/direct_map.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

unsigned order = 1;

}  // namespace

uint32_t kernel_stack_bytes = large_stack_bytes;
uint32_t kernel_stack_mask = ~(large_stack_bytes - 1);

void use_small_stacks() {
    order = 0;
    kernel_stack_bytes = small_stack_bytes;
    kernel_stack_mask = ~(small_stack_bytes - 1);
}

void* allocate_stack() {
    const Allocation block = zones().allocate(gfp_kernel, order);
    return block ? lowmem_pointer<char>(mm::address(block.first)) : nullptr;
}

void free_stack(void* lowest) { zones().free(mm::frame_of(physical(lowest)), order); }

}  // namespace guest
