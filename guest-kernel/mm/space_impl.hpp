// SPDX-License-Identifier: LGPL-2.1-or-later
// Space's operations; see mm/space.hpp.
#pragma once

#include "guest-kernel/mm/space.hpp"

namespace guest {

// Frames on their way back to the zones. They go only after the flush: nobody may reach a page through a stale
// translation. Linux: struct mmu_gather.
template <class Machine>
class Gather final {
public:
    Gather(Machine& machine, uint32_t cr3) : machine_{machine}, cr3_{cr3} {}
    ~Gather() { flush(); }
    Gather(const Gather&) = delete;
    Gather& operator=(const Gather&) = delete;

    void page(mm::VirtAddr at, mm::Pfn frame) { add(at, frame, false); }
    void table(mm::Pfn table) { add({}, table, true); }

private:
    static constexpr unsigned capacity = 64;
    static constexpr uint32_t is_table = uint32_t{1} << 31;

    void add(mm::VirtAddr at, mm::Pfn frame, bool table) {
        if (count_ == capacity) flush();
        if (!table) last_ = at;
        frames_[count_++] = frame.raw | (table ? is_table : 0);
    }

    // One INVLPG, which drops the paging-structure caches too (SDM vol. 3, 4.10.4.1), or one CR3 write.
    void flush() {
        if (count_ == 1) machine_.flush_page(FlushSite::unmap_page, cr3_, last_);
        else if (count_ != 0) machine_.flush_space(FlushSite::unmap_pages, cr3_);
        for (unsigned i = 0; i < count_; ++i) {
            const mm::Pfn frame{frames_[i] & ~is_table};
            if (frames_[i] & is_table) machine_.free_table(frame);
            else machine_.release(frame);
        }
        count_ = 0;
    }

    Machine& machine_;
    uint32_t cr3_;
    unsigned count_ = 0;
    mm::VirtAddr last_{};
    uint32_t frames_[capacity];
};

template <class M>
bool Space<M>::whole_user_pages(uint32_t start, uint32_t bytes) {
    return bytes != 0 && (start | bytes) % mm::page_size == 0 && start >= M::user_start && start < M::user_end &&
           bytes <= M::user_end - start;
}

template <class M>
mm::Permissions Space<M>::permissions(const Region& r, bool write) const {
    return {write, true, r.execute || !machine_.no_execute(), false};
}

template <class M>
bool Space<M>::create() {
    if (!machine_.create_root(cr3_)) return false;
    root_ = RootTables<Format>::root(machine_.tables(), cr3_);
    return true;
}

template <class M>
void Space<M>::destroy() {
    constexpr uint32_t span = mm::large_page_size<Format>;
    for (unsigned i = 0; i < regions_.size(); ++i) {
        const mm::VirtAddr start{regions_[i].start}, end{regions_[i].end};
        edit().unmap_range(start, end, [this](mm::VirtAddr, mm::Entry<Format> pte) {
            if (pte.present()) machine_.release(pte.frame());
            else machine_.release_swapped(swap_entry(pte));
        });
    }
    // No table serves what no region touches.
    for (unsigned i = 0; i < regions_.size(); ++i) {
        const auto first = static_cast<uint32_t>(mm::align_down(regions_[i].start, span));
        const auto last = static_cast<uint32_t>(mm::align_up(regions_[i].end, span));
        edit().remove_tables(mm::VirtAddr{first}, mm::VirtAddr{last}, [this](mm::Pfn table) { machine_.free_table(table); });
    }
    machine_.destroy_root(cr3_);
    regions_.clear();
    cr3_ = resident_ = swapped_ = hand_ = heap_start_ = heap_end_ = 0;
}

// Linux: copy_page_range. Pages of read-only regions are shared as they are.
template <class M>
bool Space<M>::fork(Space& parent) {
    if (!create()) return false;
    if (!regions_.copy_from(parent.regions_)) return destroy(), false;
    heap_start_ = parent.heap_start_;
    heap_end_ = parent.heap_end_;
    bool copied = true, protected_some = false;
    for (unsigned i = 0; i < regions_.size() && copied; ++i) {
        Edit mine = edit();
        copied = parent.edit().copy_range(mine, mm::VirtAddr{regions_[i].start}, mm::VirtAddr{regions_[i].end},
                                          [&](mm::VirtAddr, mm::Entry<Format> pte) {
                                              if (!pte.present()) {
                                                  machine_.share_swapped(swap_entry(pte));
                                                  ++swapped_;
                                                  return pte;
                                              }
                                              machine_.share(pte.frame());
                                              ++resident_;
                                              protected_some = protected_some || pte.writable();
                                              return pte.without(mm::entry_bit::writable);
                                          });
    }
    if (protected_some) machine_.flush_space(FlushSite::fork, parent.cr3_);
    if (!copied) destroy();
    return copied;
}

template <class M>
RegionStatus Space<M>::add_region_at(const Region& r) {
    if (r.end < r.start || !whole_user_pages(r.start, r.end - r.start)) return RegionStatus::bad_range;
    return regions_.insert(r);
}

template <class M>
RegionStatus Space<M>::add_region(uint32_t bytes, uint32_t& start) {
    if (bytes == 0 || bytes % mm::page_size != 0) return RegionStatus::bad_range;
    start = regions_.lowest_hole(M::mmap_base, M::user_end, bytes);
    if (start == 0) return RegionStatus::no_room;
    return add_region_at({start, start + bytes, RegionKind::mmap, true, false});
}

template <class M>
RegionStatus Space<M>::remove_region(uint32_t start, uint32_t bytes) {
    if (!whole_user_pages(start, bytes)) return RegionStatus::bad_range;
    const RegionStatus status = regions_.remove(start, start + bytes);
    if (status != RegionStatus::done) return status;
    uint32_t hole_start, hole_end;
    regions_.hole_around(start, start + bytes, hole_start, hole_end, M::user_end);
    unmap(start, start + bytes, hole_start, hole_end);
    return RegionStatus::done;
}

// What stood for a page of this space, in memory or in swap, is no longer needed.
template <class M>
void Space<M>::discard(Gather<M>& gather, mm::VirtAddr at, mm::Entry<Format> pte) {
    if (pte.present()) {
        gather.page(at, pte.frame());
        --resident_;
    } else {
        machine_.release_swapped(swap_entry(pte));
        --swapped_;
    }
}

// Linux: unmap_region, with free_pgtables: a table goes when all that it serves lies in the hole.
template <class M>
void Space<M>::unmap(uint32_t start, uint32_t end, uint32_t hole_start, uint32_t hole_end) {
    Gather<M> gather{machine_, cr3_};
    edit().unmap_range(mm::VirtAddr{start}, mm::VirtAddr{end},
                       [&](mm::VirtAddr at, mm::Entry<Format> pte) { discard(gather, at, pte); });
    constexpr uint32_t span = mm::large_page_size<Format>;
    const uint64_t first = mm::align_down(start, span), last = mm::align_up(end, span);
    edit().remove_tables(mm::VirtAddr{hole_start > first ? hole_start : static_cast<uint32_t>(first)},
                         mm::VirtAddr{hole_end < last ? hole_end : static_cast<uint32_t>(last)},
                         [&](mm::Pfn table) { gather.table(table); });
}

template <class M>
RegionStatus Space<M>::protect_region(uint32_t start, uint32_t bytes, bool write, bool execute) {
    if (!whole_user_pages(start, bytes)) return RegionStatus::bad_range;
    const RegionStatus status = regions_.protect(start, start + bytes, write, execute);
    if (status != RegionStatus::done) return status;
    // A page that may be written again becomes writable at its next write: it may be shared.
    const Region attributes{0, 0, RegionKind::mmap, write, execute};
    edit().change_range(mm::VirtAddr{start}, mm::VirtAddr{start + bytes}, [&](mm::VirtAddr, mm::Entry<Format> pte) {
        if (!pte.present()) return pte;
        return mm::Entry<Format>::leaf(pte.frame(), permissions(attributes, write && pte.writable()));
    });
    machine_.flush_space(FlushSite::protect, cr3_);
    return RegionStatus::done;
}

template <class M>
RegionStatus Space<M>::move_break(uint32_t to) {
    if (to < heap_start_ || to > M::user_end) return RegionStatus::bad_range;
    const auto old_end = static_cast<uint32_t>(mm::align_up(heap_end_, mm::page_size));
    const auto end = static_cast<uint32_t>(mm::align_up(to, mm::page_size));
    RegionStatus status = RegionStatus::done;
    if (end > old_end) status = add_region_at({old_end, end, RegionKind::heap, true, false});
    if (end < old_end) status = remove_region(end, old_end - end);
    if (status == RegionStatus::done) heap_end_ = to;
    return status;
}

template <class M>
FaultStatus Space<M>::resolve(mm::VirtAddr at, mm::AccessKind kind, bool present) {
    const Region* const r = regions_.find(at.raw);
    if (!r) return FaultStatus::no_region;
    if (kind == mm::AccessKind::write && !r->write) return FaultStatus::no_permission;
    if (kind == mm::AccessKind::execute && !r->execute) return FaultStatus::no_permission;
    const mm::VirtAddr page = mm::address(mm::page_of(at));
    if (!present) return fill(page, *r);
    return kind == mm::AccessKind::write ? write_to_shared(page, *r) : FaultStatus::resolved;
}

// Linux: do_anonymous_page.
template <class M>
FaultStatus Space<M>::fill(mm::VirtAddr page, const Region& r) {
    if (swapped_ != 0) {
        const mm::Entry<Format> pte = edit().entry_of(page);
        if (is_swapped(pte)) return swap_in(page, swap_entry(pte));
    }
    mm::Pfn frame;
    if (!machine_.zeroed_frame(frame)) return FaultStatus::no_memory;
    const MapStatus status = edit().map(page, frame, permissions(r, r.write));
    if (status == MapStatus::done) return ++resident_, FaultStatus::resolved;
    machine_.release(frame);
    return status == MapStatus::no_memory ? FaultStatus::no_memory : FaultStatus::resolved;
}

// Linux: do_wp_page. The last user of a shared page keeps it.
template <class M>
FaultStatus Space<M>::write_to_shared(mm::VirtAddr page, const Region& r) {
    const mm::Pfn old = edit().find(page).pte.frame();
    mm::Pfn mine = old;
    if (machine_.users(old) > 1 && !machine_.copied_frame(old, mine)) return FaultStatus::no_memory;
    edit().change_range(page, page + mm::page_size, [&](mm::VirtAddr, mm::Entry<Format>) {
        return mm::Entry<Format>::leaf(mine, permissions(r, true));
    });
    machine_.flush_page(FlushSite::copy_on_write, cr3_, page);
    if (mine != old) machine_.release(old);
    return FaultStatus::resolved;
}

template <class M>
bool Space<M>::map_shared(mm::VirtAddr at, mm::Pfn frame) {
    const Region* const r = regions_.find(at.raw);
    require(r, "a page mapped outside the regions");
    if (edit().map(mm::address(mm::page_of(at)), frame, permissions(*r, false)) != MapStatus::done) return false;
    machine_.share(frame);
    ++resident_;
    return true;
}

template <class M>
bool Space<M>::frame_of(mm::VirtAddr at, mm::Pfn& frame, mm::AccessKind kind) const {
    const mm::Translation t = edit().find(at).translation;
    if (!t.mapped() || !t.permissions.user || (kind == mm::AccessKind::write && !t.permissions.write)) return false;
    frame = t.frame;
    return true;
}

}  // namespace guest

#include "guest-kernel/mm/space_swap_impl.hpp"
