// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be asked of a CPU while the guest stands still, as plain data: what its modelled TLBs hold, how it would walk, and where a frame
// or an address belongs. Whoever asks changes nothing, and nothing is kept for it.
#pragma once

#include <string>
#include <vector>

#include "machine.h"
#include "mm/long_walk.hpp"
#include "mm/tlb_name.hpp"
#include "mm/trace_events.hpp"
#include "run_info.h"

namespace plugin {

class CpuState;

// --- TLBs

struct CachedTranslation {
    unsigned set = 0, way = 0;
    mm::VirtAddr linear{};           // first byte of the page
    unsigned shift = mm::page_shift;  // log2 of its size
    mm::Pfn frame{};                 // first frame
    mm::Permissions permissions{};
    bool fragment = false;           // a 4 KiB piece of a large page
    uint64_t used = 0;               // in lookups, as CpuState's models count them
};

struct TlbContents {
    std::string name;                // "ITLB 4K", "DTLB 4M", "STLB 4K+2M"
    mm::MmuModel::Level level{};
    mm::TlbPages pages{};
    mm::TlbGeometry geometry{};
    std::vector<CachedTranslation> entries;  // valid ones, by set and way
};

// Directory entries that name a table, each cached for `1 << shift` bytes from `linear` on.
struct CachedDirectoryEntry {
    unsigned set = 0, way = 0;
    mm::VirtAddr linear{};
    unsigned shift = 0;
    uint64_t value = 0;
    uint64_t used = 0;
};

struct MmuContents {
    std::string profile;
    std::vector<TlbContents> tlbs;   // first level before second, fetches before data
    mm::TlbGeometry pde_geometry{};  // no entries: the processor has no such cache
    std::vector<CachedDirectoryEntry> pde_cache;
};

// `profile`: number in the recording.
MmuContents inspect_mmu(const CpuState&, unsigned profile);

// --- page walks

enum class WalkTable : uint8_t { table, directory, pdpt, pml4, pml5 };
constexpr const char* entry_name(WalkTable t) {
    constexpr const char* names[] = {"PTE", "PDE", "PDPTE", "PML4E", "PML5E"};
    return names[static_cast<unsigned>(t)];
}

struct WalkStep {
    WalkTable table{};
    unsigned index = 0;              // of the entry
    mm::PhysAddr at{};               // of the entry; of a PDPTE register: where MOV CR3 reads it
    uint64_t value = 0;              // that the walk uses
    bool in_register = false;        // a PDPTE: `value` is the register's
    uint64_t in_memory = 0;          // what memory says there, which only differs from a register's value
    MemoryKind kind = MemoryKind::ram;  // of what answers there
    bool leaf = false;               // it maps the page
    bool reserved = false;           // a bit is set that is reserved: the walk faults
};

struct WalkInspection {
    uint64_t linear = 0;
    mm::PagingMode mode{};
    uint64_t cr3 = 0;                // as it was written
    std::vector<WalkStep> steps;     // in the order of the walk; empty without paging
    mm::Translation translation{};   // of all steps; without paging the address itself is physical
};

// How the CPU would walk with these registers.
WalkInspection inspect_walk(const Machine&, const mm::trace::State&, uint64_t linear);

// --- places

inline constexpr const char* no_place = "other";  // as in every other table of the tools
// Places in info.zones and info.regions, or their number. `user`: whose access it is; at 4:4 both have the same addresses.
size_t zone_number(const RunInfo&, mm::Pfn);
size_t region_number(const RunInfo&, uint64_t linear, bool user);
inline const char* zone_of(const RunInfo& info, mm::Pfn frame) {
    const size_t n = zone_number(info, frame);
    return n < info.zones.size() ? info.zones[n].name.c_str() : no_place;
}
inline const char* region_of(const RunInfo& info, uint64_t linear, bool user) {
    const size_t n = region_number(info, linear, user);
    return n < info.regions.size() ? info.regions[n].name.c_str() : no_place;
}

}  // namespace plugin
