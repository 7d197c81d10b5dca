// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of a 32-bit ELF file that the program loader reads (System V gABI, chapters 4 and 5).
#pragma once

#include <stdint.h>

namespace guest {

struct ElfHeader {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, program_headers, section_headers, flags;
    uint16_t header_bytes, program_header_bytes, program_header_count;
};

struct ElfSegment {
    uint32_t type, offset, address, physical, file_bytes, memory_bytes, flags, alignment;
    static constexpr uint32_t load = 1;
    static constexpr uint32_t executable = 1, writable = 2;  // in flags
};
static_assert(sizeof(ElfSegment) == 32);

}  // namespace guest
