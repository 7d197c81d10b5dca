// SPDX-License-Identifier: LGPL-2.1-or-later
// DIR/.zonescope/run.json: all about a recording that is not an event. The plugin writes it, the tools read it.
//
// {
//   "schema": 1,
//   "complete": false,                          // true only in the last version, written when the recording ended by itself
//   "end": {"reason": "running",                // see EndReason
//           "detail": "",                       // for people: why, or empty
//           "guest_failures": 0},               // operand of protocol::Op::result; -1: the guest never said
//   "resumed_from": "/a/boot",                  // the saved boot that the machine came from; absent: it was powered on
//   "split": "3:1", "paging": "classic",        // as `zonescope record` was told; "" for a foreign guest
//   "memory_mib": 1024,
//   "guest": "zonescope 3:1 classic",           // protocol::Op::hello's name; "" if the guest does not speak the protocol
//   "cpu_model": "p4_prescott_celeron_336",
//   "cpus": 1,
//   "instructions": 0,                          // executed, all CPUs, idle excluded
//   "long_mode_instructions": 0,                // of the instructions; absent: the guest did not use 64-bit paging
//   "ticks": 0,                                 // time at the end
//   "ips": 100000000,                           // bochsrc's ips: ticks in an emulated second
//   "profiles": ["p6"],                         // modelled live; the bit order of a modelled walk's profile mask
//   "geometries": ["p6:g:32/4l+2/2l:64/4l+8/4l:-:-:n:-"],  // theirs: mm/mmu_geometry_text.hpp; absent in old recordings
//   "zones":   [{"name": "DMA", "node": 0, "start_pfn": 0, "end_pfn": 4096, "present_pages": 4000}],   // end exclusive
//   "regions": [{"name": "user", "start": 4096, "end": 3221225472}],       // linear, end exclusive; above 4294967296: of long mode
//   "spans":   [{"id": 0, "name": "null-syscall"}],
//   "symbols": "kernel-3-1-classic.elf",        // protocol::Op::symbols, or a file beside this one; "" if none
//   "symbols_moved_by": 0,                      // to be added to its addresses: a Linux kernel that moved itself (KASLR)
//   "tasks": false,                             // whether events tell which task of the guest runs
//   "warnings": ["..."],                        // anything that the reader of the numbers should know
//   "stale": {"mode": "used",                   // off, used or speculative; absent: recorded by one that did not look for missing flushes
//             "changes": 0, "held": 0,          // of entries of tables in use; stale translations that they left behind, flushed or not
//             "sites": 0, "uses": 0,            // reports; all uses of stale translations
//             "most_translations": 0,           // stale ones that there is room for at a time
//             "unfollowed": 0,                  // stale translations, and uses at further sites, for which there was no room
//             "in_time": 0,                     // uses of another CPU's changes that were no mistakes (doc/stale.md)
//             "unsettled": 0},                  // counted ones that may be none either, for want of room
//   "oddities": [{"kind": "reserved_bit",       // what no kernel does on purpose (oddities.hpp); kinds that were not seen are left out
//                 "count": 1, "first": "tick 1, linear 0x00000000, physical 0x1000"}],
//   "final": [                                  // one per CPU; absent while "complete" is false: `check` compares it with the events
//     {"cpu": 0, "instructions": 0, "idle_ticks": 0, "cr3_writes": 0, "invlpg": 0, "page_faults": 0, "walk_reads": 0,
//      "walk_writes": 0, "pdpte_loads": 0, "fills_read": 0, "fills_write": 0, "fills_execute": 0,
//      "models": [{"profile": "p6", "itlb_lookups": 0, "itlb_misses": 0, "dtlb_lookups": 0, "dtlb_misses": 0, "walks": 0}]}]
// }
//
// It is replaced as a whole (written beside and renamed): at the start with complete false, when zones, regions or span
// names change, and at the end, so that a recording that was killed still names what it recorded. Unknown keys are ignored.
#pragma once

#include <stdint.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tools {

inline constexpr int run_schema = 1;
inline constexpr char hidden_directory[] = ".zonescope";  // inside a trace directory
inline constexpr char run_file[] = "run.json";            // inside the hidden directory
inline constexpr char console_file[] = "console.log";     // what the guest wrote to port 0xE9
inline constexpr char serial_file[] = "serial.log";       // and to its first serial port

// Why a recording ended. In run.json the names are those of the enumerators, '_' written '-'.
enum class EndReason : uint8_t {
    running,       // still going on, or killed
    shutdown,      // the guest powered off: good if no guest failures
    instructions,  // --instructions was reached: good
    timeout,       // --timeout was reached: the run failed
    triple_fault,  // the guest shut the processor down: failed
    halt,          // halted with interrupts off: nothing can ever happen again; failed
    interrupted,   // Ctrl-C or SIGTERM: the trace is readable but incomplete
    disk_full,     // writing the trace failed: failed
    error,         // anything else, said in detail: failed
    stale,         // --stop-on-stale: a missing flush was found; failed
    panic,         // the guest did something that Bochs cannot emulate, as running in a device's memory: failed
    mark,          // --until was met: good
};

struct ZoneInfo {
    std::string name;
    uint64_t start_pfn{}, end_pfn{}, present_pages{};  // end exclusive, holes included in [start, end), not in present
    unsigned node = 0;
};
struct RegionInfo {
    std::string name;
    uint64_t start{}, end{};  // linear addresses, end exclusive
};
struct SpanInfo {
    uint32_t id{};
    std::string name;
};
struct FinalModel {
    std::string profile;
    uint64_t itlb_lookups{}, itlb_misses{}, dtlb_lookups{}, dtlb_misses{}, walks{};
};
struct FinalCounters {
    unsigned cpu{};
    uint64_t instructions{}, idle_ticks{}, cr3_writes{}, invlpg{}, page_faults{}, walk_reads{}, walk_writes{}, pdpte_loads{};
    uint64_t fills_read{}, fills_write{}, fills_execute{};
    std::vector<FinalModel> models;
};
// The search for missing TLB flushes (doc/stale.md).
struct StaleInfo {
    std::string mode;
    uint64_t changes{}, held{}, sites{}, uses{}, most_translations{}, unfollowed{}, in_time{}, unsettled{};
};
// What the guest did that no kernel does on purpose: oddities.hpp has the kinds.
struct OddityInfo {
    std::string kind;
    uint64_t count{};
    std::string first;  // where, for people
};
// A mark at which the recording started or was to end; ticks and instructions since power-on.
struct MarkInfo {
    std::string mark;
    bool met{};
    uint64_t ticks{}, instructions{};
};
struct RunInfo {
    bool complete{}, tasks{};
    EndReason reason{EndReason::running};
    std::string detail;
    int64_t guest_failures{-1};
    std::string split, paging, guest, cpu_model, symbols, resumed_from;
    uint64_t memory_mib{}, instructions{}, long_mode_instructions{}, ticks{}, ips{}, symbols_moved_by{};
    unsigned cpus{1};
    std::vector<std::string> profiles, geometries, warnings;
    std::vector<ZoneInfo> zones;
    std::vector<RegionInfo> regions;
    std::vector<SpanInfo> spans;
    std::vector<FinalCounters> finals;
    std::vector<OddityInfo> oddities;
    std::optional<StaleInfo> stale;
    std::optional<MarkInfo> start, until;  // --from-mark, --until

    // Whether the totals are those of the end: instructions, ticks, finals, stale. A recording that was killed has none, one that was interrupted has.
    [[nodiscard]] bool counted() const { return reason != EndReason::running; }
};

// Reads the file of a trace directory. Throws InputError if the directory is no trace or the file is damaged: the message
// names the file, the key or byte offset, and what to do.
[[nodiscard]] RunInfo read_run_info(const std::filesystem::path& trace_directory);

// The same from text, for tests; `subject` names it in errors.
[[nodiscard]] RunInfo parse_run_info(const std::string& json, const std::string& subject);

[[nodiscard]] const char* name(EndReason reason);

}  // namespace tools
