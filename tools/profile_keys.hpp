// SPDX-License-Identifier: LGPL-2.1-or-later
// The keys of a profile's TOML file as data: reading, checking, printing and sensitivity go through these tables.
#pragma once

#include "profile.hpp"

namespace tools {

// [walk] and [cost]: cycles, and what decides where a walk's reads are found.
struct FigureKey {
    const char* table;    // TOML table: "walk"
    const char* key;      // key inside it
    const char* unit;     // "cycles", "lines"
    const char* meaning;  // one line
    Figure Profile::*at;
};
inline constexpr FigureKey figure_keys[] = {
    {"walk", "base", "cycles", "a page walk, without its reads", &Profile::walk_base},
    {"walk", "second_level_hit", "cycles", "a first-level miss that the second level serves", &Profile::second_level_hit},
    {"walk", "l1", "cycles", "reading an entry from the first-level cache", &Profile::l1},
    {"walk", "l2", "cycles", "reading it from the second-level cache", &Profile::l2},
    {"walk", "memory", "cycles", "reading it from memory", &Profile::memory},
    {"walk", "line_bytes", "bytes", "cache line; reads are counted by it", &Profile::line_bytes},
    {"walk", "l1_lines", "lines", "of entries that stay in the first-level cache", &Profile::l1_lines},
    {"walk", "l2_lines", "lines", "of entries that stay in the second-level cache", &Profile::l2_lines},
    {"cost", "instruction", "cycles", "an average instruction", &Profile::instruction},
    {"cost", "mov_cr3", "cycles", "MOV to CR3, without the refills it causes", &Profile::mov_cr3},
    {"cost", "invlpg", "cycles", "INVLPG, without the refill it causes", &Profile::invlpg},
    {"cost", "pdpte_load", "cycles", "the four PDPTEs' load under PAE, reads included", &Profile::pdpte_load},
    {"cost", "interrupt", "cycles", "INT n or an external interrupt", &Profile::interrupt},
    {"cost", "exception", "cycles", "an exception", &Profile::exception},
    {"cost", "iret", "cycles", "IRET", &Profile::iret},
    {"cost", "sysenter", "cycles", "SYSENTER; 0: the CPU has none", &Profile::sysenter},
    {"cost", "sysexit", "cycles", "SYSEXIT; 0: the CPU has none", &Profile::sysexit},
    {"cost", "page_fault", "cycles", "a page fault, beyond any exception", &Profile::page_fault},
    {"cost", "clock_mhz", "MHz", "of the part with these figures; for people", &Profile::clock_mhz},
};

// [tlb.KEY]: a table that is left out is a TLB that the CPU has not got; one with 0 entries it is assumed not to have.
struct TlbKey {
    const char* key;
    const char* meaning;
    TlbFigures Profile::*at;
};
inline constexpr TlbKey tlb_keys[] = {
    {"instruction_4k", "instructions, 4 KiB pages", &Profile::instruction_4k},
    {"instruction_large", "instructions, large pages", &Profile::instruction_large},
    {"data_4k", "data, 4 KiB pages", &Profile::data_4k},
    {"data_large", "data, large pages", &Profile::data_large},
    {"second_instruction_4k", "second level, instructions, 4 KiB pages", &Profile::second_instruction_4k},
    {"second_instruction_large", "second level, instructions, large pages", &Profile::second_instruction_large},
    {"second_data_4k", "second level, data, 4 KiB pages", &Profile::second_data_4k},
    {"second_data_large", "second level, data, large pages", &Profile::second_data_large},
    {"pde_cache", "directory entries that name a table", &Profile::pde_cache},
};

// [tlb.shape]: KEY = { is = WORD, source = "..." }.
struct ShapeKey {
    const char* key;
    const char* words;    // allowed, with blanks between
    const char* meaning;
    Choice Profile::*at;
};
inline constexpr char replacement_words[] = "lru tree-plru random";
inline constexpr char truth_words[] = "true false";
inline constexpr ShapeKey shape_keys[] = {
    {"unified", truth_words, "one TLB serves instructions and data", &Profile::unified},
    {"large_instruction", "own shared fragmented", "instruction TLB for large pages", &Profile::large_instruction},
    {"large_data", "own shared fragmented", "data TLB for large pages", &Profile::large_data},
    {"loads_only", truth_words, "the first data level serves loads only", &Profile::loads_only},
    {"second_unified", truth_words, "one second level serves both sides", &Profile::second_unified},
    {"large_second_instruction", "own shared fragmented none", "second instruction level for large pages", &Profile::large_second_instruction},
    {"large_second_data", "own shared fragmented none", "second data level for large pages", &Profile::large_second_data},
    {"inclusion", "neither inclusive exclusive", "what the levels have in common", &Profile::inclusion},
    {"global_pages", truth_words, "global pages survive MOV CR3", &Profile::global_pages},
};

}  // namespace tools
