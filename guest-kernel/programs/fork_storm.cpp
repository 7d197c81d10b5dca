// SPDX-License-Identifier: LGPL-2.1-or-later
// Many processes at a time, each with page tables of its own: a child writes to a page in each of eight tables, says so, and
// stays until all are there.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t tables = 8, table_span = 4 << 20;  // at least one table each in either format

void write_pages(volatile uint32_t* area, uint32_t value) {
    for (uint32_t i = 0; i < tables; ++i) area[i * (table_span / 4)] = value;
}
bool holds(const volatile uint32_t* area, uint32_t value) {
    for (uint32_t i = 0; i < tables; ++i)
        if (area[i * (table_span / 4)] != value) return false;
    return true;
}

// A child's life; its parent's id was read before the fork.
int stay(volatile uint32_t* area, uint32_t value) {
    write_pages(area, value);
    post(null_call());
    take();
    return holds(area, value) ? 0 : 1;
}

// Ids are given in order: the first one and how many there are say them all.
int storm(Span span, uint32_t processes, volatile uint32_t* area) {
    int32_t first = 0;
    for (uint32_t i = 0; i < processes; ++i) {
        span_begin(span);
        const int32_t child = fork();
        if (child == 0) exit(stay(area, i + 2));
        if (child > 0) take();
        span_end(span);
        if (i == 0) first = child;
        if (child != first + static_cast<int32_t>(i) || child <= 0) return 1;
    }
    post(null_call());
    take();
    bool good = holds(area, 1);
    for (uint32_t i = 0; i < processes; ++i) {
        const int32_t child = first + static_cast<int32_t>(i);
        good = post(child) == 0 && wait(child) == 0 && good;
    }
    return good ? 0 : 2;
}

}  // namespace

extern "C" int program_fork_storm(uint32_t argument) {
    const Order order = Order::unpack(argument);
    void* const area = map(tables * table_span);
    if (!mapped(area)) return 3;
    write_pages(static_cast<uint32_t*>(area), 1);
    return storm(order.span, order.iterations, static_cast<uint32_t*>(area));
}

}  // namespace guest
