// SPDX-License-Identifier: LGPL-2.1-or-later
// Control registers: the bits that decide how, and whether, linear addresses are translated (SDM vol. 3, 2.5 and 4.1).
#pragma once

#include <stdint.h>

namespace mm {

inline constexpr uint32_t cr0_pe = 1u << 0;
inline constexpr uint32_t cr0_wp = 1u << 16;   // supervisor writes honour read-only pages
inline constexpr uint32_t cr0_pg = 1u << 31;
inline constexpr uint32_t cr4_pse = 1u << 4;   // 4 MiB pages in 32-bit paging
inline constexpr uint32_t cr4_pae = 1u << 5;
inline constexpr uint32_t cr4_pge = 1u << 7;   // global pages
inline constexpr uint32_t cr4_smep = 1u << 20; // the kernel cannot execute user pages
inline constexpr uint32_t cr4_smap = 1u << 21; // the kernel cannot access user pages while EFLAGS.AC is clear
inline constexpr uint32_t efer_lme = 1u << 8;
inline constexpr uint32_t efer_lma = 1u << 10;
inline constexpr uint32_t efer_nxe = 1u << 11;

enum class PagingMode : uint8_t { none, classic, pae, long_mode };

// The registers as they stand on one CPU; physical_bits is its MAXPHYADDR.
struct Control {
    uint32_t cr0 = 0;
    uint32_t cr3 = 0;
    uint32_t cr4 = 0;
    uint32_t efer = 0;
    unsigned physical_bits = 36;

    constexpr PagingMode mode() const {
        if (!(cr0 & cr0_pg)) return PagingMode::none;
        if (!(cr4 & cr4_pae)) return PagingMode::classic;
        return efer & efer_lma ? PagingMode::long_mode : PagingMode::pae;
    }
    // Paging whose linear addresses have 32 bits: not that of long mode.
    constexpr bool narrow_paging() const { return mode() == PagingMode::classic || mode() == PagingMode::pae; }
    constexpr bool large_pages() const { return mode() != PagingMode::classic || (cr4 & cr4_pse); }
    constexpr bool global_pages() const { return cr4 & cr4_pge; }
    constexpr bool write_protect() const { return cr0 & cr0_wp; }
    constexpr bool smep() const { return cr4 & cr4_smep; }
    constexpr bool smap() const { return cr4 & cr4_smap; }
    // 32-bit paging has no execute-disable bit, whatever EFER says (SDM vol. 3, 4.1.1).
    constexpr bool no_execute() const { return mode() > PagingMode::classic && (efer & efer_nxe); }
};

// Whether MOV to CR4 invalidates every translation, global or not (SDM vol. 3, 4.10.4.1; of PSE only 11.9 says it). CR4.PCIDE can be
// set in long mode only.
constexpr bool cr4_write_flushes(uint32_t was, uint32_t is) {
    return ((was ^ is) & (cr4_pge | cr4_pae | cr4_pse)) || (~was & is & cr4_smep);
}
static_assert(cr4_write_flushes(0, cr4_smep) && !cr4_write_flushes(cr4_smep, 0) && cr4_write_flushes(cr4_pge, 0));

static_assert(Control{}.mode() == PagingMode::none);
static_assert(Control{cr0_pg | cr0_pe, 0, 0, efer_nxe}.mode() == PagingMode::classic);
static_assert(!Control{cr0_pg | cr0_pe, 0, 0, efer_nxe}.no_execute());
static_assert(Control{cr0_pg | cr0_pe, 0, cr4_pae, efer_nxe}.no_execute());
static_assert(!Control{cr0_pg, 0, 0}.large_pages() && Control{cr0_pg, 0, cr4_pse}.large_pages());

}  // namespace mm
