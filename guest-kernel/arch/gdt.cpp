// SPDX-License-Identifier: LGPL-2.1-or-later
// The descriptor table and the task state, both where user address spaces map them at 4:4.
#include "guest-kernel/arch/gdt.hpp"

#include "guest-kernel/arch/table_register.hpp"
#include "guest-kernel/arch/tss.hpp"

namespace guest {
namespace {

[[gnu::section(".trampoline.data")]] Descriptor segments[] = {
    {},
    Descriptor::segment(0, 0xFFFFF, access_code, flags_flat),
    Descriptor::segment(0, 0xFFFFF, access_data, flags_flat),
    Descriptor::segment(0, 0xFFFFF, access_code | access_ring_3, flags_flat),
    Descriptor::segment(0, 0xFFFFF, access_data | access_ring_3, flags_flat),
    {},  // the task state: its address is known only to the linker
};

}  // namespace

[[gnu::section(".trampoline.data")]] TaskState task_state{};

void load_segments() {
    for (uint8_t& ports : task_state.bitmap) ports = 0xFF;
    task_state.bitmap[bitmap_bytes - 1] = 0;
    task_state.ss0 = static_cast<uint32_t>(Selector::kernel_data);
    segments[static_cast<unsigned>(Selector::task) / 8] =
        Descriptor::segment(reinterpret_cast<uint32_t>(&task_state), sizeof task_state - 1, access_task, 0);

    const TableRegister gdtr{sizeof segments - 1, segments};
    asm volatile("lgdt %0\n\t"
                 "ljmp %1, $1f\n"
                 "1:\n\t"
                 "movl %2, %%ss\n\t"
                 "movl %3, %%ds\n\tmovl %3, %%es\n\tmovl %4, %%fs\n\tmovl %4, %%gs\n\t"
                 "ltr %w5"
                 : : "m"(gdtr), "i"(Selector::kernel_code), "r"(static_cast<uint32_t>(Selector::kernel_data)),
                     "r"(static_cast<uint32_t>(Selector::user_data)), "r"(0u),
                     "r"(static_cast<uint32_t>(Selector::task)) : "memory");
}

}  // namespace guest
