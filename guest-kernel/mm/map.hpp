// SPDX-License-Identifier: LGPL-2.1-or-later
// Edits page tables of either format. Owns nothing: where tables come from and how entries are reached is passed in.
//
//   Memory must have   Raw load(PhysAddr)             an entry of a directory or table
//                      void store(PhysAddr, Raw)      an entry of a directory
//                      bool allocate_table(Pfn& out)  a zeroed frame; false if there is none
//                      Table open_table(Pfn)          reaches the entries of a table while the Table lives; Table has
//                      Table open_second_table(Pfn)   Raw load(unsigned index), void store(unsigned index, Raw)
//
// A table is opened for one run of edits and never while memory is allocated: it may lie in HIGHMEM (Linux: pte_offset_map,
// pte_offset_map_nested). Editing flushes nothing. Adding to what was not present needs no flush; after an unmap the caller
// flushes.
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
        mm::Pfn table;
        const MapStatus status = table_for(at, p.user, table);
        if (status != MapStatus::done) return status;
        auto entries = memory_.open_table(table);
        const unsigned index = mm::table_index<F>(at);
        if (entries.load(index) != 0) return MapStatus::already_mapped;
        entries.store(index, mm::Entry<F>::leaf(frame, p).raw);
        return MapStatus::done;
    }

    // Maps one large page; `at` and `first` are aligned to its size.
    [[nodiscard]] MapStatus map_large(mm::VirtAddr at, mm::Pfn first, mm::Permissions p) {
        const mm::PhysAddr pde_at = directory_entry(root_, at);
        if (entry(pde_at).present()) return MapStatus::already_mapped;
        memory_.store(pde_at, mm::Entry<F>::large_leaf(first, p).raw);
        return MapStatus::done;
    }

    // Takes one 4 KiB page away. Its table stays.
    Unmapped unmap(mm::VirtAddr at) {
        const mm::Entry<F> pde = entry(directory_entry(root_, at));
        if (!names_table(pde)) return {false, {}};
        auto entries = memory_.open_table(pde.frame());
        const mm::Entry<F> pte{entries.load(mm::table_index<F>(at))};
        if (pte.present()) entries.store(mm::table_index<F>(at), 0);
        return {pte.present(), pte.frame()};
    }

    // Gives `at` a page table without mapping anything; `pte_at` is the physical address of its entry in it.
    [[nodiscard]] MapStatus entry_for(mm::VirtAddr at, bool user, mm::PhysAddr& pte_at) {
        mm::Pfn table;
        const MapStatus status = table_for(at, user, table);
        if (status == MapStatus::done) pte_at = mm::address(table) + mm::table_index<F>(at) * sizeof(typename F::Raw);
        return status;
    }

    // Empties every entry for [start, end), page aligned, and gives what stood there to freed(VirtAddr, Entry): mapped
    // pages, and what stands for pages that are elsewhere. Tables stay.
    template <class Freed>
    void unmap_range(mm::VirtAddr start, mm::VirtAddr end, Freed freed) {
        change_range(start, end, [&](mm::VirtAddr at, mm::Entry<F> pte) {
            freed(at, pte);
            return mm::Entry<F>{};
        });
    }

    // Replaces every entry for [start, end), page aligned, that is not empty by change(VirtAddr, Entry).
    template <class Change>
    void change_range(mm::VirtAddr start, mm::VirtAddr end, Change change) {
        change_while(start, end, [&](mm::VirtAddr at, mm::Entry<F>& pte) {
            pte = change(at, pte);
            return true;
        });
    }

    // The same, as long as change(VirtAddr, Entry&) returns true.
    template <class Change>
    void change_while(mm::VirtAddr start, mm::VirtAddr end, Change change) {
        for_each_table(start, end, [&](mm::VirtAddr from, mm::VirtAddr to, mm::Entry<F> pde) {
            auto entries = memory_.open_table(pde.frame());
            unsigned index = mm::table_index<F>(from);
            for (mm::VirtAddr at = from; at != to; at = at + mm::page_size, ++index) {
                const mm::Entry<F> old{entries.load(index)};
                if (old.raw == 0) continue;
                mm::Entry<F> pte = old;
                const bool more = change(at, pte);
                if (pte != old) entries.store(index, pte.raw);
                if (!more) return false;
            }
            return true;
        });
    }

    // As change_range, and gives the new entry to the same address of `other` too, where all is empty yet. False if
    // there is no memory for one of its tables: it then has the pages up to there.
    template <class Change>
    [[nodiscard]] bool copy_range(Mapper& other, mm::VirtAddr start, mm::VirtAddr end, Change change) {
        return for_each_table(start, end, [&](mm::VirtAddr from, mm::VirtAddr to, mm::Entry<F> pde) {
            mm::Pfn table;
            if (other.table_for(from, pde.user(), table) != MapStatus::done) return false;
            auto target = memory_.open_table(table);
            auto source = memory_.open_second_table(pde.frame());
            unsigned index = mm::table_index<F>(from);
            for (mm::VirtAddr at = from; at != to; at = at + mm::page_size, ++index) {
                const mm::Entry<F> old{source.load(index)};
                if (old.raw == 0) continue;
                const mm::Entry<F> now = change(at, old);
                if (now != old) source.store(index, now.raw);
                target.store(index, now.raw);
            }
            return true;
        });
    }

    // Takes every table whose whole span lies in [start, end) out of its directory and gives it to freed(Pfn); what they
    // map is forgotten.
    template <class Freed>
    void remove_tables(mm::VirtAddr start, mm::VirtAddr end, Freed freed) {
        const uint64_t span = mm::large_page_size<F>;
        for (uint64_t at = mm::align_up(start.raw, span); at + span <= end.raw; at += span) {
            const mm::PhysAddr pde_at = directory_entry(root_, mm::VirtAddr{static_cast<uint32_t>(at)});
            const mm::Entry<F> pde = entry(pde_at);
            if (!names_table(pde)) continue;
            memory_.store(pde_at, 0);
            freed(pde.frame());
        }
    }

    // Copies another root's directory entries for [from, 4 GiB): both then share those tables and large pages.
    void share(const typename F::Root& other, mm::VirtAddr from) {
        constexpr auto last_in_directory = static_cast<uint32_t>((uint64_t{mm::large_page_size<F>} << F::index_bits) - 1);
        mm::VirtAddr at = from;
        do {
            auto target = memory_.open_table(mm::frame_of(directory(root_, at)));
            auto source = memory_.open_second_table(mm::frame_of(directory(other, at)));
            for (unsigned i = mm::directory_index<F>(at); i < mm::entries_per_table<F>; ++i) target.store(i, source.load(i));
            at = mm::VirtAddr{(at.raw | last_in_directory) + 1};
        } while (at.raw != 0);
    }

    // Whether `at` has a page table: then mapping a page there needs no memory.
    [[nodiscard]] bool has_table(mm::VirtAddr at) { return names_table(entry(directory_entry(root_, at))); }

    // The entry for `at`, present or not; empty if it has no table.
    [[nodiscard]] mm::Entry<F> entry_of(mm::VirtAddr at) {
        const mm::Entry<F> pde = entry(directory_entry(root_, at));
        if (!names_table(pde)) return {};
        auto entries = memory_.open_table(pde.frame());
        return mm::Entry<F>{entries.load(mm::table_index<F>(at))};
    }

    // The walk of `at`: its entries, their addresses, its translation.
    [[nodiscard]] mm::Walk<F> find(mm::VirtAddr at) {
        return mm::walk<F>(root_, at, control, [this](mm::PhysAddr entry) { return memory_.load(entry); });
    }

private:
    [[nodiscard]] MapStatus table_for(mm::VirtAddr at, bool user, mm::Pfn& table) {
        const mm::PhysAddr pde_at = directory_entry(root_, at);
        mm::Entry<F> pde = entry(pde_at);
        if (pde.present() && !names_table(pde)) return MapStatus::already_mapped;
        if (!pde.present()) {
            if (!memory_.allocate_table(table)) return MapStatus::no_memory;
            pde = mm::Entry<F>::table(table, user);
            memory_.store(pde_at, pde.raw);
        }
        table = pde.frame();
        return MapStatus::done;
    }

    // visit(first page, end, directory entry) for each table that serves part of [start, end), until one says false.
    template <class Visit>
    bool for_each_table(mm::VirtAddr start, mm::VirtAddr end, Visit visit) {
        for (mm::VirtAddr at = start; at < end;) {
            const mm::VirtAddr next = next_table(at);
            const mm::VirtAddr stop = next.raw != 0 && next < end ? next : end;  // 0: wrapped at 4 GiB
            const mm::Entry<F> pde = entry(directory_entry(root_, at));
            if (names_table(pde) && !visit(at, stop, pde)) return false;
            at = stop;
        }
        return true;
    }

    mm::Entry<F> entry(mm::PhysAddr at) const { return mm::Entry<F>{memory_.load(at)}; }
    static bool names_table(mm::Entry<F> pde) { return pde.present() && !pde.page_size_bit(); }
    static mm::VirtAddr next_table(mm::VirtAddr at) {
        return mm::VirtAddr{(at.raw & ~(mm::large_page_size<F> - 1)) + mm::large_page_size<F>};
    }

    // The edits' half of a walk, without what a lookup wants to know.
    static mm::PhysAddr directory(const typename F::Root& root, mm::VirtAddr at) {
        return mm::PhysAddr{mm::directory_of(root, at) & ~uint64_t{mm::page_mask}};
    }
    static mm::PhysAddr directory_entry(const typename F::Root& root, mm::VirtAddr at) {
        return directory(root, at) + mm::directory_index<F>(at) * sizeof(typename F::Raw);
    }

    // Large and global pages on, as the kernel runs; PAE, and its execute-disable bit, for the format that has them.
    static constexpr bool is_pae = sizeof(typename F::Raw) == 8;
    static constexpr mm::Control control{mm::cr0_pg | mm::cr0_pe, 0, mm::cr4_pse | mm::cr4_pge | (is_pae ? mm::cr4_pae : 0),
                                         is_pae ? mm::efer_nxe : 0};

    typename F::Root root_;
    Memory memory_;
};

}  // namespace guest
