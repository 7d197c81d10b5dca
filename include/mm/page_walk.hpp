// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk of an access in whatever paging mode is on, perhaps from a directory entry that a cache had.
#pragma once

#include "mm/walk.hpp"

namespace mm {

// walk.hpp's Walk without its format, and whether it serves the access.
struct PageWalk {
    Translation translation{};
    bool fault = false;        // not mapped, or not allowed
    bool names_table = false;  // the directory entry leads to a table
    unsigned reads = 0;        // entries used: 0, 1 or 2
    uint64_t pde = 0, pte = 0;
    PhysAddr pde_at{}, pte_at{};
};

// load(PhysAddr, bytes) -> uint64_t. `cached_pde`: the directory entry, which then is not loaded; or nullptr.
template <class F, class Load>
PageWalk page_walk_as(const typename F::Root& root, VirtAddr a, Access access, const Control& control, const uint64_t* cached_pde, Load&& load) {
    using Raw = typename F::Raw;
    const Walk<F> w = walk<F>(root, a, control, [&](PhysAddr at) {
        if (!cached_pde) return static_cast<Raw>(load(at, static_cast<unsigned>(sizeof(Raw))));
        const Raw value = static_cast<Raw>(*cached_pde);
        cached_pde = nullptr;
        return value;
    });
    const bool fault = !w.translation.mapped() || !allows(w.translation.permissions, access, control);
    return {w.translation, fault, w.reads >= 1 && names_table<F>(w.pde, control), w.reads, w.pde.raw, w.pte.raw, w.pde_at, w.pte_at};
}

// `pdpte`: the four PDPTE registers, which only PAE paging uses.
template <class Load>
PageWalk page_walk(VirtAddr a, Access access, const Control& control, const uint64_t* pdpte, const uint64_t* cached_pde, Load&& load) {
    if (control.mode() == PagingMode::pae)
        return page_walk_as<Pae>({{pdpte[0], pdpte[1], pdpte[2], pdpte[3]}}, a, access, control, cached_pde, load);
    return page_walk_as<Classic>({PhysAddr{control.cr3 & 0xFFFFF000}}, a, access, control, cached_pde, load);
}

}  // namespace mm
