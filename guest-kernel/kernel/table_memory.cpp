// SPDX-License-Identifier: LGPL-2.1-or-later
// Zeroed frames for page tables.
#include "guest-kernel/kernel/table_memory.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/publish.hpp"

namespace guest {
namespace {

void clear_frame(mm::Pfn frame) { __builtin_memset(lowmem_pointer<char>(mm::address(frame)), 0, mm::page_size); }

}  // namespace

bool BootTables::allocate_table(mm::Pfn& out) const {
    const Maybe<mm::Pfn> frame = unused->take_lowest(mm::Pages{1}, 1, mm::frame_of(mm::PhysAddr{mm::mebibyte}), direct_map_end);
    if (!frame) return false;
    out = *frame;
    clear_frame(out);
    return true;
}

bool ZoneTables::allocate_table(mm::Pfn& out) {
    const Allocation frame = zones().allocate(gfp_kernel, 0);
    if (!frame) return false;
    out = frame.first;
    clear_frame(out);
    publish_page_table(out, mm::protocol::PageTable::allocated);
    return true;
}

void ZoneTables::free_table(mm::Pfn table) {
    publish_page_table(table, mm::protocol::PageTable::freed);
    zones().free(table, 0);
}

}  // namespace guest
