// SPDX-License-Identifier: LGPL-2.1-or-later
// How many pages a data TLB holds: lmbench's `tlb`, and Linus Torvalds' stride over 128 MiB of 2002.
//
//   spread:  a chain of N pointers, one in each of N pages        dense:  as many cache lines, 64 in each page
//
// Both chains fill as much of the data cache. Where the spread one gets slower than the dense one, N is the TLB's size.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = 4096, line_bytes = 64, lines_in_page = page_bytes / line_bytes;
constexpr uint32_t longest_chain = 256;
constexpr uint32_t rounds = 8;  // of one span instance: what enters the TLB with the span itself counts once

struct Shape {
    Span span;
    uint32_t length;
    bool spread;
};
constexpr Shape shapes[] = {
    {Span::tlb_16, 16, true},        {Span::tlb_32, 32, true},        {Span::tlb_48, 48, true},
    {Span::tlb_64, 64, true},        {Span::tlb_80, 80, true},        {Span::tlb_128, 128, true},
    {Span::tlb_256, 256, true},      {Span::tlb_dense_64, 64, false}, {Span::tlb_dense_256, 256, false},
};

// A pointer at each link, to the next one.
using Link = void**;

class Chain final {
public:
    Chain(char* area, const Shape& shape) : area_{area}, spread_{shape.spread} {
        uint16_t order[longest_chain];
        for (uint32_t i = 0; i < shape.length; ++i) order[i] = static_cast<uint16_t>(i);
        for (uint32_t i = shape.length - 1; i > 0; --i) {  // Fisher and Yates' shuffle, the same on every run
            const uint32_t j = next_random() % (i + 1);
            const uint16_t kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        for (uint32_t i = 0; i < shape.length; ++i) *link(order[i]) = link(order[(i + 1) % shape.length]);
        first_ = link(order[0]);
    }
    Link first() const { return first_; }

private:
    // In the spread chain each page's pointer is in another line, so that they do not compete for the cache's sets.
    Link link(uint32_t i) const {
        const uint32_t offset = spread_ ? i * page_bytes + i % lines_in_page * line_bytes : i * line_bytes;
        return reinterpret_cast<Link>(area_ + offset);
    }
    uint32_t next_random() { return (random_ = random_ * 1664525 + 1013904223) >> 16; }  // Knuth's and Lewis' constants

    char* area_;
    bool spread_;
    Link first_;
    uint32_t random_ = 1;
};

Link follow(Link at, uint32_t steps) {
#pragma GCC unroll 16
    for (uint32_t i = 0; i < steps; ++i) at = static_cast<Link>(*at);
    return at;
}

int main_tlb(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const Shape* shape = shapes;
    while (shape->span != order.span) ++shape;
    auto* const area = static_cast<char*>(map(longest_chain * page_bytes));
    if (!mapped(area)) return 1;
    const Link first = Chain(area, *shape).first();
    const uint32_t steps = rounds * shape->length;
    return measure(order.span, order.iterations, [=](uint32_t) { return follow(first, steps) == first; }) ? 0 : 1;
}

// One byte of every page of 128 MiB, again and again: no TLB holds them. An instance is eight neighbours, whose entries
// share a cache line of 32 bytes.
int main_stride(uint32_t argument) {
    const Order order = Order::unpack(argument);
    constexpr uint32_t area_pages = 32768, pages = 8;
    auto* const area = static_cast<volatile uint8_t*>(map(area_pages * page_bytes));
    if (!mapped(const_cast<uint8_t*>(area))) return 1;
    for (uint32_t page = 0; page < area_pages; ++page) area[page * page_bytes] = 1;
    uint32_t sum = 0;
    const bool measured = measure(order.span, order.iterations, [&](uint32_t i) {
        auto* const here = area + i * pages % area_pages * page_bytes;
        for (uint32_t page = 0; page < pages; ++page) sum += here[page * page_bytes];
        return true;
    });
    return measured && sum == pages * (order.iterations + warm_up_iterations) ? 0 : 1;
}

}  // namespace

extern "C" int program_tlb(uint32_t argument) { return main_tlb(argument); }
extern "C" int program_stride(uint32_t argument) { return main_stride(argument); }

}  // namespace guest
