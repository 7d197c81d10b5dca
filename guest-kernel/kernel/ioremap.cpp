// SPDX-License-Identifier: LGPL-2.1-or-later
// ioremap by whole pages; the offset in the page is kept.
#include "guest-kernel/kernel/ioremap.hpp"

#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

constexpr uint64_t isa_start = 0xA0000, isa_end = 0x100000;

}  // namespace

Maybe<mm::VirtAddr> ioremap(mm::PhysAddr at, uint32_t bytes) {
    const uint64_t end = at.raw + bytes;
    if (bytes == 0 || end > layout.physical_limit) return {};
    if (at.raw >= isa_start && end <= isa_end) return lowmem(at);
    const mm::Pfn first = mm::frame_of(at);
    const mm::Pages pages = mm::pages_for(end - mm::address(first).raw);
    if (any_ram({first, first + pages})) return {};
    const Maybe<mm::VirtAddr> start = vmalloc().map_device(first, pages, __builtin_return_address(0));
    if (!start) return {};
    return *start + mm::offset_in_page(at);
}

void iounmap(mm::VirtAddr at) {
    if (at < vmalloc_start()) return;
    vmalloc().unmap_device(at - mm::offset_in_page(at));
}

}  // namespace guest
