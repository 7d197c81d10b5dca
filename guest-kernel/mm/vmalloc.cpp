// SPDX-License-Identifier: LGPL-2.1-or-later
// The address ranges of vmalloc.
#include "guest-kernel/mm/vmalloc.hpp"

namespace guest {

using mm::Pages;
using mm::VirtAddr;

namespace {

// Bytes of address space, guard page included.
uint64_t footprint(Pages pages) { return mm::bytes(pages + Pages{1}); }

}  // namespace

Maybe<VirtAddr> VmAreas::reserve(Pages pages) {
    if (size_ == capacity_) return {};
    uint64_t at = start_.raw;
    unsigned index = 0;
    for (; index < size_ && at + footprint(pages) > table_[index].start.raw; ++index)
        at = table_[index].start.raw + footprint(table_[index].pages);
    if (at + footprint(pages) > end_.raw) return {};
    for (unsigned i = size_; i > index; --i) table_[i] = table_[i - 1];
    const VirtAddr start{static_cast<uint32_t>(at)};
    table_[index] = {start, pages};
    ++size_;
    return start;
}

Pages VmAreas::release(VirtAddr start) {
    unsigned index = 0;
    while (index < size_ && table_[index].start != start) ++index;
    if (index == size_) return {};
    const Pages pages = table_[index].pages;
    --size_;
    for (; index < size_; ++index) table_[index] = table_[index + 1];
    return pages;
}

bool VmAreas::check() const {
    uint64_t at = start_.raw;
    for (unsigned index = 0; index < size_; ++index) {
        const VmArea& area = table_[index];
        if (area.start.raw < at || area.pages.raw == 0 || mm::offset_in_page(area.start) != 0) return false;
        at = area.start.raw + footprint(area.pages);
    }
    return at <= end_.raw;
}

}  // namespace guest
