// SPDX-License-Identifier: LGPL-2.1-or-later
// An entry of the paging structures in words, whatever its level and format.
#pragma once

#include <string>

#include "mm/control.hpp"
#include "mm/entry.hpp"
#include "mm/stale.hpp"

namespace tools {

// What an entry is, given the registers that it is read with (SDM vol. 3, tables 4-4 to 4-6 and 4-8 to 4-11).
struct EntryView {
    bool present{}, large{}, table{};  // table: it names a table or a directory
    mm::Pfn frame{};                   // that it leads to: its page's first
    uint32_t page_bytes{};             // of the page that it maps; 0 if it names a table
};
[[nodiscard]] EntryView view_entry(uint64_t entry, mm::TableLevel level, const mm::Control& control);

// "frame 0x38010: writable, kernel only, accessed, dirty, global"; "4 MiB page from frame 0x400: ..."; "page table in frame 0x3: ...";
// "not present". What nothing is said of does not matter at this level.
[[nodiscard]] std::string entry_words(uint64_t entry, mm::TableLevel level, const mm::Control& control);

// "0x38010".
[[nodiscard]] std::string hex_text(uint64_t v);

}  // namespace tools
