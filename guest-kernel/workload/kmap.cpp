// SPDX-License-Identifier: LGPL-2.1-or-later
// Reaching a page that has no address: persistent kmap, its pool wrapping, and atomic kmap.
#include "guest-kernel/workload/frame_block.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/table_census.hpp"

namespace guest {
namespace {

constexpr unsigned pool_order = max_order - 1;  // two blocks: twice the pool's slots, so that a wrap is certain
constexpr unsigned few_order = 8;               // two blocks: 512 frames, enough for each iteration to have its own

volatile uint32_t& word_at(mm::VirtAddr at) { return *reinterpret_cast<volatile uint32_t*>(at.raw); }

bool write_and_read(mm::VirtAddr at, uint32_t value) {
    word_at(at) = value;
    return word_at(at) == value;
}

bool through_kmap(mm::Pfn frame) {
    const Maybe<mm::VirtAddr> at = kmap().map(frame);
    if (!at) return false;
    const bool good = write_and_read(*at, frame.raw);
    kmap().unmap(frame);
    return good;
}

bool through_kmap_atomic(mm::Pfn frame) {
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::test);
    const bool good = write_and_read(at, frame.raw);
    kmap_atomic().unmap(at, KmapType::test);
    return good;
}

// Every frame must hold its own number, whichever way it is looked at.
bool numbered(const FrameBlock& frames, uint32_t first, uint32_t count) {
    bool good = true;
    for (uint32_t i = first; i < first + count; ++i) {
        const mm::VirtAddr at = kmap_atomic().map(frames[i], KmapType::test);
        good = good && word_at(at) == frames[i].raw;
        kmap_atomic().unmap(at, KmapType::test);
    }
    return good;
}

// Maps frames until the pool has just wrapped: the next slots are free without a flush. Returns how many it took.
uint32_t wrap_pool(const FrameBlock& frames) {
    const uint32_t before = kmap().flushes();
    uint32_t used = 0;
    while (kmap().flushes() == before && through_kmap(frames[used])) ++used;
    return used;
}

// How many entries of the page tables one mapping needs.
void show_kmap(Span span, mm::Pfn frame) {
    const uint32_t before = present_entries();
    if (!kmap().map(frame)) return;
    print_new_entries(name(span), before);
    kmap().unmap(frame);
}

void show_kmap_atomic(Span span, mm::Pfn frame) {
    const uint32_t before = present_entries();
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::test);
    print_new_entries(name(span), before);
    kmap_atomic().unmap(at, KmapType::test);
}

}  // namespace

bool kmap_pages(Span span, Memory memory, uint32_t iterations) {
    const FrameBlock frames{memory, memory == Memory::highmem ? pool_order : few_order};
    if (!frames) return skip(span, memory);
    const uint32_t first = memory == Memory::highmem ? wrap_pool(frames) : 0;
    const uint32_t flushes = kmap().flushes();
    show_kmap(span, frames[first + warm_up_iterations + iterations]);
    return measure(span, iterations, [&](uint32_t i) { return through_kmap(frames[first + i]); }) &&
           kmap().flushes() == flushes && numbered(frames, first, iterations) && kmap().check();
}

bool kmap_wrapping(Span span, uint32_t iterations) {
    const FrameBlock frames{Memory::highmem, pool_order};
    if (!frames) return skip(span, Memory::highmem);
    const uint32_t flushes = kmap().flushes();
    return measure(span, iterations, [&](uint32_t i) { return through_kmap(frames[i]); }) &&
           kmap().flushes() - flushes >= iterations / max_kmap_slots && numbered(frames, 0, frames.size()) && kmap().check();
}

bool kmap_full_wraps(Span span, uint32_t iterations) {
    const FrameBlock frames{Memory::highmem, pool_order};
    if (!frames) return skip(span, Memory::highmem);
    constexpr uint32_t slots = (layout.pkmap_end - layout.pkmap_base) / mm::page_size;
    uint32_t next = wrap_pool(frames);
    const uint32_t flushes = kmap().flushes();
    return measure(span, iterations, [&](uint32_t) {
               for (uint32_t i = 0; i < slots; ++i)
                   if (!through_kmap(frames[next++])) return false;
               return true;
           }) &&
           kmap().flushes() - flushes == warm_up_iterations + iterations && numbered(frames, 0, frames.size()) && kmap().check();
}

bool kmap_atomic_pages(Span span, Memory memory, uint32_t iterations) {
    const FrameBlock frames{memory, few_order};
    if (!frames) return skip(span, memory);
    show_kmap_atomic(span, frames[0]);
    return measure(span, iterations, [&](uint32_t i) { return through_kmap_atomic(frames[i]); }) &&
           numbered(frames, 0, iterations);
}

}  // namespace guest
