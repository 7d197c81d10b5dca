// SPDX-License-Identifier: LGPL-2.1-or-later
// How many pages a data TLB holds: lmbench's `tlb`, and Linus Torvalds' stride over 128 MiB of 2002.
//
// Where a chain through N pages gets slower than one through as many lines of few pages, N is more than the TLB holds.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/pointer_chain.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = PointerChain::page_bytes;

struct Shape {
    Span span;
    uint32_t length;
    bool spread = true;

    // Rounds of one span instance: what enters a small TLB with the span itself counts once. A long chain needs neither many
    // rounds nor much warm-up: after two rounds each TLB is in the state in which the next round leaves it.
    constexpr uint32_t rounds() const { return length <= 256 ? 8 : 1; }
    constexpr uint32_t warm_up() const { return length <= 256 ? warm_up_iterations : 4; }
};
constexpr Shape shapes[] = {
    {Span::tlb_4, 4},       {Span::tlb_8, 8},       {Span::tlb_12, 12},     {Span::tlb_16, 16},     {Span::tlb_20, 20},
    {Span::tlb_24, 24},     {Span::tlb_32, 32},     {Span::tlb_40, 40},     {Span::tlb_48, 48},     {Span::tlb_64, 64},
    {Span::tlb_80, 80},     {Span::tlb_96, 96},     {Span::tlb_128, 128},   {Span::tlb_192, 192},   {Span::tlb_256, 256},
    {Span::tlb_384, 384},   {Span::tlb_512, 512},   {Span::tlb_768, 768},   {Span::tlb_1024, 1024}, {Span::tlb_1536, 1536},
    {Span::tlb_2048, 2048}, {Span::tlb_3072, 3072}, {Span::tlb_4096, 4096}, {Span::tlb_dense_64, 64, false},
    {Span::tlb_dense_256, 256, false},
};

int main_tlb(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const Shape* shape = shapes;
    while (shape->span != order.span) ++shape;
    auto* const area = static_cast<char*>(map(shape->length * page_bytes));
    if (!mapped(area)) return 1;
    const Link first = PointerChain(area, shape->length, shape->spread).first();
    const uint32_t steps = shape->rounds() * shape->length;
    const auto operation = [=](uint32_t) { return follow(first, steps) == first; };
    return measure(order.span, order.iterations, operation, shape->warm_up()) ? 0 : 1;
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
