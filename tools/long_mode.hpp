// SPDX-License-Identifier: LGPL-2.1-or-later
// What was observed in long mode, where nothing is modelled: Bochs' walks by level and by page size.
#pragma once

#include "mm/trace_codec.hpp"

namespace tools {

struct LongModeStatistics {
    static constexpr const char* entries[] = {"pte", "pde", "pdpte", "pml4e", "pml5e"};  // by level
    static constexpr unsigned page_sizes = 3;                                            // 4 KiB, 2 MiB, 1 GiB

    uint64_t instructions{};                    // executed there, on all CPUs; of a recording that was killed not known, and 0
    uint64_t walks{}, faulted{};                // the ones that faulted are among the walks
    uint64_t reads[mm::most_long_levels]{};     // entries read, by level
    uint64_t written[mm::most_long_levels]{};   // of which the walk set A or D
    uint64_t fills[page_sizes]{};               // walks that did not fault, by the size of the page

    void add(const mm::trace::LongWalkRecord& walk, const mm::Translation& found, unsigned levels);
    [[nodiscard]] bool used() const { return walks != 0 || instructions != 0; }
};

}  // namespace tools
