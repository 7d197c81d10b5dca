// SPDX-License-Identifier: LGPL-2.1-or-later
// The page walk: both 32-bit formats are two-table walks that differ in entry width, index bits and where the directory is.
//
//   Root --+-- directory --[directory_index]--> PDE --+-- table --[table_index]--> PTE --> 4 KiB page
//          |  (classic: CR3; PAE: a PDPTE register)   +-- PS --> 4 MiB / 2 MiB page
//
// It reads through the caller's load(PhysAddr) -> Raw, writes nothing (accessed and dirty bits are the caller's
// business), and decides no permission: allows() of fault.hpp does that on the result.
#pragma once

#include "mm/fault.hpp"

namespace mm {

enum class WalkStatus : uint8_t { mapped, not_present, reserved_bit };

// Permissions combine over the levels: an access needs R/W and U/S at each, XD at none; G counts in the leaf only.
struct Translation {
    WalkStatus status = WalkStatus::not_present;
    Pfn frame{};                   // of the 4 KiB page that holds the address, also inside a large page
    unsigned shift = page_shift;   // 12, 21 or 22: log2 of the page's size in bytes
    Permissions permissions{};

    constexpr bool mapped() const { return status == WalkStatus::mapped; }
};

// The entries that the walk read, in order: reads is 0 (PAE: PDPTE not present), 1 or 2.
template <class F>
struct Walk {
    Translation translation{};
    unsigned reads = 0;
    PhysAddr pde_at{}, pte_at{};
    Entry<F> pde{}, pte{};
};

constexpr uint64_t directory_of(const Classic::Root& root, VirtAddr) { return root.directory.raw | entry_bit::present; }
constexpr uint64_t directory_of(const Pae::Root& root, VirtAddr at) { return root.pdpte[pdpte_index(at)]; }

// Physical address bits that the CPU does not have, and the bits each format reserves (SDM vol. 3, 4.3 and 4.4.2).
template <class F>
constexpr uint64_t reserved_bits(const Control& c, bool large) {
    if (sizeof(typename F::Raw) == 4) {
        const unsigned pse36_bits = c.physical_bits < 40 ? (c.physical_bits < 32 ? 0 : c.physical_bits - 32) : 8;
        return large ? 0x3FE000u & ~(((1u << pse36_bits) - 1) << 13) : 0;
    }
    const uint64_t beyond_memory = 0x7FFFFFFFFFFFFFFF & ~((uint64_t{1} << c.physical_bits) - 1);
    return beyond_memory | (c.no_execute() ? 0 : entry_bit::no_execute) | (large ? 0x1FE000 : 0);
}

template <class F> constexpr bool leaf_directory_entry(Entry<F> pde, const Control& c) {
    return pde.page_size_bit() && c.large_pages();
}

// Of these bits of a directory entry none but P is set if a walk goes on from it to a table.
template <class F> constexpr uint64_t table_test_bits(const Control& c) {
    return entry_bit::present | (c.large_pages() ? entry_bit::page_size : 0) | reserved_bits<F>(c, false);
}
template <class F> constexpr bool names_table(Entry<F> pde, const Control& c) { return (pde.raw & table_test_bits<F>(c)) == entry_bit::present; }

template <class F, class Load>
constexpr Walk<F> walk(const typename F::Root& root, VirtAddr at, const Control& control, Load&& load) {
    Walk<F> w;
    const uint64_t directory = directory_of(root, at);
    if (!(directory & entry_bit::present)) return w;

    w.pde_at = PhysAddr{(directory & 0x000000FFFFFFF000) + directory_index<F>(at) * sizeof(typename F::Raw)};
    w.pde = Entry<F>{static_cast<typename F::Raw>(load(w.pde_at))};
    w.reads = 1;
    if (!w.pde.present()) return w;

    const bool large = leaf_directory_entry(w.pde, control);
    if (w.pde.raw & reserved_bits<F>(control, large)) return w.translation.status = WalkStatus::reserved_bit, w;
    const bool nx = control.no_execute();
    Permissions p = w.pde.permissions();
    p.execute = p.execute || !nx;
    p.global = p.global && control.global_pages();
    if (large) {
        const Pages inside{(at.raw & (large_page_size<F> - 1)) >> page_shift};
        w.translation = {WalkStatus::mapped, w.pde.large_frame() + inside, directory_shift<F>, p};
        return w;
    }

    w.pte_at = PhysAddr{address(w.pde.frame()).raw + table_index<F>(at) * sizeof(typename F::Raw)};
    w.pte = Entry<F>{static_cast<typename F::Raw>(load(w.pte_at))};
    w.reads = 2;
    if (!w.pte.present()) return w;
    if (w.pte.raw & reserved_bits<F>(control, false)) return w.translation.status = WalkStatus::reserved_bit, w;
    const Permissions leaf = w.pte.permissions();
    p = {p.write && leaf.write, p.user && leaf.user, p.execute && (leaf.execute || !nx), leaf.global && control.global_pages()};
    w.translation = {WalkStatus::mapped, w.pte.frame(), page_shift, p};
    return w;
}

// The error code of a walk that does not serve the access.
constexpr PageFaultCode fault_code(const Translation& t, Access a, const Control& c) {
    return {t.status != WalkStatus::not_present, a.is_write(), a.user, t.status == WalkStatus::reserved_bit,
            a.is_execute() && c.no_execute()};
}

namespace walk_proof {
inline constexpr Control classic{cr0_pg | cr0_pe, 0, cr4_pse | cr4_pge};
inline constexpr Control pae{cr0_pg | cr0_pe, 0, cr4_pae | cr4_pge, efer_nxe};

// A directory at 0x1000 with a table at 0x2000 and a large page; entry addresses from the SDM's figures 4-2 and 4-5.
constexpr uint32_t load_classic(PhysAddr at) {
    if (at.raw == 0x1000 + 0x300 * 4) return 0x00002007;
    if (at.raw == 0x1000 + 0x301 * 4) return 0x004001E3;
    if (at.raw == 0x2000 + 0x012 * 4) return 0x00345005;
    return 0;
}
constexpr uint64_t load_pae(PhysAddr at) {
    if (at.raw == 0x1000 + 0x001 * 8) return 0x00002007;
    if (at.raw == 0x2000 + 0x012 * 8) return 0x8000000900345005;
    return 0;
}
constexpr auto small = walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0xC0012345}, classic, load_classic);
static_assert(small.translation.mapped() && small.translation.frame == Pfn{0x345} && small.reads == 2);
static_assert(small.translation.permissions == Permissions{false, true, true, false}, "R/W must be set at both levels");
constexpr auto large = walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0xC0412345}, classic, load_classic);
static_assert(large.translation.frame == Pfn{0x412} && large.translation.shift == 22 && large.translation.permissions.global);
constexpr auto hole = walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0x00001000}, classic, load_classic);
static_assert(!hole.translation.mapped() && hole.reads == 1);
constexpr auto high = walk<Pae>({{0, 0, 0, 0x1001}}, VirtAddr{0xC0212345}, pae, load_pae);
static_assert(high.translation.frame == Pfn{0x900345} && !high.translation.permissions.execute && high.reads == 2);
static_assert(walk<Pae>({{0, 0, 0, 0x1001}}, VirtAddr{0x00012345}, pae, load_pae).reads == 0, "no PDPTE, no read");
}  // namespace walk_proof

}  // namespace mm
