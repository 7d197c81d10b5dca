// SPDX-License-Identifier: LGPL-2.1-or-later
// Space's operations that hand pages to another space; see mm/space.hpp.
#pragma once

#include "guest-kernel/mm/space_impl.hpp"

namespace guest {

template <class M>
void Space<M>::drop_page(mm::VirtAddr page) {
    Gather<M> gather{machine_, cr3_};
    edit().unmap_range(page, page + mm::page_size, [&](mm::VirtAddr at, mm::Entry<Format> pte) { discard(gather, at, pte); });
}

template <class M>
FaultStatus Space<M>::ready_to_read(mm::VirtAddr page, mm::Pfn& frame) {
    if (!contains(page)) return FaultStatus::no_region;  // the kernel's pages have entries here, too
    mm::Entry<Format> pte = edit().entry_of(page);
    if (!pte.present()) {
        const FaultStatus status = resolve(page, mm::AccessKind::read, false);
        if (status != FaultStatus::resolved) return status;
        pte = edit().entry_of(page);
    }
    if (!pte.present()) return FaultStatus::no_memory;
    frame = pte.frame();
    return FaultStatus::resolved;
}

// Both pages' tables and the page itself are there, and nothing that could sleep comes between that and the hand-over.
template <class M>
FaultStatus Space<M>::ready_to_send(mm::VirtAddr page, Space& to, mm::VirtAddr at, mm::Pfn& frame) {
    for (;;) {
        FaultStatus status = ready_to_read(page, frame);
        if (status != FaultStatus::resolved || to.edit().has_table(at)) return status;
        status = to.resolve(at, mm::AccessKind::write, false);
        if (status != FaultStatus::resolved) return status;
    }
}

template <class M>
FaultStatus Space<M>::send_page(mm::VirtAddr page, Space& to, mm::VirtAddr at, Handover how) {
    mm::Pfn frame;
    const FaultStatus status = ready_to_send(page, to, at, frame);
    if (status != FaultStatus::resolved) return status;
    const Region *const mine = regions_.find(page.raw), *const theirs = to.regions_.find(at.raw);
    if (!mine || !theirs) return FaultStatus::no_region;
    if (!theirs->write || (how == Handover::grant && !mine->write)) return FaultStatus::no_permission;

    const bool nobody_else = machine_.users(frame) == 1;
    machine_.share(frame);
    to.drop_page(at);
    const bool write = how == Handover::grant && nobody_else;
    require(to.edit().map(at, frame, to.permissions(*theirs, write)) == MapStatus::done, "a page did not fit into its place");
    ++to.resident_;
    if (how == Handover::grant) {
        drop_page(page);
        return FaultStatus::resolved;
    }
    edit().change_range(page, page + mm::page_size,
                        [](mm::VirtAddr, mm::Entry<Format> pte) { return pte.without(mm::entry_bit::writable); });
    machine_.flush_page(FlushSite::send_page, cr3_, page);
    return FaultStatus::resolved;
}

}  // namespace guest
