// SPDX-License-Identifier: LGPL-2.1-or-later
// What all CPUs of a recording share in the search for missing flushes: the tables, the reports, and each other.
#pragma once

#include <functional>

#include "entry_writes.h"
#include "may_hold.h"
#include "mm/protocol.hpp"
#include "stale_sites.h"

namespace plugin {

class CpuState;

struct StaleWatch {
    explicit StaleWatch(StaleMode m) : mode{m} {
        tables.on_found = [this](mm::Pfn frame) {
            for (MayHold* held : holders) held->table_found(frame);
            on_table(frame);
        };
    }
    StaleWatch(const StaleWatch&) = delete;
    StaleWatch& operator=(const StaleWatch&) = delete;

    const StaleMode mode;
    TableWatch tables;
    StaleSites sites;
    std::vector<MayHold*> holders;  // by CPU, as these
    std::vector<CpuState*> cpus;
    EntryWrites writes;             // by whatever CPU or device; no CPU counts lookups unasked meanwhile
    uint64_t changes = 0;           // of entries of tables in use, but for A and D that the processor sets
    uint64_t unfinished = 0;        // uses of another CPU's changes before that had gone on: no mistakes
    uint64_t unsettled = 0;         // uses of finished ones that stay counted, for want of room to see whether the user is told
    std::function<void()> on_report = [] {};  // at a new site
    std::function<void(mm::Pfn)> on_table = [](mm::Pfn) {};  // writes to the frame are followed from now on

    bool on() const { return mode != StaleMode::off; }

    // A table is followed for as long as one CPU's walks come through it, or may.
    void entry_changed(const MayHold::Change& change) {
        const mm::Pfn frame = mm::frame_of(change.entry_at);
        const std::vector<TablePlace> places = tables.places(frame);  // a copy: more may be found meanwhile
        for (const TablePlace place : places) {
            bool named = false;
            for (MayHold* held : holders) named |= held->entry_changed(change, place);
            if (!named) tables.forget(frame, place);
        }
        if (change.new_entry == change.old_entry) return;
        ++changes;
        for (MayHold* held : holders) held->table_written(frame);
    }

    // A walk of the CPU for a write to `by_page` has set D in this entry of a page table.
    void dirtied(mm::PhysAddr entry, uint32_t by_page, const MayHold& by) {
        for (MayHold* held : holders) held->dirtied(entry, held == &by ? by_page : mm::linear_pages);
    }

    // What the guest says of its page tables' frames, whether anything is recorded or not.
    void publish_page_table(mm::Pfn frame, mm::protocol::PageTable what, TableWatch::Freed when) {
        if (what == mm::protocol::PageTable::freed) tables.publish_freed(frame, when);
        else tables.publish_allocated(frame);
    }

    uint64_t held() const {
        uint64_t count = 0;
        for (const MayHold* each : holders) count += each->ever_listed();
        return count;
    }
    uint64_t unfollowed() const {
        uint64_t count = sites.unfollowed();
        for (const MayHold* each : holders) count += each->unfollowed();
        return count;
    }
};

}  // namespace plugin
