// SPDX-License-Identifier: LGPL-2.1-or-later
// A processor and page tables made by hand, with the naive detector beside it; findings come as text.
#pragma once

#include <map>
#include <string>

#include "mm/page_walk.hpp"
#include "naive_stale.hpp"

namespace reference {

// Every address space is 16 frames at its CR3: PAE has the four PDPTEs in the first, and a directory for each GiB in the next four.
class StaleMachine final {
public:
    static constexpr mm::Permissions all{true, true, true, false}, global{true, true, true, true}, read_only{false, true, true, false};
    static constexpr uint32_t space = 0x10000, other_space = 0x20000;

    explicit StaleMachine(bool pae) {
        state.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, space, mm::cr4_pse | mm::cr4_pge | (pae ? mm::cr4_pae : 0), pae ? mm::efer_nxe : 0, 36};
        if (pae)
            for (const uint32_t cr3 : {space, other_space})
                for (unsigned i = 0; i < 4; ++i) memory[cr3 + 8 * i] = (cr3 + 0x1000 * (1 + i)) | mm::entry_bit::present;
        load_pdptes();
    }

    mm::trace::State state;
    std::map<uint64_t, uint64_t> memory;
    NaiveStale naive{[this](mm::PhysAddr at) { return std::optional{load(at)}; }};

    [[nodiscard]] bool pae() const { return state.control.cr4 & mm::cr4_pae; }
    [[nodiscard]] uint32_t large_bytes() const { return pae() ? 1u << 21 : 1u << 22; }
    [[nodiscard]] uint64_t load(mm::PhysAddr at) const {
        const auto found = memory.find(at.raw);
        return found == memory.end() ? 0 : found->second;
    }
    [[nodiscard]] mm::PhysAddr pdpte_at(uint32_t a) const { return mm::PhysAddr{state.control.cr3 + 8 * (a >> 30)}; }
    [[nodiscard]] mm::PhysAddr pde_at(uint32_t a) const {
        const mm::VirtAddr at{a};
        if (!pae()) return mm::PhysAddr{state.control.cr3 + 4 * mm::directory_index<mm::Classic>(at)};
        return mm::PhysAddr{state.control.cr3 + 0x1000 * (1 + mm::pdpte_index(at)) + 8 * mm::directory_index<mm::Pae>(at)};
    }
    [[nodiscard]] mm::PhysAddr pte_at(uint32_t a) const { return pte_in(load(pde_at(a)), a); }
    [[nodiscard]] mm::PhysAddr pte_in(uint64_t pde, uint32_t a) const {
        const mm::VirtAddr at{a};
        return mm::PhysAddr{(pde & 0xFFFFFF000) + (pae() ? 8 * mm::table_index<mm::Pae>(at) : 4 * mm::table_index<mm::Classic>(at))};
    }
    static uint64_t leaf(uint32_t frame, mm::Permissions p = all) { return mm::Entry<mm::Pae>::leaf(mm::Pfn{frame}, p).raw; }
    static uint64_t table(uint32_t frame) { return mm::Entry<mm::Classic>::table(mm::Pfn{frame}, true).raw; }
    static uint64_t large(uint32_t frame, mm::Permissions p = all) { return leaf(frame, p) | mm::entry_bit::page_size; }

    // Software writes an entry.
    void write(mm::PhysAddr at, uint64_t value) {
        const uint64_t was = load(at);
        memory[at.raw] = value;
        naive.write(at, value, was);
    }
    void set_table(uint32_t a, uint32_t frame) { write(pde_at(a), table(frame)); }
    void map(uint32_t a, uint32_t frame, mm::Permissions p = all) { write(pte_at(a), leaf(frame, p)); }
    void map_large(uint32_t a, uint32_t frame, mm::Permissions p = all) { write(pde_at(a), large(frame, p)); }
    void change(mm::PhysAddr at, uint64_t bits) { write(at, load(at) ^ bits); }

    // What a lookup finds: "KIND LEVEL OLD_FRAME, ..." with the frame in hexadecimal; empty if nothing. The processor sets A and D.
    std::string access(uint32_t a, mm::AccessKind kind, bool user) {
        const mm::Access access{kind, user};
        const auto walk = mm::page_walk(mm::VirtAddr{a}, access, state.control, state.pdpte, nullptr, [this](mm::PhysAddr at, unsigned) { return load(at); });
        if (!walk.fault) memory[(walk.reads == 2 ? walk.pte_at : walk.pde_at).raw] |= mm::entry_bit::accessed | (access.is_write() ? mm::entry_bit::dirty : 0);
        const NaiveStale::Outcome o = naive.look_up(mm::VirtAddr{a}, access, state);
        std::string text = o.judged ? "" : "unjudged";
        for (const Finding& f : o.findings) {
            char frame[16];
            std::snprintf(frame, sizeof frame, " %x", f.old_frame.raw);
            text += (text.empty() ? "" : ", ") + std::string{mm::name(f.kind)} + ' ' + mm::name(f.level) + frame + (f.other_space ? " (other space)" : "");
        }
        return text;
    }
    std::string read(uint32_t a, bool user = true) { return access(a, mm::AccessKind::read, user); }
    std::string store(uint32_t a, bool user = true) { return access(a, mm::AccessKind::write, user); }
    std::string fetch(uint32_t a, bool user = true) { return access(a, mm::AccessKind::execute, user); }

    void invlpg(uint32_t a) { naive.flush_page(mm::VirtAddr{a}, state); }
    void invpcid(uint32_t a) { naive.flush_address(mm::VirtAddr{a}, state); }
    void page_fault(uint32_t a) { naive.flush_fault(mm::VirtAddr{a}, state); }
    void load_cr3(uint32_t cr3) {
        naive.flush_non_global(state.control.cr3 != cr3);
        state.control.cr3 = cr3;
        load_pdptes();
    }

private:
    void load_pdptes() {
        for (unsigned i = 0; i < 4 && pae(); ++i) state.pdpte[i] = load(mm::PhysAddr{state.control.cr3 + 8 * i});
    }
};

}  // namespace reference
