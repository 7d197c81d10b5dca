// SPDX-License-Identifier: LGPL-2.1-or-later
// What an access asks for, what a mapping answers, and the page-fault error code (SDM vol. 3, 4.6 and 4.7, figure 4-12).
#pragma once

#include "mm/control.hpp"
#include "mm/entry.hpp"

namespace mm {

enum class AccessKind : uint8_t { read, write, execute };

struct Access {
    AccessKind kind = AccessKind::read;
    bool user = false;  // CPL 3; implicit accesses to system structures are supervisor accesses
    bool ac = false;    // EFLAGS.AC: the kernel means user memory (SMAP); not in a trace

    constexpr bool is_write() const { return kind == AccessKind::write; }
    constexpr bool is_execute() const { return kind == AccessKind::execute; }
};

// Error code bits, as pushed by the processor.
struct PageFaultCode {
    bool present = false;    // bit 0: 0 a not-present entry, 1 a permission or reserved-bit violation
    bool write = false;      // bit 1
    bool user = false;       // bit 2: the access was made in user mode
    bool reserved = false;   // bit 3: 1 a reserved bit was set in an entry
    bool fetch = false;      // bit 4: instruction fetch, reported only while no-execute is on

    constexpr uint32_t encode() const {
        return uint32_t{present} | uint32_t{write} << 1 | uint32_t{user} << 2 | uint32_t{reserved} << 3 | uint32_t{fetch} << 4;
    }
    static constexpr PageFaultCode decode(uint32_t raw) {
        return {(raw & 1) != 0, (raw >> 1 & 1) != 0, (raw >> 2 & 1) != 0, (raw >> 3 & 1) != 0, (raw >> 4 & 1) != 0};
    }
};

// Whether a present mapping with these permissions, combined over all levels, serves the access.
constexpr bool allows(Permissions p, Access a, const Control& c) {
    if (a.user && !p.user) return false;
    if (a.is_write() && !p.write && (a.user || c.write_protect())) return false;
    if (a.is_execute() && !p.execute && c.no_execute()) return false;
    if (!a.user && p.user && (a.is_execute() ? c.smep() : c.smap() && !a.ac)) return false;
    return true;
}

// Whether the access was allowed depends on EFLAGS.AC, which a trace does not tell.
constexpr bool decided_by_ac(Permissions p, Access a, const Control& c) {
    return c.smap() && p.user && !a.user && !a.is_execute() && allows(p, {a.kind, a.user, true}, c);
}

static_assert(PageFaultCode{true, true, true}.encode() == 7);
static_assert(PageFaultCode::decode(0x1B).encode() == 0x1B && PageFaultCode::decode(0x08).reserved);
static_assert(allows({}, {AccessKind::write, false}, Control{}), "a supervisor write ignores R/W while CR0.WP is clear");
static_assert(!allows({}, {AccessKind::write, false}, Control{cr0_wp}));
static_assert(!allows({true, false, true, false}, {AccessKind::read, true}, Control{}), "the U/S bit hides the kernel");
static_assert(!allows({true, true, true, false}, {AccessKind::execute, false}, Control{0, 0, cr4_smep}));
static_assert(!allows({true, true, true, false}, {AccessKind::read, false}, Control{0, 0, cr4_smap}));
static_assert(allows({true, true, true, false}, {AccessKind::read, false, true}, Control{0, 0, cr4_smap}), "AC set");

}  // namespace mm
