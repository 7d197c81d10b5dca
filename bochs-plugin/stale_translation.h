// SPDX-License-Identifier: LGPL-2.1-or-later
// A translation that was used, and that the page tables no longer say; and whether it does harm to an access that it serves.
#pragma once

#include <optional>

#include "entry_change.h"
#include "mm/page_walk.hpp"

namespace plugin {

// What an entry says once the bits that translate nothing are gone: accessed, the available ones 11:9, and for an entry that names a
// table D and G as well (SDM vol. 3, tables 4-5, 4-6, 4-10, 4-11). XD is kept, whatever EFER says; PAE's bits 62:52 are reserved.
inline uint64_t meaning(uint64_t entry, bool leaf) {
    using namespace mm::entry_bit;
    constexpr uint64_t available = 0xE00;
    return entry & ~(available | accessed | (leaf ? 0 : dirty | global));
}

inline bool says_the_same(uint64_t a, uint64_t b, bool leaf) { return a == b || meaning(a, leaf) == meaning(b, leaf) || !((a | b) & mm::entry_bit::present); }

// The same but for D, perhaps.
inline bool translates_the_same(uint64_t a, uint64_t b, bool leaf) {
    return says_the_same(a & ~mm::entry_bit::dirty, b & ~mm::entry_bit::dirty, leaf);
}

// The frame of the table that a directory entry or PDPTE names.
inline mm::Pfn table_of(uint64_t entry) { return mm::frame_of(mm::PhysAddr{entry & 0x000000FFFFFFF000}); }

// PWT, PCD and PAT of the entry that maps the page.
inline unsigned memory_type(uint64_t leaf, bool large) {
    const unsigned pat = large ? leaf >> 12 & 1 : leaf >> 7 & 1;
    return static_cast<unsigned>(leaf >> 3 & 3) | pat << 2;
}

// A translation as a TLB holds it: of a 4 KiB page, or the part of a large one that has it.
struct HeldTranslation {
    mm::Translation translation{};
    unsigned memory_type = 0;
    bool dirty = false;

    static HeldTranslation from(const mm::PageWalk& w) {
        const bool large = w.translation.shift != mm::page_shift;
        const uint64_t leaf = large ? w.pde : w.pte;
        return {w.translation, plugin::memory_type(leaf, large), (leaf & mm::entry_bit::dirty) != 0};
    }
    bool operator==(const HeldTranslation& o) const {
        return translation.frame == o.translation.frame && translation.shift == o.translation.shift && translation.permissions == o.translation.permissions &&
               memory_type == o.memory_type && dirty == o.dirty;
    }
};

enum class StaleShape : uint8_t {
    page,       // a translation of one 4 KiB page, perhaps a fragment of a large one
    leaf,       // a large page, of whatever address in it
    directory,  // a directory entry that names a table: walks go on from it
};

struct StaleTranslation {
    StaleShape shape{};
    HeldTranslation held{};     // of `directory`: nothing
    uint64_t pde = 0;           // that it was made from
    bool lost_dirty = false;    // D is clear in memory by now, and was set when this was cached
    // If it is global, and the tables say otherwise by now: how many flushes of all that is not global came before that.
    std::optional<uint32_t> local_since;
    bool table_reused = false;  // of `directory`: something was written into its table since
    mm::TableLevel level{};     // of the entry that was changed
    EntryChange change{};
    mm::trace::Stale::Cached cached{};
};

// What is wrong when `held` serves the access while the page tables say `now`; nothing if it does not serve it, or serves it alike.
// `outlived`: it is global, and still there after a flush that would have dropped what the tables say.
inline std::optional<mm::StaleKind> harm(const HeldTranslation& held, bool lost_dirty, bool outlived, const mm::PageWalk& now, mm::Access access, const mm::Control& control) {
    using mm::StaleKind;
    if (!held.translation.mapped() || !mm::allows(held.translation.permissions, access, control)) return std::nullopt;
    const mm::Translation& t = now.translation;
    if (!t.mapped()) return StaleKind::present_cleared;
    if (!mm::allows(t.permissions, access, control)) return StaleKind::permission_removed;
    if (t.frame != held.translation.frame) return t.shift != held.translation.shift ? StaleKind::page_size_changed : StaleKind::frame_changed;
    const HeldTranslation fresh = HeldTranslation::from(now);
    if (fresh.memory_type != held.memory_type) return StaleKind::memory_type_changed;
    if (lost_dirty && access.is_write()) return StaleKind::dirty_cleared;
    if (outlived && !t.permissions.global) return StaleKind::global_cleared;
    return std::nullopt;
}

// Whether no access can tell the two apart but by a spurious fault.
inline bool harmless(const HeldTranslation& held, bool lost_dirty, const mm::PageWalk& now) {
    const mm::Permissions was = held.translation.permissions, is = now.translation.permissions;
    const HeldTranslation fresh = HeldTranslation::from(now);
    return now.translation.mapped() && now.translation.frame == held.translation.frame && fresh.memory_type == held.memory_type && !lost_dirty &&
           is.write >= was.write && is.user >= was.user && is.execute >= was.execute && is.global >= was.global;
}

}  // namespace plugin
