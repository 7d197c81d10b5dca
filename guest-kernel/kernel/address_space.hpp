// SPDX-License-Identifier: LGPL-2.1-or-later
// A process's memory: a page directory of its own, and the anonymous regions that page faults may fill.
//
//   3:1, 2:2, 1:3   user part: own tables     kernel part: entries copied from the kernel's directory
//   4:4             user part: own tables     trampoline only: one table, shared by all processes
#pragma once

#include "guest-kernel/config.hpp"
#include "mm/addr.hpp"

namespace guest {

struct Region {  // [start, end), page aligned
    uint32_t start, end;
};

class AddressSpace {
public:
    // A directory without user pages; false if there is no memory for it.
    [[nodiscard]] bool create();

    // Frees every user page, every user table and the directory. It must not be the one in CR3.
    void destroy();

    // Reserves `bytes` (whole pages) of zeroed memory at the lowest free address of the mmap area, or at `start`.
    // False if the bytes overlap a region, leave the user part, or the region table is full.
    [[nodiscard]] bool add_region(uint32_t bytes, uint32_t& start);
    [[nodiscard]] bool add_region_at(uint32_t start, uint32_t bytes);

    // Gives [start, start + bytes) back and flushes. False if any of it is in no region.
    [[nodiscard]] bool remove_region(uint32_t start, uint32_t bytes);

    // Maps a zeroed page at `at` if a region holds it: what a page fault and the program loader need.
    [[nodiscard]] bool populate(mm::VirtAddr at);

    // Frame behind a user address; false if it is not mapped.
    [[nodiscard]] bool frame_of(mm::VirtAddr at, mm::Pfn& frame) const;

    bool contains(mm::VirtAddr at) const;
    uint32_t cr3() const { return cr3_; }
    uint32_t resident() const { return resident_; }  // user pages mapped

private:
    static constexpr unsigned max_regions = 32;

    void release(uint32_t start, uint32_t end);
    bool overlaps(uint32_t start, uint32_t end) const;

    uint32_t cr3_ = 0;
    uint32_t resident_ = 0;
    unsigned region_count_ = 0;
    Region regions_[max_regions] = {};  // sorted by address, never overlapping
};

}  // namespace guest
