// SPDX-License-Identifier: LGPL-2.1-or-later
// The same copy of a page from lowmem and from HIGHMEM: what reaching the page costs beside using all of it.
#include "guest-kernel/kernel/direct_map.hpp"
#include "guest-kernel/workload/frame_block.hpp"
#include "guest-kernel/workload/measure.hpp"

namespace guest {
namespace {

constexpr unsigned block_order = 8;  // two blocks: 512 frames, enough for each iteration to have its own, and half the pool

volatile uint32_t& word_of(void* page, uint32_t index) { return static_cast<volatile uint32_t*>(page)[index]; }

template <class Use>
bool with_mapped(mm::Pfn frame, Reach reach, Use use) {
    if (reach == Reach::direct) return use(lowmem_pointer<char>(mm::address(frame)));
    if (reach == Reach::kmap_atomic) {
        const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::test);
        const bool good = use(reinterpret_cast<char*>(at.raw));
        kmap_atomic().unmap(at, KmapType::test);
        return good;
    }
    const Maybe<mm::VirtAddr> at = kmap().map(frame);
    if (!at) return false;
    const bool good = use(reinterpret_cast<char*>((*at).raw));
    kmap().unmap(frame);
    return good;
}

// The first and the last word of each frame hold its number.
void number(const FrameBlock& frames, Reach reach) {
    for (uint32_t i = 0; i < frames.size(); ++i)
        static_cast<void>(with_mapped(frames[i], reach, [&](char* page) {
            word_of(page, 0) = word_of(page, mm::page_size / 4 - 1) = frames[i].raw;
            return true;
        }));
}

bool holds_number(mm::Pfn copy, mm::Pfn original) {
    auto* const page = lowmem_pointer<char>(mm::address(copy));
    return word_of(page, 0) == original.raw && word_of(page, mm::page_size / 4 - 1) == original.raw;
}

}  // namespace

bool copy_kernel_pages(Span span, Reach reach, uint32_t iterations) {
    const Memory kind = reach == Reach::direct ? Memory::lowmem : Memory::highmem;
    const FrameBlock from{kind, block_order}, to{Memory::lowmem, block_order};
    if (!from) return skip(span, kind);
    if (!to) return skip(span, Memory::lowmem);
    number(from, kind == Memory::highmem ? Reach::kmap_atomic : Reach::direct);
    bool good = measure(span, iterations, [&](uint32_t i) {
        return with_mapped(from[i], reach, [&](char* page) {
            __builtin_memcpy(lowmem_pointer<char>(mm::address(to[i])), page, mm::page_size);
            return true;
        });
    });
    for (uint32_t i = 0; i < iterations; ++i) good = good && holds_number(to[i], from[i]);
    return good;
}

}  // namespace guest
