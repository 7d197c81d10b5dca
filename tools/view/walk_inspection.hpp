// SPDX-License-Identifier: LGPL-2.1-or-later
// One linear address under the glass: every entry that translates it, bit by bit, and where the translation is cached. Plain data.
//
//   CR3 --> (PDPTE) --> PDE --> PTE --> frame, zone      each as it was known at the moment, or "not known yet"
#pragma once

#include <stdint.h>

#include <optional>
#include <string>
#include <vector>

#include "mm/addr.hpp"

namespace tools::view {

// Some bits of a register or an entry and what they mean: {11, 9, "AVL", 0, "free for the system"}.
struct BitField {
    unsigned high = 0, low = 0;           // bit numbers, inclusive
    std::string name;                     // the manual's
    uint64_t value = 0;                   // of the field, shifted down
    std::string meaning;                  // of this value
};

struct InspectedEntry {
    std::string name;                     // "CR3", "PDPTE 3", "PDE 768", "PTE 17"
    std::optional<mm::PhysAddr> at;       // where it lies; none: in a register, or the entry above it is not known
    std::optional<uint64_t> value;        // none: not known yet, `note` says why
    unsigned width = 32;                  // bits
    std::vector<BitField> fields;         // from the highest bit down, all bits; empty without a value
    std::optional<uint64_t> seen;         // tick when a walk, or a write that was recorded, last showed it
    std::optional<uint64_t> changed;      // tick when it was first seen to differ from what was known of it before
    std::string note;                     // "not known yet: no walk has read it"
    std::optional<uint64_t> unchanged_since{};  // tick from which on every change would have been seen, if there was none
};

// What is known of when a translation was cached: at a tick, then or later, then or earlier, nothing.
enum class CachedWhen : uint8_t { at, not_before, before, not_known };

// A TLB of the profile that has a translation of the address.
struct CachedTranslation {
    std::string tlb;                      // as TlbView::name
    unsigned set = 0, way = 0;
    uint64_t since = 0;                   // tick; `when` says what of it
    mm::Pfn frame{};                      // of the 4 KiB page
    bool agrees = true;                   // with what the entries say now
    CachedWhen when = CachedWhen::at;
};

struct WalkInspection {
    mm::VirtAddr address{};
    uint64_t tick = 0;
    std::string paging;                   // "off", "32-bit paging", "PAE paging", "4-level paging"
    std::vector<InspectedEntry> entries;  // in the order of the walk, as far as it gets
    std::string result;                   // "mapped", "not present", "reserved bit set", "not known yet", "paging is off"
    bool mapped = false;
    mm::Pfn frame{};                      // of the 4 KiB page, if mapped
    uint64_t page_bytes = 0;              // 4096, 2 MiB or 4 MiB, if mapped
    std::string permissions;              // "read and write, supervisor only, global", if mapped
    std::string zone, region;             // of the frame; of the address. "other" in none; zone empty unless mapped
    std::vector<CachedTranslation> cached;
    bool cached_exact = false;            // as Snapshot::tlbs_exact
    bool pending = false;                 // a recording was asked, and has not answered yet
};

}  // namespace tools::view
