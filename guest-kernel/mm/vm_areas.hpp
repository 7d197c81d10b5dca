// SPDX-License-Identifier: LGPL-2.1-or-later
// Who has which addresses between VMALLOC_START and VMALLOC_END: a table sorted by address, first fit, one unmapped guard
// page behind each area.
//
//   start  [area 0 ....][guard][area 1][guard]      [area 2 ..][guard]   end
//
// A freed area is lazy: it keeps its addresses until forget_lazy(), because a TLB may still know what they meant.
// Source: Linux 2.6.28 mm/vmalloc.c (vmap_area, VM_LAZY_FREE); where a search begins: 2.6.39 (free_vmap_cache).
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "mm/addr.hpp"

namespace guest {

enum class AreaUse : uint8_t { memory, device, lazy };  // vmalloc, ioremap, freed

struct VmArea {
    mm::VirtAddr start;
    mm::Pages pages;       // mapped; the guard page behind them is not counted
    mm::PhysAddr device;   // what an ioremap maps
    const void* caller = nullptr;  // where vmalloc or ioremap was called
    AreaUse use = AreaUse::memory;
};

// Where a table larger than the first one comes from: `allocate` returns null if memory is short.
struct AreaStore {
    VmArea* (*allocate)(uint32_t count);
    void (*free)(VmArea* table);
};

class VmAreas final {
public:
    VmAreas(mm::VirtAddr start, mm::VirtAddr end, VmArea* first_table, unsigned capacity, AreaStore store)
        : start_{start}, end_{end}, table_{first_table}, first_table_{first_table}, capacity_{capacity},
          first_capacity_{capacity}, store_{store} {}

    // Makes the table long enough for one more area; false if memory is short.
    [[nodiscard]] bool make_room();

    // Places `wanted` in the lowest gap that holds it and a guard page, and returns its start; nothing if there is none.
    // Assumes that make_room() said yes.
    Maybe<mm::VirtAddr> reserve(const VmArea& wanted);

    // The area that starts there becomes lazy; nothing if no area does, or a lazy one. Returns it as it was.
    Maybe<VmArea> retire(mm::VirtAddr start);

    // Gives the addresses of all lazy areas back, and a grown table if it is no longer needed. Room for one more area stays.
    void forget_lazy();

    unsigned size() const { return size_; }             // lazy ones included
    unsigned live() const { return size_ - lazy_; }
    mm::Pages lazy_pages() const { return lazy_pages_; }  // addresses, guard pages included
    const VmArea& operator[](unsigned index) const { return table_[index]; }
    bool check() const;  // sorted, in range, a guard page between any two, the lazy ones counted

private:
    uint64_t end_of(unsigned index) const;  // its guard page included
    uint64_t place(uint64_t bytes, unsigned& index);
    void move_to(VmArea* table, unsigned capacity);

    mm::VirtAddr start_, end_;
    VmArea* table_;
    VmArea* first_table_;
    unsigned capacity_, first_capacity_;
    AreaStore store_;
    unsigned size_ = 0, lazy_ = 0;
    mm::Pages lazy_pages_{};
    unsigned search_from_ = 0;     // no gap in front of this area is larger than largest_skipped_
    uint64_t largest_skipped_ = 0;
};

}  // namespace guest
