// SPDX-License-Identifier: LGPL-2.1-or-later
// Regions are bookkeeping; pages appear in them on first touch and leave with them.
#include "guest-kernel/kernel/address_space.hpp"

#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

using Roots = RootTables<Format>;
using SpaceMapper = Mapper<Format, ZoneTables>;

constexpr auto user_start = static_cast<uint32_t>(layout.user_start), user_end = static_cast<uint32_t>(layout.user_end);
// Linux' TASK_UNMAPPED_BASE, but in all splits at the same place modulo 4 MiB: which TLB sets a mapping falls into must
// not depend on the split.
constexpr auto mmap_base = static_cast<uint32_t>(mm::align_down(layout.user_end / 3, 4 * mm::mebibyte));
constexpr mm::Permissions user_page{true, true, true, false};

SpaceMapper mapper(uint32_t cr3) { return {Roots::root(ZoneTables{}, cr3), ZoneTables{}}; }

bool whole_user_pages(uint32_t start, uint32_t bytes) {
    return bytes != 0 && (start | bytes) % mm::page_size == 0 && start >= user_start && start < user_end &&
           bytes <= user_end - start;
}

// One page: INVLPG. More: one CR3 write, as Linux' flush_tlb_range of that time. At 4:4 the way out of the kernel
// loads CR3 anyway, and the kernel never translates through the process's tables.
void flush(uint32_t cr3, mm::VirtAddr page, unsigned pages) {
    if (layout.own_page_tables || pages == 0 || read_cr3() != cr3) return;
    if (pages == 1) invlpg(page);
    else write_cr3(cr3);
}

}  // namespace

bool AddressSpace::create() {
    if (!Roots::create(ZoneTables{}, cr3_)) return false;
    mapper(cr3_).share(Roots::root(ZoneTables{}, shared_root()), shared_from());
    return true;
}

void AddressSpace::destroy() {
    for (unsigned i = 0; i < region_count_; ++i) release(regions_[i].start, regions_[i].end);
    mapper(cr3_).remove_tables(mm::VirtAddr{user_end}, [](mm::Pfn table) { ZoneTables::free_table(table); });
    region_count_ = 0;
    Roots::destroy(ZoneTables{}, cr3_);
    cr3_ = 0;
}

bool AddressSpace::overlaps(uint32_t start, uint32_t end) const {
    for (unsigned i = 0; i < region_count_; ++i)
        if (start < regions_[i].end && regions_[i].start < end) return true;
    return false;
}

bool AddressSpace::contains(mm::VirtAddr at) const { return overlaps(at.raw, at.raw + 1); }

bool AddressSpace::add_region(uint32_t bytes, uint32_t& start) {
    start = mmap_base;
    for (unsigned i = 0; i < region_count_; ++i) {
        if (regions_[i].end <= start) continue;
        if (regions_[i].start >= start && regions_[i].start - start >= bytes) break;
        start = regions_[i].end;
    }
    return add_region_at(start, bytes);
}

bool AddressSpace::add_region_at(uint32_t start, uint32_t bytes) {
    if (!whole_user_pages(start, bytes) || overlaps(start, start + bytes) || region_count_ == max_regions) return false;
    unsigned i = region_count_++;
    for (; i > 0 && regions_[i - 1].start > start; --i) regions_[i] = regions_[i - 1];
    regions_[i] = {start, start + bytes};
    return true;
}

bool AddressSpace::remove_region(uint32_t start, uint32_t bytes) {
    if (!whole_user_pages(start, bytes)) return false;
    const uint32_t end = start + bytes;
    unsigned i = 0;
    while (i < region_count_ && regions_[i].end <= start) ++i;
    if (i == region_count_ || regions_[i].start > start || regions_[i].end < end) return false;

    Region& r = regions_[i];
    const Region head{r.start, start}, tail{end, r.end};
    if (head.start < head.end && tail.start < tail.end) {
        if (region_count_ == max_regions) return false;
        for (unsigned j = region_count_++; j > i + 1; --j) regions_[j] = regions_[j - 1];
        regions_[i] = head;
        regions_[i + 1] = tail;
    } else if (head.start < head.end) {
        r = head;
    } else if (tail.start < tail.end) {
        r = tail;
    } else {
        --region_count_;
        for (unsigned j = i; j < region_count_; ++j) regions_[j] = regions_[j + 1];
    }
    release(start, end);
    return true;
}

// The frames go back only after the flush: nobody may reach a page through a stale translation.
void AddressSpace::release(uint32_t start, uint32_t end) {
    uint32_t freed_chain = no_frame;
    unsigned pages = 0;
    mm::VirtAddr last{};
    mapper(cr3_).unmap_range(mm::VirtAddr{start}, mm::VirtAddr{end}, [&](mm::VirtAddr at, mm::Pfn frame) {
        last = at;
        zones().frames()[frame].owner = freed_chain;
        freed_chain = frame.raw;
        ++pages;
    });
    flush(cr3_, last, pages);
    while (freed_chain != no_frame) {
        const mm::Pfn frame{freed_chain};
        freed_chain = zones().frames()[frame].owner;
        zones().release(frame);
    }
    resident_ -= pages;
}

bool AddressSpace::populate(mm::VirtAddr at) {
    if (!contains(at)) return false;
    mm::Pfn frame;
    if (!allocate_user_frame(frame)) return false;
    const mm::VirtAddr page = mm::address(mm::page_of(at));
    if (mapper(cr3_).map(page, frame, user_page) != MapStatus::done) return zones().release(frame), false;
    ++resident_;
    return true;
}

bool AddressSpace::frame_of(mm::VirtAddr at, mm::Pfn& frame) const {
    const mm::Translation t = mapper(cr3_).find(at).translation;
    if (!t.mapped() || !t.permissions.user) return false;
    frame = t.frame;
    return true;
}

}  // namespace guest
