// SPDX-License-Identifier: LGPL-2.1-or-later
// One byte of each of 60 pages, over and over: Ingo Molnar's data-TLB test of 2004. By itself it never enters the kernel;
// his question was what the timer's interrupts cost it.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t pages = 60, page_bytes = 4096;

// A P6 data TLB has 16 sets of 4: the pages leave one entry free in four neighbouring sets. Two pages further on these
// are the sets of the stack and of the task state, whose port bitmap each span's `out` reads.
constexpr uint32_t skipped_pages = 2;

int main_touch(uint32_t argument) {
    const Order order = Order::unpack(argument);
    auto* const start = static_cast<volatile uint8_t*>(map((skipped_pages + pages) * page_bytes));
    if (!mapped(const_cast<uint8_t*>(start))) return 1;
    auto* const area = start + skipped_pages * page_bytes;
    uint32_t expected = 0, sum = 0;
    for (uint32_t page = 0; page < pages; ++page) {
        area[page * page_bytes] = static_cast<uint8_t>(page + 1);
        expected += page + 1;
    }
    if (order.span == Span::touch_60_1000hz) timer(1000);
    const bool measured = measure(order.span, order.iterations, [&](uint32_t) {
        for (uint32_t page = 0; page < pages; ++page) sum += area[page * page_bytes];
        return true;
    });
    timer(0);
    return measured && sum == expected * (order.iterations + warm_up_iterations) ? 0 : 1;
}

}  // namespace

extern "C" int program_touch_60(uint32_t argument) { return main_touch(argument); }

}  // namespace guest
