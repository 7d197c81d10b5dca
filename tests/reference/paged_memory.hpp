// SPDX-License-Identifier: LGPL-2.1-or-later
// Page tables in a made-up memory, in both formats: what the tests' accesses walk.
#pragma once

#include <map>

#include "reference.hpp"

namespace reference {

// Tables lie where the caller says; physical memory that was never written reads as 0.
class PagedMemory final {
public:
    explicit PagedMemory(bool pae, uint32_t cr3 = 0x1000) {
        control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, cr3, mm::cr4_pse | mm::cr4_pge | (pae ? mm::cr4_pae : 0), pae ? mm::efer_nxe : 0, 36};
    }
    mm::Control control;

    [[nodiscard]] bool pae() const { return control.cr4 & mm::cr4_pae; }
    [[nodiscard]] unsigned large_shift() const { return pae() ? 21 : 22; }

    // PAE: the directory of the space at cr3 for each GiB is the frame after the frames before it; always present.
    [[nodiscard]] mm::PhysAddr pde_at(mm::VirtAddr a) const {
        const uint64_t directory = control.cr3 & ~uint64_t{mm::page_mask};
        if (!pae()) return mm::PhysAddr{directory + mm::directory_index<mm::Classic>(a) * 4};
        return mm::PhysAddr{directory + mm::pdpte_index(a) * uint64_t{mm::page_size} + mm::directory_index<mm::Pae>(a) * 8};
    }
    [[nodiscard]] mm::PhysAddr pte_at(mm::VirtAddr a, uint64_t pde) const {
        const uint64_t table = pde & 0x000000FFFFFFF000;
        return mm::PhysAddr{table + (pae() ? mm::table_index<mm::Pae>(a) * 8 : mm::table_index<mm::Classic>(a) * 4)};
    }

    uint64_t load(mm::PhysAddr at) const {
        const auto found = memory_.find(at.raw);
        return found == memory_.end() ? 0 : found->second;
    }
    void store(mm::PhysAddr at, uint64_t raw) { memory_[at.raw] = raw; }

    // A table at this frame serves the directory slot of the address.
    void set_table(mm::VirtAddr a, uint32_t table_frame) {
        store(pde_at(a), mm::Entry<mm::Classic>::table(mm::Pfn{table_frame}, true).raw);
    }
    void map_small(mm::VirtAddr a, uint32_t frame, mm::Permissions p) {
        store(pte_at(a, load(pde_at(a))), pae() ? mm::Entry<mm::Pae>::leaf(mm::Pfn{frame}, p).raw : mm::Entry<mm::Classic>::leaf(mm::Pfn{frame}, p).raw);
    }
    void map_large(mm::VirtAddr a, uint32_t first_frame, mm::Permissions p) {
        const mm::Pfn first{first_frame};
        store(pde_at(a), pae() ? mm::Entry<mm::Pae>::large_leaf(first, p).raw : mm::Entry<mm::Classic>::large_leaf(first, p).raw);
    }
    void unmap_small(mm::VirtAddr a) { store(pte_at(a, load(pde_at(a))), 0); }

    [[nodiscard]] PageTables tables() const {
        return {[this](mm::VirtAddr a) { return std::optional{load(pde_at(a))}; },
                [this](mm::VirtAddr a, uint64_t pde) { return load(pte_at(a, pde)); }};
    }
    // The root that mm::walk takes.
    [[nodiscard]] mm::Classic::Root classic_root() const { return {mm::PhysAddr{control.cr3 & ~uint64_t{mm::page_mask}}}; }
    [[nodiscard]] mm::Pae::Root pae_root() const {
        mm::Pae::Root root{};
        for (unsigned i = 0; i < 4; ++i) root.pdpte[i] = ((control.cr3 & ~uint64_t{mm::page_mask}) + i * uint64_t{mm::page_size}) | mm::entry_bit::present;
        return root;
    }

private:
    std::map<uint64_t, uint64_t> memory_;
};

}  // namespace reference
