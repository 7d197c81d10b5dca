// SPDX-License-Identifier: LGPL-2.1-or-later
// kmalloc on the booted machine: objects in lowmem, without a page-table write.
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

constexpr uint32_t sizes[] = {1, 32, 100, 500, 2048, 4096, 10000, 65536};

void objects_are_apart(Check& check) {
    uint8_t* objects[sizeof sizes / sizeof sizes[0]];
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        objects[i] = static_cast<uint8_t*>(kmalloc().allocate(sizes[i]));
        check.that(objects[i] != nullptr, "an object");
        check.that(kmalloc().usable_size(objects[i]) >= sizes[i], "large enough");
        __builtin_memset(objects[i], static_cast<int>(i + 1), sizes[i]);
    }
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        check.equal(objects[i][0], i + 1, "its first byte");
        check.equal(objects[i][sizes[i] - 1], i + 1, "its last byte");
        kmalloc().free(objects[i]);
    }
    check.that(kmalloc().check() && zones().check(), "all is sound");
}

void lowmem_by_the_direct_map(Check& check) {
    void* const object = kmalloc().allocate(3 * mm::page_size);
    const mm::PhysAddr at = physical(object);
    const mm::Translation t = kernel_tables().find(lowmem(at)).translation;
    check.that(mm::frame_of(at) < direct_map_end, "the object is in lowmem");
    check.equal(t.shift, direct_map_shift, "log2 of the page that maps it: the direct map's");
    kmalloc().free(object);
    void* const dma = kmalloc().allocate(64, gfp_dma);
    check.that(mm::frame_of(physical(dma)) < mm::dma_zone_end, "a DMA object is below 16 MiB");
    kmalloc().free(dma);
}

void freed_memory_is_used_again(Check& check) {
    void* const first = kmalloc().allocate(128);
    kmalloc().free(first);
    void* const second = kmalloc().allocate(128);
    check.that(first == second, "the object freed last is handed out first");
    kmalloc().free(second);
    const uint32_t before = zones().free_pages().raw;
    kmalloc().free(kmalloc().allocate(1 << 20));
    check.equal(zones().free_pages().raw, before, "free pages after a block of 1 MiB");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"kmalloc: objects do not overlap", objects_are_apart},
    {"kmalloc: lowmem through the direct map", lowmem_by_the_direct_map},
    {"kmalloc: freed memory is used again", freed_memory_is_used_again},
};

}  // namespace
}  // namespace guest
