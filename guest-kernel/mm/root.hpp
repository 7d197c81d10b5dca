// SPDX-License-Identifier: LGPL-2.1-or-later
// What CR3 names, in both formats: a directory (classic), or four pointers to directories (PAE). Memory as in map.hpp,
// and void free_table(Pfn).
#pragma once

#include "mm/walk.hpp"

namespace guest {

template <class F> struct RootTables;

template <>
struct RootTables<mm::Classic> {
    // An empty root; false, and nothing allocated, if there is no memory for it.
    template <class Memory>
    [[nodiscard]] static bool create(Memory memory, uint32_t& cr3) {
        mm::Pfn directory;
        if (!memory.allocate_table(directory)) return false;
        cr3 = static_cast<uint32_t>(mm::address(directory).raw);
        return true;
    }
    template <class Memory>
    static void destroy(Memory memory, uint32_t cr3) { memory.free_table(mm::frame_of(mm::PhysAddr{cr3})); }

    template <class Memory>
    static mm::Classic::Root root(Memory, uint32_t cr3) { return {mm::PhysAddr{cr3}}; }
};

template <>
struct RootTables<mm::Pae> {
    // The four pointers take a frame of their own: it lies in lowmem, below 4 GiB, where CR3 can name it.
    template <class Memory>
    [[nodiscard]] static bool create(Memory memory, uint32_t& cr3) {
        mm::Pfn pointers, directory;
        if (!memory.allocate_table(pointers)) return false;
        cr3 = static_cast<uint32_t>(mm::address(pointers).raw);
        for (unsigned i = 0; i < 4; ++i) {
            if (!memory.allocate_table(directory)) return destroy(memory, cr3), false;
            memory.store(pointer_at(cr3, i), mm::address(directory).raw | mm::entry_bit::present);
        }
        return true;
    }
    template <class Memory>
    static void destroy(Memory memory, uint32_t cr3) {
        for (unsigned i = 0; i < 4; ++i) {
            const mm::Entry<mm::Pae> pointer{memory.load(pointer_at(cr3, i))};
            if (pointer.present()) memory.free_table(pointer.frame());
        }
        memory.free_table(mm::frame_of(mm::PhysAddr{cr3}));
    }
    template <class Memory>
    static mm::Pae::Root root(Memory memory, uint32_t cr3) {
        mm::Pae::Root r{};
        for (unsigned i = 0; i < 4; ++i) r.pdpte[i] = memory.load(pointer_at(cr3, i));
        return r;
    }

private:
    static mm::PhysAddr pointer_at(uint32_t cr3, unsigned i) { return mm::PhysAddr{cr3 + i * sizeof(uint64_t)}; }
};

}  // namespace guest
