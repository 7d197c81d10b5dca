// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks every number of the headers before it is used.
#include "guest-kernel/kernel/elf.hpp"

#include "mm/addr.hpp"

namespace guest {
namespace {

constexpr uint8_t wanted_ident[] = {0x7F, 'E', 'L', 'F', 1, 1, 1};  // 32 bits, little endian, version 1
constexpr uint16_t executable_file = 2, intel_386 = 3;

bool fits(uint32_t start, uint32_t bytes, uint32_t limit) { return start <= limit && bytes <= limit - start; }

uint64_t first_page(const ElfSegment& s) { return mm::align_down(s.address, mm::page_size); }
uint64_t end_page(const ElfSegment& s) { return mm::align_up(uint64_t{s.address} + s.memory_bytes, mm::page_size); }

bool loadable(const ElfSegment& s, uint32_t file_bytes, uint32_t user_start, uint32_t user_end) {
    return s.file_bytes <= s.memory_bytes && fits(s.offset, s.file_bytes, file_bytes) &&
           s.offset % mm::page_size == s.address % mm::page_size && first_page(s) >= user_start && end_page(s) <= user_end;
}

bool holds_entry(const ElfProgram& p) {
    for (unsigned i = 0; i < p.segment_count; ++i) {
        const ElfSegment& s = p.segments[i];
        if ((s.flags & ElfSegment::executable) && p.entry >= s.address && p.entry - s.address < s.file_bytes) return true;
    }
    return false;
}

}  // namespace

ElfStatus read_elf(const char* head, uint32_t head_bytes, uint32_t file_bytes, uint32_t user_start, uint32_t user_end,
                   ElfProgram& out) {
    ElfHeader header;
    if (head_bytes < sizeof header) return ElfStatus::not_elf;
    __builtin_memcpy(&header, head, sizeof header);
    for (unsigned i = 0; i < sizeof wanted_ident; ++i)
        if (header.ident[i] != wanted_ident[i]) return i < 4 ? ElfStatus::not_elf : ElfStatus::not_for_us;
    if (header.type != executable_file || header.machine != intel_386) return ElfStatus::not_for_us;
    const uint32_t table_bytes = uint32_t{header.program_header_count} * static_cast<uint32_t>(sizeof(ElfSegment));
    if (header.program_header_bytes != sizeof(ElfSegment) || !fits(header.program_headers, table_bytes, head_bytes))
        return ElfStatus::bad_headers;

    out = {};
    out.entry = header.entry;
    uint64_t last_end = 0;
    for (unsigned i = 0; i < header.program_header_count; ++i) {
        ElfSegment s;
        __builtin_memcpy(&s, head + header.program_headers + i * sizeof s, sizeof s);
        if (s.type != ElfSegment::load || s.memory_bytes == 0) continue;
        if (out.segment_count == ElfProgram::most_segments) return ElfStatus::bad_headers;
        if (!loadable(s, file_bytes, user_start, user_end) || first_page(s) < last_end) return ElfStatus::bad_segment;
        last_end = end_page(s);
        out.segments[out.segment_count++] = s;
    }
    return holds_entry(out) ? ElfStatus::good : ElfStatus::bad_entry;
}

}  // namespace guest
