// SPDX-License-Identifier: LGPL-2.1-or-later
// Each border is a variable's value, or follows from the page tables; nothing is taken from a configuration.
#include "linux_regions.h"

#include "mm/protocol.hpp"

namespace plugin {

using namespace mm;

namespace {

constexpr uint64_t end_of_space = uint64_t{1} << 32;
constexpr uint32_t vmalloc_offset = 8u << 20;   // pgtable_32_areas.h: VMALLOC_OFFSET
constexpr uint32_t vmalloc_guard = 2 * page_size;
constexpr uint32_t below_first_slot = 2 * page_size;  // asm/fixmap.h: FIX_WP_TEST is below the boot-time slots, FIXADDR_TOT_START below that

uint32_t slot_bytes(const GuestMemory& memory) {
    return memory.state().control.mode() == PagingMode::pae ? large_page_size<Pae> : large_page_size<Classic>;
}

// What a directory entry's table maps, by the table's linear address in the direct map.
std::optional<VirtAddr> mapped_by_table(const GuestMemory& memory, VirtAddr table, VirtAddr lowest) {
    const auto at = memory.physical(table);
    if (!at) return std::nullopt;
    const uint32_t step = slot_bytes(memory);
    for (uint64_t slot = lowest.raw & ~(step - 1); slot < end_of_space; slot += step) {
        const PageWalk w = memory.walk(VirtAddr{static_cast<uint32_t>(slot)});
        if (w.names_table && frame_of(PhysAddr{w.pde & 0x000FFFFFFFFFF000}) == frame_of(*at)) return VirtAddr{static_cast<uint32_t>(slot)};
    }
    return std::nullopt;
}

class Reader {
public:
    Reader(const GuestMemory& memory, const LinuxSymbols& symbols) : memory_{memory}, symbols_{symbols} {}

    LinuxRegions read() {
        const auto text = symbols_.find("_text");
        const auto loaded_at = text ? memory_.physical(*text) : std::nullopt;
        const uint32_t high_memory = need("high_memory");
        if (!loaded_at) return missing("_text"), found_;
        found_.page_offset = text->raw - static_cast<uint32_t>(loaded_at->raw);
        add("user", 0, found_.page_offset);
        if (high_memory <= found_.page_offset) return missing("high_memory"), found_;
        add("lowmem", found_.page_offset, high_memory);
        found_.entry_text = symbols_.find("__entry_text_start").value_or(VirtAddr{});
        found_.entry_text_end = symbols_.find("__entry_text_end").value_or(VirtAddr{});
        top(VirtAddr{high_memory});
        return found_;
    }

private:
    void top(VirtAddr high_memory) {
        // arch/x86/kernel/idt.c: the table is moved to the start of the cpu entry area when interrupts are set up.
        const auto descriptor = symbols_.find("idt_descr");
        const VirtAddr entry_area{descriptor ? memory_.word(*descriptor + 2).value_or(0) : 0};
        const bool moved = entry_area > high_memory;
        if (!moved) missing("idt_descr");
        const uint32_t highest_fixed = need("__FIXADDR_TOP");
        // mm/early_ioremap.c; in memory that the kernel gives back when it has started.
        const VirtAddr first_slot{symbols_.value(memory_, "slot_virt").value_or(0)};
        const bool slots = moved && first_slot > entry_area && first_slot.raw < highest_fixed && first_slot.raw % page_size == 0;
        if (moved && !slots) missing("slot_virt");

        const uint32_t step = slot_bytes(memory_);
        uint64_t vmalloc_end = moved ? entry_area.raw - step - vmalloc_guard : 0;  // LDT_BASE_ADDR is one directory entry below
        const auto pkmap_table = symbols_.find("pkmap_page_table");
        std::optional<VirtAddr> pkmap;
        if (pkmap_table) {  // else a kernel without HIGHMEM
            pkmap = mapped_by_table(memory_, VirtAddr{memory_.word(*pkmap_table).value_or(0)}, high_memory);
            if (!pkmap) missing("pkmap_page_table");
            else vmalloc_end = pkmap->raw - vmalloc_guard;
        }
        if (vmalloc_end > high_memory.raw + vmalloc_offset) add("vmalloc", high_memory.raw + vmalloc_offset, vmalloc_end);
        if (pkmap) add("pkmap", pkmap->raw, uint64_t{pkmap->raw} + step);
        const uint64_t fixmap = slots ? first_slot.raw - below_first_slot : end_of_space;
        if (moved) add(protocol::trampoline_region, entry_area.raw, fixmap);
        if (slots) add("fixmap", fixmap, end_of_space);
    }

    uint32_t need(const char* symbol) {
        const auto value = symbols_.value(memory_, symbol);
        if (!value) missing(symbol);
        return value.value_or(0);
    }
    void missing(const char* what) { found_.missing.push_back(what); }
    void add(const char* name, uint64_t start, uint64_t end) { found_.regions.push_back({name, start, end}); }

    const GuestMemory& memory_;
    const LinuxSymbols& symbols_;
    LinuxRegions found_;
};

}  // namespace

LinuxRegions read_linux_regions(const GuestMemory& memory, const LinuxSymbols& symbols) { return Reader{memory, symbols}.read(); }

}  // namespace plugin
