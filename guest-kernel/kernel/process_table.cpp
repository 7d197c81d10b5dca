// SPDX-License-Identifier: LGPL-2.1-or-later
// Gives out the lowest free id: the first processes of a measurement have the same ids on every run.
#include "guest-kernel/kernel/process_table.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/process.hpp"

namespace guest {

ProcessTable processes;
ProcessTable::Leaf ProcessTable::empty_leaf{};

uint32_t ProcessTable::lowest_free() {
    while (at(all_used_below_)) ++all_used_below_;
    return all_used_below_;
}

bool ProcessTable::add(Process& p) {
    const uint32_t id = lowest_free(), leaf = id / leaf_entries;
    if (id >= max_processes) return false;
    if (leaves_[leaf] == &empty_leaf) {
        void* const memory = kmalloc().allocate(sizeof(Leaf));
        if (!memory) return false;
        __builtin_memset(memory, 0, sizeof(Leaf));
        leaves_[leaf] = static_cast<Leaf*>(memory);
    }
    leaves_[leaf]->places[id % leaf_entries] = &p;
    ++used_[leaf];
    ++size_;
    p.id = static_cast<int32_t>(id);
    return true;
}

void ProcessTable::remove(Process& p) {
    const auto id = static_cast<uint32_t>(p.id);
    const uint32_t leaf = id / leaf_entries;
    require(at(id) == &p, "a process left the table twice");
    leaves_[leaf]->places[id % leaf_entries] = nullptr;
    --size_;
    if (id < all_used_below_) all_used_below_ = id;
    if (--used_[leaf] != 0) return;
    kmalloc().free(leaves_[leaf]);
    leaves_[leaf] = &empty_leaf;
}

}  // namespace guest
