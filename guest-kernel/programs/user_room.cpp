// SPDX-License-Identifier: LGPL-2.1-or-later
// How much a program can map, laid out as Linux laid programs out: text and heap from 0x08048000, libraries and mappings
// from a third of the user part up, the stack at its end. Nothing is touched, as Linux promises memory that it does not have.
#include "guest-kernel/runtime/measure_line.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = 4096, mebibyte = 1 << 20;
constexpr uint32_t libraries[] = {88 * 1024, 1264 * 1024, 140 * 1024};  // ld-linux, libc, libm of the time
constexpr uint32_t large_program = 1249 * mebibyte;

bool load_libraries() {
    for (uint32_t bytes : libraries) {
        auto* const library = static_cast<volatile uint8_t*>(map(bytes));
        if (!mapped(const_cast<uint8_t*>(library))) return false;
        *library = 1;
    }
    return true;
}

// Whether so many bytes can be mapped; they stay mapped if `keep`.
bool try_map(Span span, uint32_t bytes, bool keep = false) {
    span_begin(span);
    void* const at = map(bytes);
    span_end(span);
    if (!mapped(at)) return false;
    return keep || unmap(at, bytes) == 0;
}

// The largest multiple of `step` for which fits(bytes) holds; it must hold for all below it.
template <class Fits>
uint32_t largest(uint32_t step, Fits fits) {
    uint32_t low = 0, high = 0xFFFFF000 / step;
    while (low < high) {
        const uint32_t middle = low + (high - low + 1) / 2;
        if (fits(middle * step)) low = middle;
        else high = middle - 1;
    }
    return low * step;
}

uint32_t map_all(Span span) {
    uint32_t total = 0;
    for (;;) {
        const uint32_t bytes = largest(page_bytes, [=](uint32_t b) { return try_map(span, b); });
        if (bytes == 0 || !try_map(span, bytes, true)) return total;
        total += bytes;
    }
}

// How far the break can be moved; it comes back.
uint32_t heap_room() {
    const uint32_t start = brk(0);
    return largest(page_bytes, [=](uint32_t bytes) {
        if (bytes > 0xFFFFF000 - start || brk(start + bytes) != start + bytes) return false;
        return brk(start) == start;
    });
}

}  // namespace

extern "C" int program_user_room(uint32_t argument) {
    const Span span = Order::unpack(argument).span;
    if (!load_libraries()) return 1;
    const uint32_t start = brk(0), heap = heap_room();
    const uint32_t single = largest(page_bytes, [=](uint32_t b) { return try_map(span, b); });
    const bool fits = try_map(span, large_program) || heap >= large_program;
    const uint32_t mapped_in_all = map_all(span);
    print_measure("largest-mapping", single, "bytes");
    print_measure("mapped-total", mapped_in_all, "bytes");
    print_measure("heap-room", heap, "bytes");
    print_measure("room-total", mapped_in_all + heap, "bytes");
    print_measure("program-1249m", fits, "fits");
    return single != 0 && single <= mapped_in_all && brk(0) == start ? 0 : 2;
}

}  // namespace guest
