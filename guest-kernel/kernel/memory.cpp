// SPDX-License-Identifier: LGPL-2.1-or-later
// Sets the memory up in the order that its parts need each other, and holds them.
#include "guest-kernel/kernel/memory.hpp"

#include "guest-kernel/kernel/boot_tables.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/fixmap.hpp"
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/mm/zone_report.hpp"

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

// Zeroed storage for every frame's struct page: above the DMA zone if lowmem reaches that far.
FrameTable make_page_map(FrameRanges& unused, mm::Pfn ram_end, mm::Pfn low_end) {
    const mm::Pages pages = mm::pages_for(FrameTable::storage_bytes(ram_end));
    Maybe<mm::Pfn> at = unused.take_lowest(pages, 1, mm::dma_zone_end, low_end);
    if (!at) at = unused.take_lowest(pages, 1, mm::Pfn{0}, low_end);
    require(static_cast<bool>(at), "the page map does not fit into lowmem: use less memory or a larger kernel half");
    auto* const storage = lowmem_pointer<Page>(mm::address(*at));
    __builtin_memset(storage, 0, pages.raw * mm::page_size);
    return {storage, ram_end};
}

constexpr AreaStore area_store{
    [](uint32_t count) { return static_cast<VmArea*>(kmalloc().allocate(count * sizeof(VmArea))); },
    [](VmArea* table) { kmalloc().free(table); },
};

uint32_t kibibytes(mm::Pages p) { return p.raw << 2; }

constexpr TextSink console{[](void*, const char* text) { put(text); }, nullptr};

void print_boot_lines(mm::Pages ram) {
    report_boot(zones(), console);
    const mm::Pages free = zones().free_pages();
    print("Memory: ", kibibytes(free), "k/", kibibytes(ram), "k available (", image::code_bytes() / 1024,
          "k kernel code, ", kibibytes(ram - free), "k reserved, ", image::data_bytes() / 1024, "k data, ",
          kibibytes(zones().zone(ZoneType::highmem).present()), "k highmem)\n");
}

}  // namespace

void start_memory(const FrameRanges& ram, DirectMapPages pages) {
    const mm::Pfn ram_end = ram.end(), low_end = mm::lowmem_end(layout, ram_end);
    known_ram = &ram;
    FrameRanges unused = ram;
    require(unused.remove({mm::Pfn{0}, mm::Pfn{1}}), "the memory map has too many ranges");  // frame 0: the BIOS's
    require(unused.remove({image::first_frame(), image::end_frame()}), "the memory map has too many ranges");

    roots = build_kernel_tables(unused, low_end, pages);
    load_kernel_tables(roots.kernel_cr3, pages);
    direct_map_end = low_end;
    if (pages == DirectMapPages::small) direct_map_shift = mm::page_shift;

    const FrameTable frames = make_page_map(unused, ram_end, low_end);
    the_zones.make(layout, ram, frames);
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
    print_boot_lines(ram.pages_within({mm::Pfn{0}, ram_end}));
}

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

void print_zones() {
    if (!started) return;
    report_buddyinfo(zones(), console);
    report_zoneinfo(zones(), console);
}

void print_buddyinfo() { report_buddyinfo(zones(), console); }

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
