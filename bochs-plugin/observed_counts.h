// SPDX-License-Identifier: LGPL-2.1-or-later
// What one CPU's recording adds up to beside its events, and where two sources of it differ.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "mm/addr.hpp"

namespace plugin {

// Sums that go to run.json, where `zonescope check` compares them with the events.
struct ObservedCounts {
    uint64_t cr3_writes = 0, invlpg = 0, page_faults = 0, pdpte_loads = 0;
    uint64_t walk_reads = 0, walk_writes = 0;
    uint64_t fills[3] = {};  // by mm::AccessKind
};

// Places where two sources that should agree do not; the first few are kept for people.
class Disagreements {
public:
    void add(uint64_t at, mm::Pfn ours, mm::Pfn theirs);
    uint64_t count() const { return count_; }
    const std::vector<std::string>& first() const { return first_; }

private:
    static constexpr unsigned kept = 8;
    uint64_t count_ = 0;
    std::vector<std::string> first_;
};

}  // namespace plugin
