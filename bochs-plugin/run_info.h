// SPDX-License-Identifier: LGPL-2.1-or-later
// DIR/.zonescope/run.json, the writer's side: all about the recording that is not an event. tools/run_info.hpp has the
// schema; README.md in this directory lists the keys that the plugin adds for people.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

namespace plugin {

// Written with '_' as '-'.
enum class EndReason : uint8_t { running, shutdown, instructions, triple_fault, halt, interrupted, disk_full, error, stale, panic, mark };
const char* name(EndReason reason);

struct RunInfo {
    struct Zone { std::string name; uint32_t node; uint64_t start_pfn, end_pfn; uint32_t present_pages; };
    struct Region { std::string name; uint64_t start, end; };
    struct Span { uint32_t id; std::string name; };
    struct Model { std::string profile; uint64_t itlb_lookups, itlb_misses, dtlb_lookups, dtlb_misses, walks; };
    struct Cpu {
        unsigned cpu;
        uint64_t instructions, idle_ticks, cr3_writes, invlpg, page_faults, walk_reads, walk_writes, pdpte_loads;
        uint64_t fills_read, fills_write, fills_execute;
        std::vector<Model> models;
    };
    // What the plugin checked while it recorded: all counts are 0 in a good recording.
    struct Checks {
        uint64_t model_disagreements = 0, walk_disagreements = 0, fetch_mismatches = 0;
        std::vector<std::string> first;
    };

    struct Oddity { std::string kind; uint64_t count; std::string first; };

    // The search for missing flushes.
    struct Stale {
        std::string mode;
        uint64_t changes = 0, held = 0;  // entries in use that were changed; translations that this left behind until they were flushed
        uint64_t sites = 0, uses = 0, most_translations = 0, unfollowed = 0;
        uint64_t in_time = 0;  // uses of another CPU's changes that are no mistakes: before it had gone on, or this one was told
        uint64_t unsettled = 0;  // counted ones that may be none either: there was no room to see whether this CPU is told
    };

    // A mark that the recording began or shall end at, and when it was met: ticks and instructions since power-on.
    struct Mark {
        std::string mark;
        bool met = false;
        uint64_t ticks = 0, instructions = 0;
    };

    bool complete = false;
    bool tasks = false;                            // events tell which task runs
    EndReason reason = EndReason::running;
    std::string detail;
    int64_t guest_failures = -1;
    std::string split, paging, guest, cpu_model, symbols;
    std::string resumed_from;                      // the directory of a saved boot; empty: powered on
    uint64_t memory_mib = 0, instructions = 0, ticks = 0, ips = 0;
    uint64_t long_mode_instructions = 0;           // of instructions
    uint64_t symbols_moved_by = 0;                 // added to their addresses: a Linux kernel that KASLR moved
    uint64_t device_writes = 0, device_bytes = 0;  // DMA into memory
    unsigned cpus = 1;
    std::vector<std::string> profiles, geometries, warnings;  // geometries: text forms, as profiles
    std::vector<Zone> zones;
    bool zones_given = false;                      // by the user: the guest has published none yet
    std::vector<Region> regions;
    std::vector<Span> spans;
    std::vector<Cpu> finals;
    Checks checks;
    std::vector<Oddity> oddities;
    Stale stale;
    Mark start, until;                             // no name: power-on, and the guest's own end
};

std::string to_json(const RunInfo&);

}  // namespace plugin
