// SPDX-License-Identifier: LGPL-2.1-or-later
// Loads the ring-3 programs. User pages may be HIGHMEM, so each is filled through an atomic kmap.
#include "guest-kernel/kernel/program.hpp"

#include "guest-kernel/kernel/elf.hpp"
#include "guest-kernel/kernel/memory.hpp"

extern "C" const char program_image[];

namespace guest {
namespace {

const ElfHeader& header() { return *reinterpret_cast<const ElfHeader*>(program_image); }
const ElfSegment* segments() { return reinterpret_cast<const ElfSegment*>(program_image + header().program_headers); }

// Fills [at, at + bytes) of one page.
bool fill_page(AddressSpace& space, mm::VirtAddr at, const char* from, uint32_t bytes) {
    mm::Pfn frame;
    if (!space.frame_of(at, frame)) {
        if (space.resolve(at, mm::AccessKind::read, false) != FaultStatus::resolved) return false;
        if (!space.frame_of(at, frame)) return false;
    }
    const mm::VirtAddr page = kmap_atomic().map(frame, KmapType::user0);
    __builtin_memcpy(reinterpret_cast<void*>(page.raw + mm::offset_in_page(at)), from, bytes);
    kmap_atomic().unmap(page, KmapType::user0);
    return true;
}

bool load_segment(AddressSpace& space, const ElfSegment& s) {
    const auto start = static_cast<uint32_t>(mm::align_down(s.address, mm::page_size));
    const auto end = static_cast<uint32_t>(mm::align_up(s.address + s.memory_bytes, mm::page_size));
    const bool code = (s.flags & ElfSegment::executable) != 0, writable = (s.flags & ElfSegment::writable) != 0;
    const Region region{start, end, code ? RegionKind::text : RegionKind::data, writable, code};
    if (space.add_region_at(region) != RegionStatus::done) return false;
    for (uint32_t done = 0; done < s.file_bytes;) {
        const uint32_t at = s.address + done, room = mm::page_size - at % mm::page_size;
        const uint32_t part = s.file_bytes - done < room ? s.file_bytes - done : room;
        if (!fill_page(space, mm::VirtAddr{at}, program_image + s.offset + done, part)) return false;
        done += part;
    }
    return true;
}

bool same(const char* a, const char* b) { return __builtin_strcmp(a, b) == 0; }

}  // namespace

const ProgramEntry* find_program(const char* name) {
    for (unsigned i = 0; i < header().program_header_count; ++i) {
        const ElfSegment& s = segments()[i];
        if (s.type != ElfSegment::load || s.address != program_base) continue;
        auto* entry = reinterpret_cast<const ProgramEntry*>(program_image + s.offset);
        for (; entry->name[0]; ++entry)
            if (same(entry->name, name)) return entry;
    }
    return nullptr;
}

bool load_programs(AddressSpace& space) {
    for (unsigned i = 0; i < header().program_header_count; ++i)
        if (segments()[i].type == ElfSegment::load && segments()[i].memory_bytes != 0 && !load_segment(space, segments()[i]))
            return false;
    uint32_t end = 0;
    for (unsigned i = 0; i < space.regions().size(); ++i) end = space.regions()[i].end;
    space.start_heap(end);
    const uint32_t top = program_stack_top();
    return space.add_region_at({top - user_stack_bytes, top, RegionKind::stack, true, false}) == RegionStatus::done;
}

uint32_t program_start() { return header().entry; }
uint32_t program_stack_top() { return static_cast<uint32_t>(layout.user_end); }

}  // namespace guest
