// SPDX-License-Identifier: LGPL-2.1-or-later
// Edits page tables of either format. Owns nothing: where tables come from and how entries are reached is passed in.
//
//   Memory must have   Raw load(PhysAddr)            an entry of a directory or table
//                      void store(PhysAddr, Raw)
//                      bool allocate_table(Pfn& out)  a zeroed frame; false if there is none
//
// Editing flushes nothing. Adding to what was not present needs no flush; after an unmap the caller flushes.
#pragma once

#include "mm/walk.hpp"

namespace guest {

enum class MapStatus : uint8_t { done, no_memory, already_mapped };

// What an unmap took away; `was_mapped` is false, and the frame meaningless, if there was no 4 KiB page.
struct Unmapped {
    bool was_mapped;
    mm::Pfn frame;
};

template <class F, class Memory>
class Mapper {
public:
    Mapper(typename F::Root root, Memory memory) : root_{root}, memory_{memory} {}

    // Maps one 4 KiB page, allocating its table if there is none yet.
    [[nodiscard]] MapStatus map(mm::VirtAddr at, mm::Pfn frame, mm::Permissions p) {
        mm::PhysAddr pte_at;
        const MapStatus status = entry_for(at, p.user, pte_at);
        if (status != MapStatus::done) return status;
        if (mm::Entry<F>{memory_.load(pte_at)}.present()) return MapStatus::already_mapped;
        memory_.store(pte_at, mm::Entry<F>::leaf(frame, p).raw);
        return MapStatus::done;
    }

    // Maps one large page; `at` and `first` are aligned to its size.
    [[nodiscard]] MapStatus map_large(mm::VirtAddr at, mm::Pfn first, mm::Permissions p) {
        const mm::Walk<F> w = find(at);
        if (w.pde.present()) return MapStatus::already_mapped;
        memory_.store(w.pde_at, mm::Entry<F>::large_leaf(first, p).raw);
        return MapStatus::done;
    }

    // Takes one 4 KiB page away. Its table stays.
    Unmapped unmap(mm::VirtAddr at) {
        const mm::Walk<F> w = find(at);
        if (!w.translation.mapped() || w.reads != 2) return {false, {}};
        memory_.store(w.pte_at, 0);
        return {true, w.pte.frame()};
    }

    // Gives `at` a page table without mapping anything; `pte_at` is the physical address of its entry in it.
    [[nodiscard]] MapStatus entry_for(mm::VirtAddr at, bool user, mm::PhysAddr& pte_at) {
        const mm::Walk<F> w = find(at);
        if (w.reads == 2) return pte_at = w.pte_at, MapStatus::done;
        if (w.translation.mapped()) return MapStatus::already_mapped;  // inside a large page
        mm::Pfn table;
        if (!memory_.allocate_table(table)) return MapStatus::no_memory;
        memory_.store(w.pde_at, mm::Entry<F>::table(table, user).raw);
        pte_at = mm::PhysAddr{mm::address(table).raw + mm::table_index<F>(at) * sizeof(typename F::Raw)};
        return MapStatus::done;
    }

    // Unmaps every 4 KiB page in [start, end), page aligned, and gives each to freed(VirtAddr, Pfn). Tables stay.
    template <class Freed>
    void unmap_range(mm::VirtAddr start, mm::VirtAddr end, Freed freed) {
        for (mm::VirtAddr at = start; at < end;) {
            const mm::Walk<F> w = find(at);
            if (w.reads != 2) {
                at = next_table(at);
                if (at.raw == 0) return;  // wrapped at 4 GiB
                continue;
            }
            if (w.pte.present()) {
                memory_.store(w.pte_at, 0);
                freed(at, w.pte.frame());
            }
            at = at + mm::page_size;
        }
    }

    // Takes the table that serves `at` out of its directory; nothing if there is none.
    Unmapped remove_table(mm::VirtAddr at) {
        const mm::Walk<F> w = find(at);
        if (w.reads != 2) return {false, {}};
        memory_.store(w.pde_at, 0);
        return {true, w.pde.frame()};
    }

    // Copies another root's directory entries for [from, 4 GiB): both then share those tables and large pages.
    void share(const typename F::Root& other, mm::VirtAddr from) {
        mm::VirtAddr at{from.raw & ~(mm::large_page_size<F> - 1)};
        do {
            memory_.store(directory_entry(root_, at), memory_.load(directory_entry(other, at)));
            at = next_table(at);
        } while (at.raw != 0);
    }

    static mm::VirtAddr next_table(mm::VirtAddr at) {
        return mm::VirtAddr{(at.raw & ~(mm::large_page_size<F> - 1)) + mm::large_page_size<F>};
    }

    // The walk of `at`: its entries, their addresses, its translation.
    [[nodiscard]] mm::Walk<F> find(mm::VirtAddr at) {
        return mm::walk<F>(root_, at, control, [this](mm::PhysAddr entry) { return memory_.load(entry); });
    }

private:
    static mm::PhysAddr directory_entry(const typename F::Root& root, mm::VirtAddr at) {
        const uint64_t directory = mm::directory_of(root, at) & ~uint64_t{mm::page_mask};
        return mm::PhysAddr{directory + mm::directory_index<F>(at) * sizeof(typename F::Raw)};
    }

    // Large and global pages on, as the kernel runs; PAE for the format that needs it.
    static constexpr mm::Control control{mm::cr0_pg | mm::cr0_pe, 0,
                                         mm::cr4_pse | mm::cr4_pge | (sizeof(typename F::Raw) == 8 ? mm::cr4_pae : 0)};

    typename F::Root root_;
    Memory memory_;
};

}  // namespace guest
