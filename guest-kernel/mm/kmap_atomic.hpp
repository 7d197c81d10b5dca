// SPDX-License-Identifier: LGPL-2.1-or-later
// Atomic kernel maps: one fixed slot per CPU and use, replaced at each use, so nothing is searched or counted; the price
// is one page-table write and one INVLPG each time. The holder may not sleep or be pre-empted.
// Source: Linux 2.6.20 and later, arch/i386/mm/highmem.c (kmap_atomic, kunmap_atomic; KM_TYPE_NR).
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "guest-kernel/mm/page_mapper.hpp"

namespace guest {

inline constexpr unsigned kmap_types = 16;  // KM_TYPE_NR: slots per CPU

// Who holds the slot; two holders of one type on one CPU would overwrite each other.
enum class KmapType : uint8_t { user0, user1, copy_source, bounce_read, pte0, pte1, irq0, irq1, swap, test };

template <class Mapper>
class KmapAtomic final {
    static_assert(is_page_mapper<Mapper>(0));

public:
    // `slots`: the first of kmap_types * cpus consecutive fixmap pages; lowmem as in Kmap.
    KmapAtomic(Mapper& mapper, mm::VirtAddr slots, unsigned cpus, mm::VirtAddr direct_map, mm::Pfn lowmem_end)
        : mapper_{mapper}, slots_{slots}, direct_map_{direct_map}, lowmem_end_{lowmem_end}, cpus_{cpus} {}

    // The slot of this CPU and type must be free. Cannot fail: the fixmap's page table always exists.
    mm::VirtAddr map(mm::Pfn frame, KmapType type, unsigned cpu = 0) {
        if (frame < lowmem_end_) return direct_map_ + static_cast<uint32_t>(address(frame).raw);
        const mm::VirtAddr slot = slot_of(type, cpu);
        require(mapper_.map(slot, frame), "kmap_atomic: the fixmap has no page table");
        return slot;
    }

    // Clears the entry and flushes that page; nothing for a lowmem address.
    void unmap(mm::VirtAddr at, KmapType type, unsigned cpu = 0) {
        if (at < slots_) return;  // the fixmap is above lowmem
        const mm::VirtAddr slot = slot_of(type, cpu);
        if (at != slot) return;
        static_cast<void>(mapper_.unmap(slot));
        mapper_.flush_page(FlushSite::kmap_atomic, slot);
    }

    mm::VirtAddr slot_of(KmapType type, unsigned cpu) const {
        require(cpu < cpus_, "kmap_atomic: no such CPU");
        return slots_ + (cpu * kmap_types + static_cast<unsigned>(type)) * mm::page_size;
    }

private:
    Mapper& mapper_;
    mm::VirtAddr slots_, direct_map_;
    mm::Pfn lowmem_end_;
    unsigned cpus_;
};

}  // namespace guest
