// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel from its first C++ instruction to power-off.
#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/arch/crossing.hpp"
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/arch/idt.hpp"
#include "guest-kernel/arch/pic.hpp"
#include "guest-kernel/arch/sysenter.hpp"
#include "guest-kernel/kernel/boot_tables.hpp"
#include "guest-kernel/kernel/buffer.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/crash.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/memory_report.hpp"
#include "guest-kernel/kernel/multiboot.hpp"
#include "guest-kernel/kernel/panic.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/publish.hpp"
#include "guest-kernel/kernel/shortages.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/user_tables.hpp"
#include "guest-kernel/kernel/workloads.hpp"

namespace guest {
namespace {

BootInfo boot_info;

void warn_unknown(Text word) {
    print("warning: unknown word on the command line: ");
    for (const char* c = word.begin; c < word.end; ++c) put(*c);
    print("\n");
}

// In the words of Linux' arch/x86/mm/init_32.c; a "HIGHMEM64G enabled kernel" is an image with PAE here.
void warn_out_of_reach(const BootInfo& info) {
    if (info.out_of_reach.raw == 0) return;
    constexpr bool classic = layout.paging == mm::Paging::classic;
    print("Warning: only ", static_cast<uint32_t>(info.limit >> 30), "GB will be used.\n",
          classic ? "Use a HIGHMEM64G enabled kernel!\n" : "", info.out_of_reach.raw, " pages of RAM are out of reach.\n");
}

}  // namespace

extern "C" [[noreturn]] void kernel_main(uint32_t magic, uint32_t info) {
    print("zonescope guest, ", mm::name(layout.split), " ", mm::name(layout.paging), "\n");
    read_boot_info(magic, mm::PhysAddr{info}, boot_info);
    warn_out_of_reach(boot_info);
    Options options = parse_command_line(boot_info.command_line, warn_unknown);
    if (options.no_global_pages) forget(Feature::pge);
    // PAE's large pages do not depend on PSE (SDM vol. 3, table 4-1).
    if (layout.paging == mm::Paging::classic && !cpu_has(Feature::pse)) options.direct_map = DirectMapPages::small;
    start_memory(boot_info.ram, boot_info.initramfs.frames(), options.memory, options.direct_map);
    load_segments();
    load_interrupt_table();
    if (options.no_sysenter) forget(Feature::sep);
    start_sysenter();
    start_crossing(kernel_tables().cr3());
    start_interrupt_controllers();
    if (options.small_stacks) use_small_stacks();
    put_user_tables_into_highmem(options.tables_in_highmem);
    start_processes();
    start_buffers();
    start_initramfs(boot_info.initramfs);
    publish_machine();

    uint32_t failures = 0;
    if (options.selftest) failures += run_tests();
    crash(options.crash);
    failures += run_workloads(options.workloads);
    failures += print_reports(options.reports);
    print_shortages();
    finish(failures);
}

}  // namespace guest
