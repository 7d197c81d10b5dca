// SPDX-License-Identifier: LGPL-2.1-or-later
// The address ranges of vmalloc.
#include "guest-kernel/mm/vm_areas.hpp"

namespace guest {

using mm::Pages;
using mm::VirtAddr;

namespace {

// Bytes of address space, guard page included.
uint64_t footprint(Pages pages) { return mm::bytes(pages + Pages{1}); }

}  // namespace

uint64_t VmAreas::end_of(unsigned index) const { return table_[index].start.raw + footprint(table_[index].pages); }

void VmAreas::move_to(VmArea* table, unsigned capacity) {
    for (unsigned i = 0; i < size_; ++i) table[i] = table_[i];
    if (table_ != first_table_) store_.free(table_);
    table_ = table;
    capacity_ = capacity;
}

bool VmAreas::make_room() {
    if (size_ < capacity_) return true;
    VmArea* const larger = store_.allocate(2 * capacity_);
    if (larger == nullptr) return false;
    move_to(larger, 2 * capacity_);
    return true;
}

// Lowest address for `bytes`, and where in the table it belongs; end_ if no gap is large enough.
uint64_t VmAreas::place(uint64_t bytes, unsigned& index) {
    if (bytes <= largest_skipped_) search_from_ = 0, largest_skipped_ = 0;
    index = search_from_;
    uint64_t at = index == 0 ? start_.raw : end_of(index - 1);
    for (; index < size_ && at + bytes > table_[index].start.raw; ++index) {
        const uint64_t gap = table_[index].start.raw - at;
        if (gap > largest_skipped_) largest_skipped_ = gap;
        at = end_of(index);
    }
    return at + bytes <= end_.raw ? at : end_.raw;
}

Maybe<VirtAddr> VmAreas::reserve(const VmArea& wanted) {
    require(size_ < capacity_, "vmalloc: no room was made in the table of areas");
    unsigned index;
    const uint64_t at = place(footprint(wanted.pages), index);
    if (at == end_.raw) return {};
    for (unsigned i = size_; i > index; --i) table_[i] = table_[i - 1];
    table_[index] = wanted;
    table_[index].start = VirtAddr{static_cast<uint32_t>(at)};
    ++size_;
    search_from_ = index + 1;
    return table_[index].start;
}

Maybe<VmArea> VmAreas::retire(VirtAddr start) {
    unsigned low = 0, high = size_;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        if (table_[middle].start < start) low = middle + 1;
        else high = middle;
    }
    if (low == size_ || table_[low].start != start || table_[low].use == AreaUse::lazy) return {};
    const VmArea area = table_[low];
    table_[low].use = AreaUse::lazy;
    ++lazy_;
    lazy_pages_ += area.pages + Pages{1};
    return area;
}

void VmAreas::forget_lazy() {
    unsigned kept = 0;
    for (unsigned index = 0; index < size_; ++index)
        if (table_[index].use != AreaUse::lazy) table_[kept++] = table_[index];
    size_ = kept;
    lazy_ = 0;
    lazy_pages_ = {};
    search_from_ = 0;
    largest_skipped_ = 0;
    if (table_ != first_table_ && size_ < first_capacity_) move_to(first_table_, first_capacity_);
}

bool VmAreas::check() const {
    uint64_t at = start_.raw;
    unsigned lazy = 0;
    for (unsigned index = 0; index < size_; ++index) {
        const VmArea& area = table_[index];
        if (area.start.raw < at || area.pages.raw == 0 || mm::offset_in_page(area.start) != 0) return false;
        at = end_of(index);
        lazy += area.use == AreaUse::lazy;
    }
    return at <= end_.raw && lazy == lazy_ && size_ <= capacity_ && search_from_ <= size_;
}

}  // namespace guest
