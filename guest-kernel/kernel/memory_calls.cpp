// SPDX-License-Identifier: LGPL-2.1-or-later
// Each checks what ring 3 gave, and turns the space's answer into an Error.
#include "guest-kernel/kernel/memory_calls.hpp"

#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"

namespace guest {
namespace {

constexpr int32_t error(Error e) { return static_cast<int32_t>(e); }

int32_t result(RegionStatus status, uint32_t good = 0) {
    switch (status) {
    case RegionStatus::done: return static_cast<int32_t>(good);
    case RegionStatus::no_memory:
    case RegionStatus::no_room:
    case RegionStatus::taken: return error(Error::no_memory);
    case RegionStatus::not_there:
    case RegionStatus::bad_range: break;
    }
    return error(Error::bad_argument);
}

}  // namespace

int32_t map_call(TrapFrame& f) {
    uint32_t start = 0;
    const uint64_t bytes = mm::align_up(f.ebx, mm::page_size);
    if (bytes == 0 || bytes > layout.user_end) return error(Error::bad_argument);
    const RegionStatus status = current().space->add_region(static_cast<uint32_t>(bytes), start);
    return result(status, start);
}

int32_t unmap_call(TrapFrame& f) { return result(current().space->remove_region(f.ebx, f.ecx)); }

int32_t brk_call(TrapFrame& f) {
    AddressSpace& space = *current().space;
    const RegionStatus status = f.ebx == 0 ? RegionStatus::done : space.move_break(f.ebx);
    return result(status, space.heap_end());
}

int32_t protect_call(TrapFrame& f) {
    if ((f.edx & ~(access::write | access::execute)) != 0) return error(Error::bad_argument);
    const bool write = (f.edx & access::write) != 0, execute = (f.edx & access::execute) != 0;
    return result(current().space->protect_region(f.ebx, f.ecx, write, execute));
}

}  // namespace guest
