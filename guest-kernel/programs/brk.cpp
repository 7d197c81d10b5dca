// SPDX-License-Identifier: LGPL-2.1-or-later
// The heap grown by 160 KiB, every tenth page touched, and shrunk: what `mmap` does, by the break.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = 4096, area_bytes = 40 * page_bytes, stride = 10 * page_bytes;

bool grow_touch_shrink(uint32_t start, uint32_t i) {
    if (brk(start + area_bytes) != start + area_bytes) return false;
    auto* const area = reinterpret_cast<volatile uint8_t*>(start);
    for (uint32_t at = 0; at < area_bytes; at += stride) {
        if (area[at] != 0) return false;  // a new page
        area[at] = static_cast<uint8_t>(i | 1);
    }
    return brk(start) == start;
}

}  // namespace

extern "C" int program_brk(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const uint32_t start = brk(0);
    return measure(order.span, order.iterations, [=](uint32_t i) { return grow_touch_shrink(start, i); }) ? 0 : 1;
}

}  // namespace guest
