// SPDX-License-Identifier: LGPL-2.1-or-later
// Loads the ring-3 programs. User pages may be HIGHMEM, so each is filled through atomic kmaps.
#include "guest-kernel/kernel/program.hpp"

#include "guest-kernel/kernel/elf.hpp"
#include "guest-kernel/kernel/initramfs.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

constexpr int32_t error(Error e) { return static_cast<int32_t>(e); }

uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

ElfStatus read_headers(const File& file, ElfProgram& out) {
    if (file.bytes() == 0) return ElfStatus::not_elf;
    const mm::VirtAddr head = kmap_atomic().map(file.page(0), KmapType::user0);
    const ElfStatus status = read_elf(reinterpret_cast<const char*>(head.raw), least(file.bytes(), mm::page_size), file.bytes(),
                                      static_cast<uint32_t>(layout.user_start), program_stack_top() - user_stack_bytes, out);
    kmap_atomic().unmap(head, KmapType::user0);
    return status;
}

// Gives `at`, which lies `offset` into the file and in the same place of its page, a page with a copy of [at, at + bytes).
bool copy_page(AddressSpace& space, mm::VirtAddr at, const File& file, uint32_t offset, uint32_t bytes) {
    mm::Pfn frame;
    if (space.resolve(at, mm::AccessKind::read, false) != FaultStatus::resolved || !space.frame_of(at, frame)) return false;
    const mm::VirtAddr from = kmap_atomic().map(file.page(offset >> mm::page_shift), KmapType::copy_source);
    const mm::VirtAddr to = kmap_atomic().map(frame, KmapType::user0);
    const uint32_t in_page = mm::offset_in_page(at);
    __builtin_memcpy(reinterpret_cast<void*>(to.raw + in_page), reinterpret_cast<const void*>(from.raw + in_page), bytes);
    kmap_atomic().unmap(to, KmapType::user0);
    kmap_atomic().unmap(from, KmapType::copy_source);
    return true;
}

bool load_segment(AddressSpace& space, const File& file, const ElfSegment& s) {
    const auto start = static_cast<uint32_t>(mm::align_down(s.address, mm::page_size));
    const auto end = static_cast<uint32_t>(mm::align_up(s.address + s.memory_bytes, mm::page_size));
    const bool code = (s.flags & ElfSegment::executable) != 0, writable = (s.flags & ElfSegment::writable) != 0;
    const Region region{start, end, code ? RegionKind::text : RegionKind::data, writable, code};
    if (space.add_region_at(region) != RegionStatus::done) return false;
    const bool shared = !writable && s.memory_bytes == s.file_bytes;
    for (uint32_t done = 0; done < s.file_bytes;) {
        const mm::VirtAddr at{s.address + done};
        const uint32_t part = least(s.file_bytes - done, mm::page_size - mm::offset_in_page(at)), offset = s.offset + done;
        const bool there = shared ? space.map_shared(at, file.page(offset >> mm::page_shift))
                                  : copy_page(space, at, file, offset, part);
        if (!there) return false;
        done += part;
    }
    space.start_heap(end);
    return true;
}

}  // namespace

int32_t load_program(AddressSpace& space, const char* path, uint32_t& entry) {
    const File* const file = find_file(path);
    ElfProgram program;
    if (!file || read_headers(*file, program) != ElfStatus::good) return error(Error::no_program);
    for (unsigned i = 0; i < program.segment_count; ++i)
        if (!load_segment(space, *file, program.segments[i])) return error(Error::no_memory);
    const uint32_t top = program_stack_top();
    const Region stack{top - user_stack_bytes, top, RegionKind::stack, true, false};
    if (space.add_region_at(stack) != RegionStatus::done) return error(Error::no_memory);
    entry = program.entry;
    return 0;
}

uint32_t program_stack_top() { return static_cast<uint32_t>(layout.user_end); }

}  // namespace guest
