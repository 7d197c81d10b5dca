// SPDX-License-Identifier: LGPL-2.1-or-later
// Copies between the kernel and a process whose pages are all lowmem or all HIGHMEM.
#include "guest-kernel/workload/frame_block.hpp"
#include "guest-kernel/workload/workload.hpp"

namespace guest {
namespace {

// Whether the allocator served user pages from below HIGHMEM is what its count of fallbacks says.
bool run_and_count(const char* program, Span span, uint32_t iterations, uint32_t& fallbacks) {
    const uint32_t before = zones().fallbacks();
    const bool good = run_program(program, Order{span, iterations}.packed());
    fallbacks = zones().fallbacks() - before;
    return good;
}

}  // namespace

bool copy_user_pages(const char* program, Span span, Memory memory, uint32_t iterations) {
    const bool has_highmem = zones().present(ZoneType::highmem).raw != 0;
    uint32_t fallbacks = 0;
    if (memory == Memory::lowmem) {
        const HighmemHolder holder;
        return run_and_count(program, span, iterations, fallbacks) && fallbacks != 0;
    }
    if (!has_highmem) return skip(span, memory);
    return run_and_count(program, span, iterations, fallbacks) && fallbacks == 0;
}

}  // namespace guest
