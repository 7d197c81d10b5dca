// SPDX-License-Identifier: LGPL-2.1-or-later
// What one of Bochs' fast REP routines does at once: some iterations of MOVS or STOS, whose loads stay in one page and whose stores stay
// in one page. If every model serves both pages, nothing but time stamps can come of it, so all are counted together.
#pragma once

#include "fast_path.h"

namespace plugin {

struct StringChunk {
    bool running = false;               // a routine runs whose iterations will be counted
    bool loads = false, stores = false;
    uint32_t load_page = 0, store_page = 0;
};

// Whether the routine may access the page by itself. If not, Bochs executes an iteration by itself, whose hook asks the models.
inline bool may_access(StringChunk& chunk, const FastPath& f, uint32_t page, bool store) {
    if (!chunk.running || verifying || f.counting == Counting::ask || (f.counting == Counting::in_order && f.fetch.deferred)) return false;
    if (f.counting != Counting::off && f.pages[page].served[store] != mm::served_by_all) return false;
    (store ? chunk.stores : chunk.loads) = true;
    (store ? chunk.store_page : chunk.load_page) = page;
    return true;
}

// Counts the lookups of so many iterations: as many calls of count_data_access(), load before store, would do the same.
inline void count_iterations(const StringChunk& chunk, FastPath& f, uint64_t iterations) {
    if (f.counting == Counting::off || iterations == 0) return;
    f.clock.now += iterations * (chunk.loads + chunk.stores) - (chunk.loads + chunk.stores);
    if (chunk.loads) count_served(f, f.pages[chunk.load_page], chunk.load_page, 0);
    if (chunk.stores) count_served(f, f.pages[chunk.store_page], chunk.store_page, 1);
}

}  // namespace plugin
