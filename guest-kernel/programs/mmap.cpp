// SPDX-License-Identifier: LGPL-2.1-or-later
// Mapping and unmapping, as lmbench's lat_mmap: a tenth of the pages is touched in between.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = 4096, area_bytes = 40 * page_bytes, stride = 10 * page_bytes;

bool map_touch_unmap(uint32_t i) {
    auto* const area = static_cast<volatile uint8_t*>(map(area_bytes));
    if (!mapped(const_cast<uint8_t*>(area))) return false;
    for (uint32_t at = 0; at < area_bytes; at += stride) {
        if (area[at] != 0) return false;  // a new page
        area[at] = static_cast<uint8_t>(i | 1);
    }
    return unmap(const_cast<uint8_t*>(area), area_bytes) == 0;
}

// A page above the area stays: as a library would, it keeps the page table that serves both.
bool keep_table() {
    auto* const area = static_cast<volatile uint8_t*>(map(area_bytes + page_bytes));
    if (!mapped(const_cast<uint8_t*>(area))) return false;
    area[area_bytes] = 1;
    return unmap(const_cast<uint8_t*>(area), area_bytes) == 0;
}

int main_mmap(uint32_t argument) {
    const Order order = Order::unpack(argument);
    return keep_table() && measure(order.span, order.iterations, map_touch_unmap) ? 0 : 1;
}

}  // namespace

extern "C" int program_mmap(uint32_t argument) { return main_mmap(argument); }

}  // namespace guest
