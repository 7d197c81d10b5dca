// SPDX-License-Identifier: LGPL-2.1-or-later
// The first touch of anonymous pages, each a page fault; lmbench's lat_pagefault does it with a file's pages.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = 4096;

// A fresh page is all zeros; what was written to it stays.
int main_page_fault(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const uint32_t pages = order.iterations + warm_up_iterations;
    auto* const area = static_cast<volatile uint32_t*>(map(pages * page_bytes));
    if (!mapped(const_cast<uint32_t*>(area))) return 1;
    const auto word_of = [=](uint32_t page) -> volatile uint32_t& { return area[page * (page_bytes / sizeof *area)]; };

    if (!measure(order.span, order.iterations, [=](uint32_t page) { return word_of(page) = page + 1, true; })) return 1;
    for (uint32_t page = 0; page < pages; ++page)
        if (word_of(page) != page + 1 || (&word_of(page))[1023] != 0) return 1;
    return unmap(const_cast<uint32_t*>(area), pages * page_bytes) == 0 ? 0 : 1;
}

}  // namespace

extern "C" int program_pagefault(uint32_t argument) { return main_page_fault(argument); }

}  // namespace guest
