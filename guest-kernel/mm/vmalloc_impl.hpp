// SPDX-License-Identifier: LGPL-2.1-or-later
// vmalloc's functions that depend on the page mapper; included by vmalloc.hpp only.
#pragma once

namespace guest {

template <class M>
Maybe<mm::VirtAddr> Vmalloc<M>::reserve(const VmArea& wanted) {
    if (!areas_.make_room()) return ++shortages_.areas, Maybe<mm::VirtAddr>{};
    Maybe<mm::VirtAddr> start = areas_.reserve(wanted);
    if (!start && areas_.lazy_pages().raw != 0) {
        purge();
        start = areas_.reserve(wanted);
    }
    if (!start) ++shortages_.window;
    return start;
}

template <class M>
Maybe<mm::VirtAddr> Vmalloc<M>::allocate(uint32_t bytes) {
    const mm::Pages pages = mm::pages_for(bytes);
    if (pages.raw == 0) return {};
    if (pages.raw > zones_.frames().end().raw) return ++shortages_.frames, Maybe<mm::VirtAddr>{};
    const Maybe<mm::VirtAddr> start = reserve({{}, pages, {}, __builtin_return_address(0), AreaUse::memory});
    if (!start || populate(*start, pages)) return start;
    static_cast<void>(retire(*start, AreaUse::memory));
    purge_if_many();
    return {};
}

// All or nothing. New entries need no flush: nothing was cached for them.
template <class M>
bool Vmalloc<M>::populate(mm::VirtAddr start, mm::Pages pages) {
    for (uint32_t page = 0; page < pages.raw; ++page) {
        const Allocation frame = zones_.allocate(gfp_highuser, 0);
        if (frame && mapper_.map(start + page * mm::page_size, frame.first)) continue;
        if (frame) zones_.free(frame.first, 0);
        ++(frame ? shortages_.tables : shortages_.frames);
        while (page-- > 0) zones_.free(mapper_.unmap(start + page * mm::page_size), 0);
        return false;
    }
    return true;
}

template <class M>
VmArea Vmalloc<M>::retire(mm::VirtAddr start, AreaUse use) {
    const Maybe<VmArea> area = areas_.retire(start);
    require(area && (*area).use == use, "vfree or iounmap: no such area starts there");
    return *area;
}

template <class M>
void Vmalloc<M>::free(mm::VirtAddr start) {
    const VmArea area = retire(start, AreaUse::memory);
    for (uint32_t page = 0; page < area.pages.raw; ++page) zones_.free(mapper_.unmap(start + page * mm::page_size), 0);
    purge_if_many();
}

template <class M>
Maybe<mm::VirtAddr> Vmalloc<M>::map_device(mm::Pfn first, mm::Pages pages, const void* caller) {
    if (pages.raw == 0) return {};
    const Maybe<mm::VirtAddr> start = reserve({{}, pages, address(first), caller, AreaUse::device});
    if (!start) return {};
    for (uint32_t page = 0; page < pages.raw; ++page) {
        if (mapper_.map_device(*start + page * mm::page_size, first + mm::Pages{page})) continue;
        ++shortages_.tables;
        while (page-- > 0) static_cast<void>(mapper_.unmap(*start + page * mm::page_size));
        static_cast<void>(retire(*start, AreaUse::device));
        purge_if_many();
        return {};
    }
    return start;
}

template <class M>
void Vmalloc<M>::unmap_device(mm::VirtAddr start) {
    const VmArea area = retire(start, AreaUse::device);
    for (uint32_t page = 0; page < area.pages.raw; ++page) static_cast<void>(mapper_.unmap(start + page * mm::page_size));
    purge_if_many();
}

template <class M>
void Vmalloc<M>::purge() {
    if (areas_.lazy_pages().raw == 0) return;
    mapper_.flush_all(FlushReason::vmalloc_purge);
    areas_.forget_lazy();
    ++purges_;
}

template <class M>
void Vmalloc<M>::purge_if_many() {
    if (areas_.lazy_pages() > lazy_max_pages) purge();
}

}  // namespace guest
