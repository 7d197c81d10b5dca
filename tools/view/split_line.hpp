// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the kernel's part of the linear addresses begins, as the guest's regions say.
#pragma once

#include <string>
#include <vector>

#include "tools/run_info.hpp"

namespace tools::view {

// At 4:4 programs have the kernel's addresses, too: they and the kernel run on page tables of their own, in which only the trampoline is
// the same (guest-kernel/arch/own-tables.inc).
struct SplitLine {
    uint64_t page_offset = 0;  // linear address; at 4:4 that of the direct map; 0: not known
    bool own_spaces = false;   // 4:4
    uint64_t trampoline = 0;   // linear address, of 4:4; 0: not known
    friend bool operator==(const SplitLine&, const SplitLine&) = default;
};

[[nodiscard]] SplitLine split_line_of(const std::vector<RegionInfo>& regions);

// What is behind the line: "the kernel's part"; "the kernel's address space; programs have their own, the trampoline at fffc0000 is in both".
[[nodiscard]] std::string split_words(const SplitLine& split);

}  // namespace tools::view
