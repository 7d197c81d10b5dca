// SPDX-License-Identifier: LGPL-2.1-or-later
// Addresses that are known when the kernel is compiled, for what is mapped there while it runs (Linux: asm/fixmap.h). Their
// page table always exists.
//
//   fixmap_base  [atomic kmaps: one per type and CPU][local APIC]  fixmap_end
#pragma once

#include "guest-kernel/config.hpp"
#include "guest-kernel/mm/kmap_atomic.hpp"

namespace guest {

inline constexpr unsigned max_cpus = 1;

// Pages from fixmap_base on.
enum class Fixmap : uint32_t {
    kmap_begin,
    kmap_end = kmap_begin + kmap_types * max_cpus - 1,
    local_apic,
    count_,
};

constexpr uint64_t fixmap_offset(Fixmap slot) { return static_cast<uint64_t>(slot) * mm::page_size; }

constexpr mm::VirtAddr fixmap_address(Fixmap slot) {
    return mm::VirtAddr{static_cast<uint32_t>(layout.fixmap_base + fixmap_offset(slot))};
}

static_assert([] {
    for (mm::Split s : mm::all_splits)
        for (mm::Paging p : mm::all_pagings) {
            const mm::Layout l = mm::layout(s, p);
            const uint64_t end = l.fixmap_base + fixmap_offset(Fixmap::count_);
            if (end > l.fixmap_end || l.fixmap_base / mm::large_page_size<mm::Pae> != (end - 1) / mm::large_page_size<mm::Pae>)
                return false;
        }
    return true;
}(), "every slot lies in the fixmap of every layout, and all of them in one page table");

// Maps device memory at a slot, uncached, and takes it away again. The slot must be free, or mapped.
void set_fixmap(Fixmap slot, mm::Pfn device);
void clear_fixmap(Fixmap slot);

}  // namespace guest
