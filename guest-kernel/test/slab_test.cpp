// SPDX-License-Identifier: LGPL-2.1-or-later
// A slab cache on the booted machine, whose slabs want more than one frame.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"

namespace guest {
namespace {

constexpr unsigned count = 200;
constexpr uint32_t odd_bytes = 1500;  // 2 in a frame, 21 in eight

// There is one for all tests: a cache is never taken away.
CacheId odd_cache() {
    static CacheId cache{};
    static bool made = false;
    if (!made) cache = *kmalloc().slabs().create("test-odd", odd_bytes), made = true;
    return cache;
}

void objects_are_apart(Check& check) {
    static uint8_t* objects[count];
    Slabs& slabs = kmalloc().slabs();
    const CacheId cache = odd_cache();
    const uint32_t before = zones().free_pages().raw;
    for (unsigned i = 0; i < count; ++i) {
        objects[i] = static_cast<uint8_t*>(slabs.allocate(cache));
        check.that(objects[i] != nullptr, "an object");
        __builtin_memset(objects[i], static_cast<int>(i), odd_bytes);
    }
    check.equal(slabs[cache.index].in_use, count, "objects in use");
    check.equal(slabs[cache.index].object_bytes, 1504, "bytes of an object");
    check.that(slabs.check(), "the slabs are sound");
    for (unsigned i = 0; i < count; ++i) {
        check.that(objects[i][0] == i && objects[i][odd_bytes - 1] == i, "its own bytes");
        kmalloc().free(objects[i]);
    }
    slabs.shrink(cache);
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

// The block that a slab should be is refused: the slab is of one frame, and serves as well.
void smaller_slabs(Check& check) {
    Slabs& slabs = kmalloc().slabs();
    const CacheId cache = odd_cache();
    const uint32_t before = zones().free_pages().raw, fallbacks = slabs[cache.index].fallbacks;
    zones().fail_allocation(1);
    void* const object = slabs.allocate(cache);
    check.that(zones().stop_failing(), "a request was refused");
    check.that(object != nullptr, "an object nevertheless");
    check.equal(slabs[cache.index].fallbacks, fallbacks + 1, "smaller slabs");
    check.equal(before - zones().free_pages().raw, 1, "frames taken");
    kmalloc().free(object);
    slabs.shrink(cache);
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"slab: objects of a cache do not overlap", objects_are_apart},
    {"slab: where no large block is free, a slab is smaller", smaller_slabs},
};

}  // namespace
}  // namespace guest
