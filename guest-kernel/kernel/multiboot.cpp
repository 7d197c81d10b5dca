// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the loader's information while the boot mapping (the first 16 MiB) is all there is.
#include "guest-kernel/kernel/multiboot.hpp"

#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/config.hpp"
#include "guest-kernel/kernel/direct_map.hpp"

namespace guest {
namespace {

// PAE's entries have room for 36 bits, which not every processor with PAE has.
uint64_t reach() {
    const uint64_t processor = uint64_t{1} << physical_address_bits();
    return processor < layout.physical_limit ? processor : layout.physical_limit;
}

// The whole frames of [start, start + bytes), clipped to the limit.
void add_ram(uint64_t start, uint64_t bytes, BootInfo& out) {
    const uint64_t first = mm::align_up(start, mm::page_size);
    const uint64_t last = mm::align_down(start + bytes, mm::page_size);
    if (first >= last) return;
    if (last > out.limit) out.out_of_reach += mm::pages_in(last - (first > out.limit ? first : out.limit));
    const uint64_t end = last < out.limit ? last : out.limit;
    if (first >= end) return;
    require(out.ram.add({mm::frame_of(mm::PhysAddr{first}), mm::frame_of(mm::PhysAddr{end})}),
            "the memory map has too many ranges");
}

// False if the text does not fit with its NUL.
bool copy_text(char* to, unsigned capacity, const char* from) {
    unsigned i = 0;
    for (; from[i] && i + 1 < capacity; ++i) to[i] = from[i];
    to[i] = 0;
    return !from[i];
}

}  // namespace

void read_boot_info(uint32_t magic, mm::PhysAddr at, BootInfo& out) {
    require(magic == multiboot_loaded, "not started by a multiboot loader");
    const auto& info = *lowmem_pointer<MultibootInfo>(at);
    require(info.flags & MultibootInfo::has_map, "the boot loader gave no memory map");

    out.limit = reach();
    for (uint32_t offset = 0; offset < info.map_bytes;) {
        const auto& range = *lowmem_pointer<MultibootRange>(mm::PhysAddr{info.map + offset});
        if (range.type == MultibootRange::usable) add_ram(range.start, range.bytes, out);
        offset += range.size + sizeof range.size;
    }
    if ((info.flags & MultibootInfo::has_modules) && info.module_count != 0) {
        const auto& module = *lowmem_pointer<MultibootModule>(mm::PhysAddr{info.modules});
        out.initramfs = {mm::PhysAddr{module.start}, module.end - module.start};
    }
    if (info.flags & MultibootInfo::has_command_line)
        require(copy_text(out.command_line, sizeof out.command_line, lowmem_pointer<char>(mm::PhysAddr{info.command_line})),
                "the command line is too long: 1023 characters at most");
}

}  // namespace guest
