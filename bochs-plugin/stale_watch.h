// SPDX-License-Identifier: LGPL-2.1-or-later
// What all CPUs of a recording share in the search for missing flushes: the tables, the reports, and each other.
#pragma once

#include <functional>

#include "may_hold.h"
#include "stale_sites.h"

namespace plugin {

struct StaleWatch {
    explicit StaleWatch(StaleMode m) : mode{m} {}

    const StaleMode mode;
    TableWatch tables;
    StaleSites sites;
    std::vector<MayHold*> cpus;
    uint64_t changes = 0;  // of entries of tables in use, but for A and D that the processor sets
    std::function<void()> on_report = [] {};  // at a new site

    uint64_t held() const {
        uint64_t count = 0;
        for (const MayHold* cpu : cpus) count += cpu->ever_listed();
        return count;
    }
    uint64_t unfollowed() const {
        uint64_t count = sites.unfollowed();
        for (const MayHold* cpu : cpus) count += cpu->unfollowed();
        return count;
    }
    bool on() const { return mode != StaleMode::off; }

    // By whatever CPU or device.
    void entry_changed(const MayHold::Change& change) {
        ++changes;
        for (MayHold* cpu : cpus) cpu->entry_changed(change);
        for (MayHold* cpu : cpus) cpu->table_written(mm::frame_of(change.entry_at));
    }
};

}  // namespace plugin
