// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes one recording: boots a guest in Bochs with the plugin, and says how it ended.
//
//   RecordOptions --check_record_options--> (InputError, or fine) --record--> DIR with a trace, RecordOutcome
#pragma once

#include <functional>
#include <optional>

#include "error.hpp"
#include "run_info.hpp"

namespace tools {

inline constexpr char default_stale_mode[] = "used";

struct RecordOptions {
    std::string split = "3:1", paging = "classic";
    uint64_t memory_mib = 1024;
    std::vector<std::string> profiles{"p6"}; // names, or paths of .toml files
    bool references = false;                 // record every lookup, for replays: some 4 bytes each
    std::string stale = default_stale_mode;  // how missing TLB flushes are looked for
    bool stop_on_stale = false;              // the run ends, badly, at the first one
    std::string workload = "all";            // all, none or names with commas
    std::string initramfs = "embedded";      // where our kernel's programs are: in its image, or in a boot module
    std::string append;                      // more words for the guest's command line
    std::filesystem::path image;             // a foreign guest's medium; empty: our kernel
    std::filesystem::path system_map;        // of the Linux kernel that the image boots; empty: none
    std::vector<ZoneInfo> zones;             // for a guest that publishes none
    std::string cpu_model;                   // MODEL[+FEATURE...]; empty: the default
    unsigned cpus = 1;
    uint64_t instructions = 0;               // 0: no limit
    std::string from_mark, until;            // as the user wrote them; empty: power-on, and the guest's own end
    std::filesystem::path save;              // a saved boot to be made at `until`; empty: none
    std::filesystem::path resume_from;       // one that the machine comes from, whose options are these; empty: it is powered on
    bool record = true;                      // false, with `save`: nothing is recorded
    std::filesystem::path symbols;           // where functions' names in them are looked up; empty: our kernel
    double timeout = 0;                      // seconds of the host; 0: none
    bool gui = false;
    bool debugger = false;                   // Bochs' debugger runs the guest, on this terminal; with `gui` in windows
    std::filesystem::path commands;          // for it, a line each; empty: the user types them
    bool serve = false;                      // viewers: over the socket `live`, or one of a name of its own if that is empty
    std::filesystem::path live;
    std::filesystem::path output;
};

struct RecordOutcome {
    Status status = Status::done;
    RunInfo run;
    std::string problem;                     // one sentence if the status is not done
    std::vector<std::string> guest_failures; // the guest's `not ok` lines
    uint64_t stream_bytes = 0;
};

// What is going on, for a progress line: ticks recorded so far, bytes of trace so far.
using RecordProgress = std::function<void(uint64_t ticks, uint64_t bytes)>;

// The splits and pagings of the kernels, and their workloads.
[[nodiscard]] const std::vector<std::string>& split_names();
[[nodiscard]] const std::vector<std::string>& paging_names();
[[nodiscard]] const std::vector<std::string>& workload_names();

[[nodiscard]] const std::vector<std::string>& initramfs_places();
[[nodiscard]] const std::vector<std::string>& stale_modes();

// The guest kernel's image with its programs, and whether it is there.
[[nodiscard]] std::filesystem::path kernel_file(const std::string& split, const std::string& paging);
[[nodiscard]] bool kernel_exists(const std::string& split, const std::string& paging);

inline constexpr unsigned most_cpus = 8;     // that the plugin follows

// Throws InputError if a recording cannot start: unknown names, a kernel that does not exist, an output directory with
// something else in it. Changes nothing.
void check_record_options(const RecordOptions& options);

// Blocks until the guest has ended, was stopped or interrupted (see interruption.hpp). Throws Error if it could not start.
[[nodiscard]] RecordOutcome record(const RecordOptions& options, const RecordProgress& progress);

// "dma:0-16M,normal:16M-896M,highmem:896M-": names as given, present pages estimated for so much memory.
[[nodiscard]] std::vector<ZoneInfo> parse_zones(const std::string& text, uint64_t memory_mib);
// The other way round.
[[nodiscard]] std::string zone_words(const std::vector<ZoneInfo>&);

}  // namespace tools
