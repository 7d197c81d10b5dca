// SPDX-License-Identifier: LGPL-2.1-or-later
// What the viewer shows of one moment of one CPU, as plain data: a Source makes it, the panels draw it and ask nobody else.
//
//   trace directory or socket --> Source --> Snapshot --> panels
//
// Times are ticks since power-on, frames and pages are numbers of 4 KiB pages, `end` is always exclusive. Counts are those of the chosen
// profile's modelled TLBs since the recording's beginning ("walks"), or of the walks that Bochs made for its own TLB ("fills").
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "mm/trace_events.hpp"
#include "tools/view/split_line.hpp"

namespace tools::view {

// A zone of physical memory. The last one is `other`: device memory, ROM, and walks that ended in a page fault; its frames are 0 to 0.
struct Zone {
    std::string name;
    uint64_t start_pfn = 0, end_pfn = 0;  // holes included
    uint64_t walks = 0, fills = 0;
    uint64_t refills = 0;                 // of the walks: because a flush had dropped the page
    double cycles = 0;                    // of the walks, by the profile's best figures
};

// A region of the linear address space. The last one is `other`: 0 to 0. At 4:4 the user's and the kernel's regions overlap.
struct Region {
    std::string name;
    uint64_t start = 0, end = 0;          // linear addresses, bytes; beyond 32 bits: of long mode
    uint64_t walks = 0, fills = 0;
};

// Where in physical memory walks and fills ended.
struct HeatBin {
    uint64_t walks = 0, fills = 0;
    uint64_t recent_walks = 0, recent_fills = 0;  // within recent_ticks before the moment
};
struct MemoryHeat {
    uint64_t end_pfn = 0;                 // of the last zone
    uint64_t pages_per_bin = 1;           // a power of two
    uint64_t recent_ticks = 0;
    std::vector<HeatBin> bins;            // of frames [n * pages_per_bin, (n + 1) * pages_per_bin); they cover [0, end_pfn)
};

// What the page tables of the address space that runs say of one directory entry's 4 MiB (PAE: 2 MiB), as far as it is known.
enum class SlotContent : uint8_t { unknown, not_present, table, large_page };
struct LinearSlot {
    SlotContent content = SlotContent::unknown;
    bool user = false, writable = false;  // of the directory entry
    uint16_t mapped = 0;                  // small pages of a table that are known to be mapped; of a large page: all
    uint64_t seen = 0;                    // when the directory entry was last seen
    uint64_t walks = 0, recent_walks = 0; // to pages in this slot, in whatever address space
};
struct LinearMap {
    uint64_t root = 0;                    // CR3 without its flags: names the address space
    unsigned slot_shift = 22;             // 22: 1024 slots; 21 (PAE): 2048
    SplitLine split;
    std::vector<LinearSlot> slots;        // empty while paging is off, and in long mode
};

// One modelled TLB of the profile, entry by entry.
struct TlbEntryView {
    bool valid = false;
    bool large = false, global = false, user = false, writable = false, fragment = false;  // fragment: 4 KiB piece of a large page
    uint32_t page = 0, frame = 0;         // first linear page and first frame; kept after the entry was dropped
    uint64_t filled = 0;                  // when; 0: never
    uint64_t dropped = 0;                 // when it last lost its translation to a flush or another page; 0: never
};
struct TlbView {
    std::string name;                     // "ITLB 4K", "DTLB 4M", "STLB 4K+2M", "PDE cache"
    unsigned sets = 0, ways = 0;
    std::vector<TlbEntryView> entries;    // sets * ways; way w of set s is entries[s * ways + w]
    [[nodiscard]] const TlbEntryView& at(unsigned set, unsigned way) const { return entries[size_t{set} * ways + way]; }
};

// Flushes of one cause, of the chosen profile.
struct FlushCount {
    std::string cause;                    // mm::name(RefillCause)
    uint64_t flushes = 0, dropping = 0;   // all; those that dropped an entry
};

// What happened in the last intervals up to the moment: column n is [first + n * interval, first + (n + 1) * interval), the last one
// holds the moment and is not over yet.
struct Strips {
    uint64_t first = 0, interval = 1;     // ticks
    size_t columns = 0;
    struct ZoneStrip {
        std::vector<uint64_t> walks;      // by column
        std::vector<double> cycles;       // of them
    };
    struct FlushStrip {
        std::string cause;
        std::vector<uint64_t> flushes;    // by column
    };
    std::vector<ZoneStrip> zones;         // as Snapshot::zones
    std::vector<FlushStrip> flushes;      // as Snapshot::flushes
};

// The event that the moment lies right behind.
struct EventLine {
    uint64_t tick = 0;
    std::string kind;                     // "model_walk"; empty: the moment lies before the first event
    std::string text;                     // as `zonescope dump` prints it, without the end of the line
    uint32_t page = 0;                    // linear page that it is about, if has_page
    bool has_page = false;
};

struct Snapshot {
    uint64_t tick = 0;                    // the moment that was asked for
    uint64_t instructions = 0;            // executed by then, as far as events tell
    uint64_t events = 0;                  // of this CPU by then
    unsigned cpu = 0;
    std::string task;                     // "sh (12)", "cr3 00101000", "paging off"; empty: nobody is known
    std::string split, paging, guest;     // "3:1", "pae"; empty: of a foreign guest
    std::string profile;                  // the chosen one
    mm::trace::State registers;
    std::vector<std::string> spans;       // open ones, the innermost last
    bool complete = true;                 // whether the recording is whole
    bool live = false;                    // whether more may come
    std::string note;                     // what a person should know of these numbers; empty: nothing
    std::vector<Zone> zones;
    std::vector<Region> regions;
    MemoryHeat memory;
    LinearMap linear;
    bool tlbs_exact = false;              // whether entries are what the model has, not a reconstruction (see note)
    bool tlb_dates_exact = true;          // whether `filled` and `dropped` are when it happened; else when it was first shown so
    std::vector<TlbView> tlbs;
    std::vector<FlushCount> flushes;      // only causes that are flushes, always all of them in the same order
    Strips strips;
    EventLine last;
};

}  // namespace tools::view
