// SPDX-License-Identifier: LGPL-2.1-or-later
// Fixmap slots of devices; those of atomic kmaps are KmapAtomic's.
#include "guest-kernel/kernel/fixmap.hpp"

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

void set_fixmap(Fixmap slot, mm::Pfn device) {
    require(kernel_tables().map_device(fixmap_address(slot), device), "the fixmap has no page table");
}

void clear_fixmap(Fixmap slot) {
    static_cast<void>(kernel_tables().unmap(fixmap_address(slot)));
    kernel_tables().flush_page(FlushSite::fixmap, fixmap_address(slot));
}

}  // namespace guest
