// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes between the emulation and the thread that serves viewers (live_server.h), as plain data.
//
//   viewer --line--> thread --LiveOrder--> emulation --LiveSnapshot--> thread --line of JSON--> viewer
#pragma once

#include <optional>

#include "inspect.h"
#include "live_counts.h"
#include "live_dates.h"

namespace plugin {

// What a viewer wants to see next.
struct LiveOrder {
    unsigned viewer = 0;              // who asks
    unsigned profile = 0, cpu = 0;    // numbers in the recording
    std::optional<uint64_t> inspect;  // a linear address whose walk is asked for
};

struct LiveSnapshot {
    struct Cpu {
        uint64_t instructions = 0, idle_ticks = 0;
        mm::trace::State registers;
        uint32_t running = 0;                  // linear address of the instruction
        std::string task;                      // of a Linux guest; empty: not known
        uint32_t pid = 0;
        std::vector<std::string> spans;        // open ones, the innermost last
    };
    struct Zone {
        std::string name;
        uint32_t node = 0;
        uint64_t start_pfn = 0, end_pfn = 0;
        uint32_t present_pages = 0;
        LiveCounts::Places counts;
    };
    struct Region {
        std::string name;
        uint64_t start = 0, end = 0;
        LiveCounts::Places counts;
    };
    struct Flushes {
        mm::RefillCause cause{};
        uint64_t flushes = 0, dropping = 0;    // those that dropped anything of the profile's; those that dropped translations
        uint64_t made = 0;                     // all
    };
    // Where a translation of the inspected address is cached. Of a directory entry there is no frame.
    struct Cache {
        std::string tlb;
        unsigned set = 0, way = 0;
        mm::Pfn frame{};                       // of the 4 KiB page
        CachedSince since;
    };
    // What a directory entry says, and whether there is one.
    struct Slot {
        bool present = false, large = false, user = false, writable = false;
    };

    unsigned viewer = 0;                       // whom it is for
    uint64_t tick = 0;
    bool recording = false, last = false;      // last: the recording has ended
    std::string end_reason;                    // of the last one
    bool complete = false;
    unsigned profile = 0, cpu = 0;             // as ordered
    std::string profile_name, guest, split, paging;
    std::vector<Cpu> cpus;
    RunInfo::Cpu totals{};                     // of all CPUs, since the recording began; one model: the profile's
    uint64_t counted_since = 0;                // tick from which on all below are counted
    std::vector<Flushes> flushes;
    std::vector<Zone> zones;
    std::vector<Region> regions;
    LiveCounts::Places elsewhere;              // in no zone; other_region: in no region
    LiveCounts::Places other_region;
    uint64_t end_pfn = 0, pages_per_bin = 1;   // of the bins of memory
    LiveCounts::Bins memory;
    unsigned slot_shift = 22;                  // log2 of what a directory entry maps
    std::vector<Slot> slots;                   // in the ordered CPU's page tables; empty without 32-bit paging, and in the last snapshot
    std::vector<uint64_t> slot_walks;
    MmuContents mmu;                           // of the ordered CPU and profile
    uint64_t stale_sites = 0, stale_uses = 0;
    std::optional<WalkInspection> inspection;
    std::string inspected_zone, inspected_region;
    std::vector<EntryDates> step_dates;        // as its steps, if they are known
    std::vector<Cache> inspected_caches;
};

}  // namespace plugin
