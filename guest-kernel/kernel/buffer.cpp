// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's side of a copy is always reached by an atomic kmap, which costs nothing for a lowmem page.
#include "guest-kernel/kernel/buffer.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/user_copy.hpp"

namespace guest {
namespace {

mm::Pfn frames[2];

template <class Copy>
int32_t with_buffer(Buffer b, uint32_t bytes, Copy copy) {
    if (b > Buffer::highmem || bytes > buffer_bytes) return static_cast<int32_t>(Error::bad_argument);
    const mm::VirtAddr at = kmap_atomic().map(frames[static_cast<unsigned>(b)], KmapType::user1);
    const bool copied = copy(reinterpret_cast<void*>(at.raw));
    kmap_atomic().unmap(at, KmapType::user1);
    return copied ? static_cast<int32_t>(bytes) : static_cast<int32_t>(Error::bad_address);
}

mm::Pfn one_frame(Request request) {
    const Allocation frame = zones().allocate(request, 0);
    require(static_cast<bool>(frame), "no memory for a transfer buffer");
    return frame.first;
}

}  // namespace

void start_buffers() {
    frames[static_cast<unsigned>(Buffer::lowmem)] = one_frame(gfp_kernel);
    frames[static_cast<unsigned>(Buffer::highmem)] = one_frame(gfp_highuser);
}

int32_t buffer_to_user(mm::VirtAddr to, uint32_t bytes, Buffer from) {
    return with_buffer(from, bytes, [=](void* buffer) { return copy_to_user(to, buffer, bytes); });
}

int32_t buffer_from_user(mm::VirtAddr from, uint32_t bytes, Buffer to) {
    return with_buffer(to, bytes, [=](void* buffer) { return copy_from_user(buffer, from, bytes); });
}

}  // namespace guest
