// SPDX-License-Identifier: LGPL-2.1-or-later
// The two ways to user memory: through the process's own tables, or page by page through a kmap.
#include "guest-kernel/kernel/user_copy.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/process.hpp"

// arch/user_bytes.S: 0, or 1 after a fault that nobody could resolve.
extern "C" uint32_t copy_user_bytes(void* to, const void* from, uint32_t bytes);

namespace guest {
namespace {

constexpr auto user_start = static_cast<uint32_t>(layout.user_start), user_end = static_cast<uint32_t>(layout.user_end);

// The frame behind `at`, ready for this kind of access as after a page fault.
bool frame_for(AddressSpace& space, mm::VirtAddr at, mm::AccessKind kind, mm::Pfn& frame) {
    if (space.frame_of(at, frame, kind)) return true;
    const bool present = space.frame_of(at, frame);
    return space.resolve(at, kind, present) == FaultStatus::resolved && space.frame_of(at, frame, kind);
}

// Calls copy(kernel address of the user's bytes, offset, bytes) for each page that the range touches.
template <class Copy>
bool through_kmap(mm::VirtAddr at, uint32_t bytes, mm::AccessKind kind, Copy copy) {
    AddressSpace& space = *current().space;
    for (uint32_t done = 0; done < bytes;) {
        const mm::VirtAddr here = at + done;
        const uint32_t room = mm::page_size - mm::offset_in_page(here);
        const uint32_t part = bytes - done < room ? bytes - done : room;
        mm::Pfn frame;
        if (!frame_for(space, here, kind, frame)) return false;
        const mm::VirtAddr page = kmap_atomic().map(frame, KmapType::user0);
        copy(reinterpret_cast<char*>(page.raw + mm::offset_in_page(here)), done, part);
        kmap_atomic().unmap(page, KmapType::user0);
        done += part;
    }
    return true;
}

}  // namespace

bool user_range(mm::VirtAddr at, uint32_t bytes) {
    return at.raw >= user_start && at.raw <= user_end && bytes <= user_end - at.raw;
}

bool copy_to_user(mm::VirtAddr to, const void* from, uint32_t bytes) {
    if (!user_range(to, bytes)) return false;
    if constexpr (!layout.own_page_tables) return copy_user_bytes(reinterpret_cast<void*>(to.raw), from, bytes) == 0;
    return through_kmap(to, bytes, mm::AccessKind::write, [from](char* user, uint32_t offset, uint32_t part) {
        __builtin_memcpy(user, static_cast<const char*>(from) + offset, part);
    });
}

bool copy_from_user(void* to, mm::VirtAddr from, uint32_t bytes) {
    if (!user_range(from, bytes)) return false;
    if constexpr (!layout.own_page_tables) return copy_user_bytes(to, reinterpret_cast<void*>(from.raw), bytes) == 0;
    return through_kmap(from, bytes, mm::AccessKind::read, [to](char* user, uint32_t offset, uint32_t part) {
        __builtin_memcpy(static_cast<char*>(to) + offset, user, part);
    });
}

}  // namespace guest
