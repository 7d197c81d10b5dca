// SPDX-License-Identifier: LGPL-2.1-or-later
// The direct map, the windows above it, and the trampoline.
#include "guest-kernel/kernel/boot_tables.hpp"

#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/kernel_tables.hpp"
#include "guest-kernel/kernel/no_execute.hpp"

namespace guest {
namespace {

using Roots = RootTables<Format>;
using BootMapper = Mapper<Format, BootTables>;

void must(MapStatus status) { require(status == MapStatus::done, "no memory for the kernel's page tables"); }

BootMapper new_root(FrameRanges& unused, uint32_t& cr3) {
    const BootTables tables{unused};
    require(Roots::create(tables, cr3), "no memory for a page directory");
    return {Roots::root(tables, cr3), tables};
}

// Large pages: the last one may reach past the end of RAM, as in Linux 2.6 (kernel_physical_mapping_init). A tail
// of small pages would slow the splits down that happen to end there.
void map_lowmem(BootMapper& mapper, mm::Pfn end) {
    for (mm::Pfn frame{0}; frame < end; frame = frame + mm::large_page_frames<Format>)
        must(mapper.map_large(direct_map_base + static_cast<uint32_t>(mm::address(frame).raw), frame, kernel_memory));
}

// Pages of 4 KiB, exactly to the end of lowmem. One table after the other, without a walk for each page: there may be a
// million of them.
void map_lowmem_by_small_pages(BootMapper& mapper, mm::Pfn end) {
    for (mm::Pfn frame{0}; frame < end;) {
        mm::PhysAddr entry;
        must(mapper.entry_for(direct_map_base + static_cast<uint32_t>(mm::address(frame).raw), false, entry));
        for (unsigned i = 0; i < mm::entries_per_table<Format> && frame < end; ++i, ++frame, entry = entry + sizeof(Format::Raw))
            BootTables::store(entry, mm::Entry<Format>::leaf(frame, kernel_memory).raw);
    }
}

// Global at 4:4 too: it is the same in every address space.
void map_trampoline(BootMapper& mapper) {
    const mm::Permissions code{false, false, true, true}, data = supported({true, false, false, true});
    mm::Pfn frame = image::trampoline_frame();
    for (uint32_t at = image::trampoline_begin(); at < image::trampoline_finish(); at += mm::page_size, ++frame)
        must(mapper.map(mm::VirtAddr{at}, frame, at < image::trampoline_data_begin() ? code : data));
}

}  // namespace

BootRoots build_kernel_tables(FrameRanges& unused, mm::Pfn lowmem_end, DirectMapPages pages) {
    enable_no_execute();
    BootRoots roots{};
    BootMapper kernel = new_root(unused, roots.kernel_cr3);
    if (pages == DirectMapPages::large) map_lowmem(kernel, lowmem_end);
    else map_lowmem_by_small_pages(kernel, lowmem_end);
    mm::PhysAddr entry;
    must(kernel.entry_for(mm::VirtAddr{static_cast<uint32_t>(layout.pkmap_base)}, false, entry));
    must(kernel.entry_for(mm::VirtAddr{static_cast<uint32_t>(layout.fixmap_base)}, false, entry));
    roots.shared_cr3 = roots.kernel_cr3;
    if constexpr (layout.own_page_tables) {
        BootMapper shared = new_root(unused, roots.shared_cr3);
        map_trampoline(kernel);
        map_trampoline(shared);
    }
    return roots;
}

// The tables may have large pages: CR4 must say so first. A processor with neither feature may have no CR4.
void load_kernel_tables(uint32_t cr3, DirectMapPages pages) {
    const bool large = pages == DirectMapPages::large && cpu_has(Feature::pse);
    const uint32_t wanted = (large ? mm::cr4_pse : 0) | (cpu_has(Feature::pge) ? mm::cr4_pge : 0);
    if (wanted != 0) write_cr4(read_cr4() | wanted);
    write_cr3(cr3);
}

}  // namespace guest
