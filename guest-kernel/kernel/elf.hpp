// SPDX-License-Identifier: LGPL-2.1-or-later
// A 32-bit ELF program as the loader needs it (System V gABI, chapters 4 and 5). Knows no hardware and trusts nothing in the
// file.
#pragma once

#include <stdint.h>

namespace guest {

struct ElfHeader {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, program_headers, section_headers, flags;
    uint16_t header_bytes, program_header_bytes, program_header_count;
    uint16_t section_header_bytes, section_header_count, section_names;
};
static_assert(sizeof(ElfHeader) == 52);

struct ElfSegment {
    uint32_t type, offset, address, physical, file_bytes, memory_bytes, flags, alignment;
    static constexpr uint32_t load = 1;
    static constexpr uint32_t executable = 1, writable = 2;  // in flags
};
static_assert(sizeof(ElfSegment) == 32);

// What is to be loaded: segments in ascending order, no two on one page, all within the user part and the file.
struct ElfProgram {
    static constexpr unsigned most_segments = 8;
    uint32_t entry = 0;
    unsigned segment_count = 0;
    ElfSegment segments[most_segments] = {};
};

enum class ElfStatus : uint8_t { good, not_elf, not_for_us, bad_headers, bad_segment, bad_entry };

// `head`: the first `head_bytes` of a file of `file_bytes`, which must hold all headers. The program may use linear
// addresses in [user_start, user_end).
[[nodiscard]] ElfStatus read_elf(const char* head, uint32_t head_bytes, uint32_t file_bytes, uint32_t user_start,
                                 uint32_t user_end, ElfProgram& out);

}  // namespace guest
