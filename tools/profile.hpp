// SPDX-License-Identifier: LGPL-2.1-or-later
// A CPU profile: what the TLBs look like and what each event costs, everything with its source, figures with an interval.
//
//   share/profiles/p6.toml --read_profile--> Profile --cost model--> cycles {low, best, high}
//                                              \--to_geometry--> mm::MmuGeometry, which the plugin simulates
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tools {

// A published, derived or assumed number. low <= best <= high; equal when the figure is exact.
struct Figure {
    double best{}, low{}, high{};
    std::string source;
    [[nodiscard]] bool assumed() const { return source.rfind("assumed", 0) == 0; }
};

// One of some words, such as a replacement policy; `true` and `false` are words, too.
struct Choice {
    std::string is, source;  // empty: the question does not arise, such as the inclusion of a second level that is not there
    [[nodiscard]] bool assumed() const { return source.rfind("assumed", 0) == 0; }
    [[nodiscard]] bool yes() const { return is == "true"; }
};

struct TlbFigures {
    Figure entries;      // best 0: this CPU has no such TLB, or is assumed to have none; then the rest is empty
    Figure ways;         // equal to entries: fully associative
    Choice replacement;  // lru, tree-plru, random
    [[nodiscard]] bool exists() const { return entries.best > 0; }
};

struct Profile {
    std::string name, title;
    std::filesystem::path file;
    std::string text;  // of the file, as it was read
    TlbFigures instruction_4k, instruction_large, data_4k, data_large;                                  // first level
    TlbFigures second_instruction_4k, second_instruction_large, second_data_4k, second_data_large;      // second level
    TlbFigures pde_cache;                                                                               // of directory entries
    // Where large pages are cached: own, shared, fragmented; on the second level also none.
    Choice large_instruction, large_data, large_second_instruction, large_second_data;
    Choice unified, loads_only, second_unified, inclusion, global_pages;
    // Cycles: of a walk without its reads; of a second-level hit; of a read of an entry that is found there.
    Figure walk_base, second_level_hit, l1, l2, memory;
    Figure line_bytes, l1_lines, l2_lines;  // how many distinct lines of entries stay in each cache
    // Cycles: an average instruction; each event besides the instructions and walks it brings.
    Figure instruction, mov_cr3, invlpg, pdpte_load, interrupt, exception, iret, sysenter, sysexit, page_fault;
    [[nodiscard]] bool has_sysenter() const { return sysenter.high > 0; }
    [[nodiscard]] bool has_sysexit() const { return sysexit.high > 0; }
    Figure clock_mhz;  // of the part whose figures these are; for people only
};

// Reads and checks one profile. Throws InputError naming the file, the line and the key of the first mistake.
[[nodiscard]] Profile read_profile(const std::filesystem::path& file);

// A path, not a name: anything with a '/' or ending in .toml.
[[nodiscard]] bool is_profile_path(const std::string& name_or_path);

// The profile that the user means: a known name, or a path.
// Throws InputError with the known names.
[[nodiscard]] Profile find_profile(const std::string& name_or_path);

// All profiles in the profile directory, by generation, those that the plugin does not know last.
[[nodiscard]] std::vector<Profile> all_profiles();

}  // namespace tools
