// SPDX-License-Identifier: LGPL-2.1-or-later
// Ways to end a run that are no power-off: the processor shuts down, or Bochs cannot go on.
#include "guest-kernel/arch/table_register.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::ends {

using namespace twins;

void load_no_handlers() {
    const guest::TableRegister none{0, nullptr};
    asm volatile("lidt %0" : : "m"(none) : "memory");
}

void without_handlers() {
    load_no_handlers();
    asm volatile("int3");
}
[[gnu::section(".twins"), gnu::used]] const Odd no_handlers{"no-handlers", without_handlers, End::ends_the_run};

// The pages of this kernel go away under it: the fault's handler faults, and so does the double fault's.
void without_kernel() {
    for (uint32_t a = 4 * mm::mebibyte; a < 8 * mm::mebibyte; a += mm::page_size) own_entry(mm::VirtAddr{a}) = 0;
    flush_all();
}
[[gnu::section(".twins"), gnu::used]] const Odd no_kernel{"no-kernel", without_kernel, End::ends_the_run};

// Page tables that begin where nothing is: all ones; of PAE, four pointers that lead nowhere.
void with_root_nowhere() {
    if (!window_pointer(0)) guest::write_cr3(0x7FFF0000);
    for (unsigned n = 0; n < 4; ++n)
        if (window_pointer(0)) *at<uint64_t>(mm::PhysAddr{root(0) + n * sizeof(uint64_t)}) = 0x7FFF0001;
    guest::write_cr3(root(0));
}
[[gnu::section(".twins"), gnu::used]] const Odd root_nowhere{"root-nowhere", with_root_nowhere, End::ends_the_run};

void run_at(mm::Pfn frame) {
    entry(0) = leaf(frame);
    guest::invlpg(page(0));
    reinterpret_cast<void (*)()>(page(0).raw)();
}
void in_device() { run_at(mm::Pfn{0xB8}); }
void in_apic() { run_at(mm::Pfn{0xFEE00}); }
void beyond_memory() { run_at(mm::Pfn{0x7FFF0}); }
[[gnu::section(".twins"), gnu::used]] const Odd runs_in_device{"runs-in-text-memory", in_device, End::ends_the_run};
[[gnu::section(".twins"), gnu::used]] const Odd runs_in_apic{"runs-in-apic", in_apic, End::ends_the_run};
[[gnu::section(".twins"), gnu::used]] const Odd runs_beyond{"runs-beyond-memory", beyond_memory, End::ends_the_run};

}  // namespace odd::ends
