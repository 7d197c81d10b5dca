// SPDX-License-Identifier: LGPL-2.1-or-later
// A CPU profile: what a TLB looks like and what each event costs, every figure with an interval and a source.
//
//   share/profiles/p6.toml --read_profile--> Profile --cost model--> cycles {low, best, high}
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tools {

// A published or assumed number. low <= best <= high; equal when the figure is exact.
struct Figure {
    double best{}, low{}, high{};
    std::string source;
    [[nodiscard]] bool assumed() const { return source.rfind("assumed", 0) == 0; }
};

struct TlbFigures {
    Figure entries;  // 0: this CPU has no such TLB
    Figure ways;     // equal to entries: fully associative
};

struct Profile {
    std::string name, title;
    std::filesystem::path file;
    TlbFigures instruction_4k, instruction_large, data_4k, data_large;
    // Cycles: of a walk without its reads; of a read whose line was, or was not, read lately.
    Figure walk_base, read_recent, read_cold;
    Figure line_bytes, recent_lines;  // bytes; how many distinct lines count as read lately
    // Cycles: an average instruction; each event besides the instructions and walks it brings.
    Figure instruction, mov_cr3, invlpg, interrupt, iret, page_fault;
};

// One row of a profile as data: reading, printing and the manual page go through this table.
struct FigureKey {
    const char* table;    // TOML table: "walk", "tlb.data_4k"
    const char* key;      // key inside it
    const char* unit;     // "cycles", "entries"
    const char* meaning;  // one line
    Figure& (*at)(Profile&);
};
[[nodiscard]] const std::vector<FigureKey>& figure_keys();

// Reads and checks one profile. Throws InputError naming the file, the line and the key of the first mistake.
[[nodiscard]] Profile read_profile(const std::filesystem::path& file);

// The profile that the user means: a known name, or a path (anything with a '/' or ending in .toml).
// Throws InputError with the known names.
[[nodiscard]] Profile find_profile(const std::string& name_or_path);

// All profiles in the profile directory, by name.
[[nodiscard]] std::vector<Profile> all_profiles();

}  // namespace tools
