// SPDX-License-Identifier: LGPL-2.1-or-later
// Virtually contiguous memory over scattered frames: areas between VMALLOC_START and VMALLOC_END, first fit, each
// followed by one unmapped guard page.
//
//   start  [area 0 ....][guard][area 1][guard]      [area 2 ..][guard]   end
//
// Frames come from HIGHMEM first. vfree flushes at once; Linux' later lazy flushing is not modelled.
// Source: Linux 2.6 mm/vmalloc.c (__get_vm_area, vfree).
#pragma once

#include "guest-kernel/mm/page_mapper.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

struct VmArea {
    mm::VirtAddr start;
    mm::Pages pages;  // mapped; the guard page behind them is not counted
};

// The address ranges alone: sorted, first fit. Owns no memory; the table is the caller's.
class VmAreas final {
public:
    VmAreas(mm::VirtAddr start, mm::VirtAddr end, VmArea* table, unsigned capacity)
        : start_{start}, end_{end}, table_{table}, capacity_{capacity} {}

    // The lowest gap that holds `pages` and a guard page; nothing if there is none or the table is full.
    Maybe<mm::VirtAddr> reserve(mm::Pages pages);

    // Forgets the area that starts there and returns its size; 0 pages if none does.
    [[nodiscard]] mm::Pages release(mm::VirtAddr start);

    unsigned size() const { return size_; }
    const VmArea& operator[](unsigned index) const { return table_[index]; }
    bool check() const;  // sorted, in range, a guard page between any two

private:
    mm::VirtAddr start_, end_;
    VmArea* table_;
    unsigned capacity_, size_ = 0;
};

template <class Mapper>
class Vmalloc final {
    static_assert(is_page_mapper<Mapper>(0));

public:
    Vmalloc(Mapper& mapper, Zonelist& zones, mm::VirtAddr start, mm::VirtAddr end, VmArea* table, unsigned capacity)
        : mapper_{mapper}, zones_{zones}, areas_{start, end, table, capacity} {}

    // `bytes` rounded up to whole pages, page aligned, content undefined. Nothing if addresses, frames or page
    // tables run out; whatever was taken is given back.
    Maybe<mm::VirtAddr> allocate(uint32_t bytes);

    // Assumes an address that allocate() returned. One global flush.
    void free(mm::VirtAddr start);

    const VmAreas& areas() const { return areas_; }

private:
    mm::Pages populate(mm::VirtAddr start, mm::Pages pages);
    void unmap(mm::VirtAddr start, mm::Pages pages);

    Mapper& mapper_;
    Zonelist& zones_;
    VmAreas areas_;
};

}  // namespace guest

#include "guest-kernel/mm/vmalloc_impl.hpp"
