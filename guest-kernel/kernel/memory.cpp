// SPDX-License-Identifier: LGPL-2.1-or-later
// Sets the memory up in the order that its parts need each other, and holds them.
#include "guest-kernel/kernel/memory.hpp"

#include "guest-kernel/kernel/boot_tables.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/fixmap.hpp"
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory_report.hpp"
#include "guest-kernel/kernel/panic.hpp"
#include "guest-kernel/mm/page_map.hpp"

namespace guest {
namespace {

constexpr unsigned first_vmalloc_areas = 256;

Late<Zonelist> the_zones;
Late<KernelTables> the_tables;
Late<Kmap<KernelTables>> the_kmap;
Late<KmapAtomic<KernelTables>> the_kmap_atomic;
Late<Kmalloc> the_kmalloc;
Late<Vmalloc<KernelTables>> the_vmalloc;
VmArea vmalloc_areas[first_vmalloc_areas];
const FrameRanges* known_ram = nullptr;
mm::VirtAddr first_vmalloc{};
BootRoots roots{};
bool started = false;

mm::VirtAddr linear(uint64_t layout_bound) { return mm::VirtAddr{static_cast<uint32_t>(layout_bound)}; }

// Says what does not fit and what to do about it, and ends the run as failed: it is nothing that this kernel did wrong.
[[noreturn]] void refuse_page_map(uint32_t page_bytes, mm::Pfn ram_end, mm::Pages free_lowmem) {
    const auto map_bytes = FrameTable::storage_bytes(ram_end, page_bytes);
    print("The page map does not fit into lowmem: ", ram_end.raw, " frames of ", page_bytes, " bytes each are ",
          static_cast<uint32_t>(map_bytes >> 20), " MB, and of ", direct_map_end.raw >> 8, " MB of lowmem ",
          free_lowmem.raw >> 8, " MB are free.\nUse less memory, a split with more lowmem (4:4 has most), or a smaller "
          "struct_page.\n");
    finish(1);
}

// Zeroed storage for every frame's struct page.
FrameTable make_page_map(FrameRanges& unused, mm::Pfn ram_end, mm::Pfn low_end, uint32_t page_bytes) {
    const mm::Pages free_lowmem = unused.pages_within({mm::Pfn{0}, low_end});
    const Maybe<mm::Pfn> at = place_page_map(unused, ram_end, low_end, page_bytes);
    if (!at) refuse_page_map(page_bytes, ram_end, free_lowmem);
    auto* const storage = lowmem_pointer<char>(mm::address(*at));
    __builtin_memset(storage, 0, static_cast<uint32_t>(FrameTable::storage_bytes(ram_end, page_bytes)));
    return {storage, ram_end, page_bytes};
}

constexpr AreaStore area_store{
    [](uint32_t count) { return static_cast<VmArea*>(kmalloc().allocate(count * sizeof(VmArea))); },
    [](VmArea* table) { kmalloc().free(table); },
};

}  // namespace

void start_memory(const FrameRanges& ram, const FrameRange& module, const MemoryOptions& options, DirectMapPages pages) {
    const mm::Pfn ram_end = ram.end(), low_end = mm::lowmem_end(layout, ram_end);
    known_ram = &ram;
    FrameRanges unused = ram;
    require(unused.remove({mm::Pfn{0}, mm::Pfn{1}}), "the memory map has too many ranges");  // frame 0: the BIOS's
    require(unused.remove({image::first_frame(), image::end_frame()}), "the memory map has too many ranges");
    require(unused.remove(module), "the memory map has too many ranges");

    roots = build_kernel_tables(unused, low_end, pages);
    load_kernel_tables(roots.kernel_cr3, pages);
    direct_map_end = low_end;
    if (pages == DirectMapPages::small) direct_map_shift = mm::page_shift;

    const FrameTable frames = make_page_map(unused, ram_end, low_end, options.page_bytes);
    the_zones.make(layout, ram, frames, chosen_nodes(options, ram));
    the_zones->add(unused);
    started = true;
    the_tables.make(roots.kernel_cr3);

    first_vmalloc = linear(mm::vmalloc_start_for(layout, low_end));
    const auto pkmap_slots = static_cast<unsigned>((layout.pkmap_end - layout.pkmap_base) / mm::page_size);
    the_kmap.make(*the_tables, frames, linear(layout.pkmap_base), pkmap_slots, direct_map_base, low_end);
    the_kmap_atomic.make(*the_tables, fixmap_address(Fixmap::kmap_begin), max_cpus, direct_map_base, low_end);
    the_kmalloc.make(*the_zones, reinterpret_cast<void*>(direct_map_base.raw));
    the_vmalloc.make(*the_tables, *the_zones,
                     VmAreas{first_vmalloc, linear(layout.vmalloc_end), vmalloc_areas, first_vmalloc_areas, area_store});
    print_boot_lines(ram);
}

bool memory_started() { return started; }
Zonelist& zones() { return *the_zones; }
KernelTables& kernel_tables() { return *the_tables; }
Kmap<KernelTables>& kmap() { return *the_kmap; }
KmapAtomic<KernelTables>& kmap_atomic() { return *the_kmap_atomic; }
Kmalloc& kmalloc() { return *the_kmalloc; }
Vmalloc<KernelTables>& vmalloc() { return *the_vmalloc; }
mm::VirtAddr vmalloc_start() { return first_vmalloc; }
bool any_ram(FrameRange range) { return known_ram->pages_within(range).raw != 0; }
uint32_t shared_root() { return roots.shared_cr3; }
mm::VirtAddr shared_from() { return linear(layout.own_page_tables ? layout.trampoline_base : layout.kernel_base); }

bool allocate_user_frame(mm::Pfn& out) {
    const Allocation frame = zones().allocate(gfp_highuser, 0);
    if (!frame) return false;
    out = frame.first;
    const mm::VirtAddr at = kmap_atomic().map(out, KmapType::user0);
    __builtin_memset(reinterpret_cast<void*>(at.raw), 0, mm::page_size);
    kmap_atomic().unmap(at, KmapType::user0);
    return true;
}

}  // namespace guest
