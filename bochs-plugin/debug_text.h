// SPDX-License-Identifier: LGPL-2.1-or-later
// How the debugger's commands put things: numbers, rights, entries, tables with aligned columns.
#pragma once

#include <string>
#include <vector>

#include "debug_command.h"
#include "inspect.h"

namespace plugin {

// What addresses are called. symbol_at: "memset+1f", or empty.
struct DebugNames {
    std::function<std::string(uint64_t)> symbol_at = [](uint64_t) { return std::string{}; };
    FindSymbol find = [](const std::string&) { return std::nullopt; };
};

std::string hex(uint64_t value, unsigned digits = 0);
std::string grouped(uint64_t value);                             // "1,234,567"
std::string plural(uint64_t count, const std::string& noun);     // "1 entry", "2 entries"
std::string bytes_text(uint64_t bytes);                          // "4 KiB"
std::string cause_words(mm::RefillCause);                        // "context switch"
const char* access_noun(mm::AccessKind);                         // "read"
std::string rights(mm::Permissions, bool no_execute);            // "user rw-", "kernel r-x global"

// "0xc0100000 memset+1f (lowmem)".
std::string place(const RunInfo&, const DebugNames&, uint64_t linear, bool user);
std::string frame_place(const RunInfo&, mm::Pfn);                // "frame 0x38000 (HighMem)"

// The flags that are set in an entry, as words; of a reserved bit its number.
std::string entry_words(const WalkStep&, mm::PagingMode);

// The first row is the heading. Columns whose heading ends in a blank are aligned to the right.
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace plugin
