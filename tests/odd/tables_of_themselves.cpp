// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory that is its own page table, and tables whose entries map them, changed through themselves.
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::tables_of_themselves {

using namespace twins;

void run() {
    const mm::Pfn directory = window_directory(0);
    slot_entry(1) = names(directory);
    slot_entry(2) = names(table(2));
    entry(table(2), 0) = leaf(table(2));
    flush_all();
    // Each page of slot 1 is a table; the one of slot 1 itself is the directory.
    const unsigned own = mm::directory_index<Format>(page(0, 1));
    for (unsigned n = 0; n < entries; ++n) (void)read(page(n, 1));
    for (unsigned round = 0; round < 1000; ++round) {
        const auto self = page(own, 1) + own * static_cast<uint32_t>(sizeof(Raw));
        write(self, read(self) & ~static_cast<uint32_t>(mm::entry_bit::accessed | mm::entry_bit::dirty));
        // Entry 1 of the table at slot 2, through entry 0, maps data; then the page of entry 1 is used.
        write(page(0, 2) + static_cast<uint32_t>(sizeof(Raw)), static_cast<uint32_t>(leaf(data(round % 64))));
        guest::invlpg(page(1, 2));
        write(page(1, 2), round);
        guest::invlpg(page(own, 1));
    }
    // The entry that maps the table goes away through itself.
    write(page(0, 2), 0);
    (void)read(page(0, 2));
    guest::invlpg(page(0, 2));
    (void)read(page(0, 2));
}
[[gnu::section(".twins"), gnu::used]] const Odd odd{"tables-of-themselves", run};

}  // namespace odd::tables_of_themselves
