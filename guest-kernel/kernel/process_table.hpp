// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes by id, from 1. The table grows a page at a time, so that it needs no contiguous memory however many there are.
//
//   id:  | leaf, 10 bits | place, 10 bits |     leaves without a process are one and the same empty page
//
// The boot process, 0, is not in it.
#pragma once

#include <stdint.h>

namespace guest {

struct Process;

class ProcessTable final {
public:
    static constexpr uint32_t leaf_entries = 1024, leaf_count = 1024;
    static constexpr uint32_t max_processes = leaf_entries * leaf_count;

    constexpr ProcessTable() {
        for (Leaf*& leaf : leaves_) leaf = &empty_leaf;
    }

    // Gives the process the lowest free id; false if there is no memory for it.
    [[nodiscard]] bool add(Process& p);
    void remove(Process& p);

    // Null if no process has the id.
    Process* at(uint32_t id) const { return id < max_processes ? leaves_[id / leaf_entries]->places[id % leaf_entries] : nullptr; }

    uint32_t size() const { return size_; }

    // visit(Process&) for each, by id. It may remove the one that it is given.
    template <class Visit>
    void for_each(Visit visit) const {
        for (uint32_t leaf = 0; leaf < leaf_count; ++leaf)
            for (uint32_t place = 0; used_[leaf] != 0 && place < leaf_entries; ++place)
                if (Process* p = leaves_[leaf]->places[place]) visit(*p);
    }

private:
    struct Leaf {
        Process* places[leaf_entries];
    };
    static Leaf empty_leaf;

    uint32_t lowest_free();

    Leaf* leaves_[leaf_count] = {};
    uint16_t used_[leaf_count] = {};
    uint32_t size_ = 0;
    uint32_t all_used_below_ = 1;  // no id from 1 to this is free
};

extern ProcessTable processes;

}  // namespace guest
