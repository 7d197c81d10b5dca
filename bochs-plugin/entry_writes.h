// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes to entries of page tables, between the hook, which comes before the write, and the moment that memory has the new value.
#pragma once

#include <vector>

#include "entry_change.h"
#include "machine.h"
#include "mm/entry.hpp"

namespace plugin {

class EntryWrites {
public:
    // `until`: instructions that must have been completed before memory is sure to be written; 0 if the next hook is late enough.
    void begin(const Machine& machine, mm::PhysAddr at, unsigned bytes, unsigned entry_bytes, EntryChange by, uint64_t until) {
        const uint64_t first = at.raw & ~uint64_t{entry_bytes - 1};
        for (uint64_t entry = first; entry < at.raw + bytes; entry += entry_bytes) {
            by.entry_at = mm::PhysAddr{entry};
            by.old_entry = machine.load(by.entry_at, entry_bytes);
            writes_.push_back({by, entry_bytes, until, &machine});
        }
    }
    bool pending() const { return !writes_.empty(); }

    // written(EntryChange) for each entry that now has another value, or the same with D set, unless it may still be on its way.
    template <class Written> void end(Written&& written) {
        if (writes_.back().until > writes_.back().machine->instructions()) return;
        for (size_t n = 0; n < writes_.size(); ++n) {
            EntryChange change = writes_[n].change;
            change.new_entry = writes_[n].machine->load(change.entry_at, writes_[n].entry_bytes);
            if (change.new_entry != change.old_entry || change.new_entry & mm::entry_bit::dirty) written(change);
        }
        writes_.clear();
    }

private:
    struct Write {
        EntryChange change;
        unsigned entry_bytes;
        uint64_t until;
        const Machine* machine;  // the CPU's that writes
    };
    std::vector<Write> writes_;
};

}  // namespace plugin
