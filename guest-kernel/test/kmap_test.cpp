// SPDX-License-Identifier: LGPL-2.1-or-later
// kmap on the booted machine: what is written through one mapping is seen through another.
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

constexpr const char* no_highmem = "no HIGHMEM with this split and memory size";

volatile uint32_t& word_at(mm::VirtAddr at) { return *reinterpret_cast<volatile uint32_t*>(at.raw); }

bool has_highmem(uint32_t pages) { return free_in(ZoneType::highmem) > 2 * pages; }

void two_ways_to_a_page(Check& check) {
    if (!has_highmem(1)) return check.skip(no_highmem);
    const Allocation page = zones().allocate(gfp_highuser, 0);
    check.that(page && page.first >= direct_map_end, "a HIGHMEM page");
    const Maybe<mm::VirtAddr> pool = kmap().map(page.first);
    check.that(static_cast<bool>(pool), "a slot in the pool");
    check.that((*pool).raw >= layout.pkmap_base && (*pool).raw < layout.pkmap_end, "the slot is in the pool's range");
    word_at(*pool) = 0x12345678;
    const mm::VirtAddr fixed = kmap_atomic().map(page.first, KmapType::test);
    check.that(fixed != *pool, "another address");
    check.equal(word_at(fixed), 0x12345678, "seen through the other mapping");
    word_at(fixed) = 0x9ABCDEF0;
    check.equal(word_at(*pool), 0x9ABCDEF0, "and back");
    kmap_atomic().unmap(fixed, KmapType::test);
    kmap().unmap(page.first);
    check.equal(kmap().users(page.first), 0, "users left");
    zones().free(page.first, 0);
}

// More pages than slots, each with a number of its own: after the wrap no old translation may show.
void the_pool_wraps(Check& check) {
    constexpr uint32_t pages = max_kmap_slots + 300;
    if (!has_highmem(pages)) return check.skip(no_highmem);
    const uint32_t flushes = kmap().flushes();
    HeldPages held;
    for (uint32_t n = 0; n < pages; ++n) {
        const Allocation page = zones().allocate(gfp_highuser, 0);
        held.hold(page.first);
        const Maybe<mm::VirtAddr> at = kmap().map(page.first);
        check.that(static_cast<bool>(at), "a slot");
        word_at(*at) = page.first.raw;
        kmap().unmap(page.first);
    }
    check.that(kmap().flushes() > flushes, "the pool wrapped");
    HeldPages again;
    while (!held.empty()) {
        const mm::Pfn page = held.take_back();
        again.hold(page);
        const Maybe<mm::VirtAddr> at = kmap().map(page);
        check.equal(word_at(*at), page.raw, "the page's own number");
        kmap().unmap(page);
    }
    check.that(kmap().check(), "the pool is sound");
}

// Every slot in use: the next map is an error that is counted, a nested one is not, and one slot given back is enough.
void a_full_pool_is_an_error(Check& check) {
    constexpr uint32_t slots = (layout.pkmap_end - layout.pkmap_base) / mm::page_size;
    if (!has_highmem(slots + 1)) return check.skip(no_highmem);
    const uint32_t refusals = kmap().refusals();
    HeldPages mapped, others;
    mm::Pfn first{};
    for (uint32_t n = 0; n < slots; ++n) {
        const Allocation page = zones().allocate(gfp_highuser, 0);
        if (n == 0) first = page.first;
        check.that(static_cast<bool>(kmap().map(page.first)), "a slot");
        mapped.hold(page.first);
    }
    const Allocation one_more = zones().allocate(gfp_highuser, 0);
    check.that(!kmap().map(one_more.first), "no slot is left");
    check.equal(kmap().refusals(), refusals + 1, "refusals");
    check.that(static_cast<bool>(kmap().map(first)), "a page that has a slot is mapped once more");
    check.equal(kmap().users(first), 2, "its users");
    kmap().unmap(first);
    kmap().unmap(first);
    check.that(static_cast<bool>(kmap().map(one_more.first)), "its slot serves the other page");
    kmap().unmap(one_more.first);
    check.that(static_cast<bool>(kmap().map(first)), "and the first page again");
    others.hold(one_more.first);
    while (!mapped.empty()) {
        const mm::Pfn page = mapped.take_back();
        kmap().unmap(page);
        others.hold(page);
    }
    check.that(kmap().check(), "the pool is sound");
}

void lowmem_needs_no_map(Check& check) {
    const Allocation page = zones().allocate(gfp_kernel, 0);
    check.that(*kmap().map(page.first) == lowmem(mm::address(page.first)), "kmap gives the direct map's address");
    kmap().unmap(page.first);
    const mm::VirtAddr at = kmap_atomic().map(page.first, KmapType::test);
    check.that(at == lowmem(mm::address(page.first)), "kmap_atomic too");
    kmap_atomic().unmap(at, KmapType::test);
    check.that(kernel_tables().find(at).translation.mapped(), "and its unmap leaves the direct map alone");
    zones().free(page.first, 0);
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"kmap: two mappings of one HIGHMEM page", two_ways_to_a_page},
    {"kmap: the pool wraps and nothing stale is seen", the_pool_wraps},
    {"kmap: a full pool is an error", a_full_pool_is_an_error},
    {"kmap: a lowmem page needs none", lowmem_needs_no_map},
};

}  // namespace
}  // namespace guest
