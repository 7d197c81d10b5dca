// SPDX-License-Identifier: LGPL-2.1-or-later
// A made-up guest: random accesses to random page tables, which it edits, mostly with the flushes that a kernel owes.
#pragma once

#include <random>
#include <vector>

#include "paged_memory.hpp"

namespace reference {

// What a stream is like. Few pages hit and are edited often, many evict each other.
struct Workload {
    bool pae = false;
    unsigned slots = 4;        // directory entries in use, each a table or a large page
    unsigned pages = 8;        // used in each slot, `stride` pages apart
    unsigned stride = 1;
    unsigned edits = 30;       // of 1000 steps; flushes likewise
    unsigned flushes = 20;
};

// step(models): one step, told to every model of a list with
//   access(a, access, control)   flush_non_global(cause, control)   flush_all(cause)   flush_page(cause, a)   flush_fault(cause, a, control)
class RandomMachine final {
public:
    RandomMachine(const Workload& w, uint64_t seed) : memory{w.pae, spaces[0]}, w_{w}, random_{seed} { build(); }

    PagedMemory memory;

    template <class Models>
    void step(Models& models) {
        const uint64_t dice = below(1000);
        if (dice < w_.flushes) return flush(models);
        if (dice < w_.flushes + w_.edits) return edit(models);
        if (dice == 999) memory.control.cr0 ^= mm::cr0_wp;
        access(models);
    }

private:
    static constexpr uint32_t spaces[] = {0x10000, 0x20000, 0x30000};  // CR3 values
    static constexpr uint32_t tables_at = 0x100;                       // frames of page tables; one for each space and slot

    uint64_t below(uint64_t n) { return random_() % n; }
    bool one_in(uint64_t n) { return below(n) == 0; }
    template <class List> auto any_of(const List& list) { return list[below(std::size(list))]; }

    // Slots lie apart, the last ones at the end of the address space.
    mm::VirtAddr slot_start(unsigned slot) const {
        const uint32_t number = slot % 2 == 0 ? slot * 3 : (1u << (32 - memory.large_shift())) - 1 - slot;
        return mm::VirtAddr{number << memory.large_shift()};
    }
    uint32_t pages_of_slot() const { return 1u << (memory.large_shift() - mm::page_shift); }
    mm::VirtAddr page(unsigned slot, unsigned n) const { return slot_start(slot) + ((n * w_.stride % pages_of_slot()) << mm::page_shift); }
    mm::VirtAddr any_page() {
        const auto slot = static_cast<unsigned>(below(w_.slots));
        const uint64_t hot = one_in(3) ? w_.pages : w_.pages / 4 + 1;  // most accesses go to a few
        return page(slot, static_cast<unsigned>(below(hot))) + static_cast<uint32_t>(below(mm::page_size));
    }
    mm::Permissions any_permissions() { return {!one_in(4), !one_in(4), !one_in(6), one_in(3)}; }
    uint32_t any_frame(uint32_t aligned) { return 0x10000 + static_cast<uint32_t>(below(6)) * 0x2000 / aligned * aligned; }

    bool is_large(mm::VirtAddr a) const { return memory.load(memory.pde_at(a)) & mm::entry_bit::page_size; }

    void build() {
        for (unsigned space = 0; space < std::size(spaces); ++space) {
            memory.control.cr3 = spaces[space];
            for (unsigned slot = 0; slot < w_.slots; ++slot) {
                memory.set_table(slot_start(slot), tables_at + space * 64 + slot);
                for (unsigned n = 0; n < w_.pages; ++n) memory.map_small(page(slot, n), any_frame(1) + n, any_permissions());
                if (one_in(3)) memory.map_large(slot_start(slot), any_frame(0x400), any_permissions());
            }
        }
        memory.control.cr3 = spaces[0];
    }
    void become_table(mm::VirtAddr a, unsigned slot) {
        memory.set_table(a, tables_at + (memory.control.cr3 / spaces[0] - 1) * 64 + slot);
    }

    template <class Models>
    void access(Models& models) {
        constexpr mm::AccessKind kinds[] = {mm::AccessKind::read, mm::AccessKind::read, mm::AccessKind::write, mm::AccessKind::execute};
        if (!one_in(4)) last_ = any_page();
        const mm::Access access{any_of(kinds), !one_in(3)};
        for (auto& m : models) m.access(last_, access, memory.control);
        if (truth(access) || one_in(10)) return;  // now and then a fault that the guest does not see
        for (auto& m : models) m.flush_fault(Cause::page_fault, last_, memory.control);
        if (one_in(2)) repair(access);
    }
    // Whether memory as it stands serves the access.
    bool truth(mm::Access access) const {
        const auto load = [this](mm::PhysAddr at) { return memory.load(at); };
        const mm::Translation t = memory.pae() ? mm::walk<mm::Pae>(memory.pae_root(), last_, memory.control, load).translation
                                               : mm::walk<mm::Classic>(memory.classic_root(), last_, memory.control, [&](mm::PhysAddr at) { return static_cast<uint32_t>(load(at)); }).translation;
        return t.mapped() && mm::allows(t.permissions, access, memory.control);
    }
    void repair(mm::Access access) {
        if (is_large(last_)) return memory.map_large(last_, any_frame(0x400), {true, true, true, one_in(2)});
        if (memory.load(memory.pde_at(last_)) & mm::entry_bit::present) memory.map_small(last_, any_frame(1), {access.is_write(), true, true, one_in(3)});
    }

    // A change of the page tables, and in most cases the INVLPG that it needs.
    template <class Models>
    void edit(Models& models) {
        const auto slot = static_cast<unsigned>(below(w_.slots));
        const mm::VirtAddr a = one_in(4) ? last_ : page(slot, static_cast<unsigned>(below(w_.pages)));
        switch (below(8)) {
        case 0: memory.map_large(a, any_frame(0x400), any_permissions()); break;
        case 1: case 2: become_table(a, slot); break;
        case 3: if (one_in(8)) memory.store(memory.pde_at(a), 0); break;
        default:
            if (!(memory.load(memory.pde_at(a)) & mm::entry_bit::present)) become_table(a, slot);
            if (is_large(a)) memory.map_large(a, any_frame(0x400), any_permissions());
            else if (one_in(5)) memory.unmap_small(a);
            else memory.map_small(a, any_frame(1), any_permissions());
        }
        if (one_in(4)) return;
        constexpr Cause why[] = {Cause::invlpg, Cause::kmap_wrap, Cause::vmalloc_purge};
        const Cause cause = any_of(why);
        for (auto& m : models) m.flush_page(cause, a);
    }

    template <class Models>
    void flush(Models& models) {
        constexpr Cause switches[] = {Cause::context_switch, Cause::split_switch, Cause::task_switch, Cause::kmap_wrap};
        constexpr Cause all[] = {Cause::control, Cause::smm};
        Cause cause = any_of(switches);
        switch (below(12)) {
        default:
            memory.control.cr3 = any_of(spaces);
            for (auto& m : models) m.flush_non_global(cause, memory.control);
            return;
        case 0: case 1: {
            const mm::VirtAddr a = any_page();
            for (auto& m : models) m.flush_page(Cause::invlpg, a);
            return;
        }
        case 4: {
            const mm::VirtAddr a = any_page();
            for (auto& m : models) m.flush_address(Cause::control, a, memory.control);
            return;
        }
        case 2: memory.control.cr4 ^= mm::cr4_pge; break;  // each of these drops everything
        case 3: break;
        }
        cause = any_of(all);
        for (auto& m : models) m.flush_all(cause);
    }

    Workload w_;
    std::mt19937_64 random_;
    mm::VirtAddr last_{};
};

}  // namespace reference
