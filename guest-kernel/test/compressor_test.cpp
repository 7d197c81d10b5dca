// SPDX-License-Identifier: LGPL-2.1-or-later
// In-guest tests of the compressor: what swap keeps in memory must come back as it was.
#include "guest-kernel/kernel/compressor.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/workload/page_pattern.hpp"

namespace guest {
namespace {

// Three pages of lowmem: what to compress, what became of it, what came back.
struct Pages {
    uint32_t* plain = allocate();
    uint32_t* packed = allocate();
    uint32_t* back = allocate();

    Pages() = default;
    ~Pages() { kmalloc().free(plain), kmalloc().free(packed), kmalloc().free(back); }
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    explicit operator bool() const { return plain && packed && back; }

private:
    static uint32_t* allocate() { return static_cast<uint32_t*>(kmalloc().allocate(mm::page_size)); }
};

[[gnu::section(".guest_tests"), gnu::used]] const Test round_trip{
    "compressed pages come back as they were", [](Check& check) {
        const Pages pages;
        if (!pages) return check.that(false, "there are three pages of lowmem");
        for (uint32_t seed = 0; seed < 16; ++seed) {
            fill_page(pages.plain, Pattern::text, seed);
            const uint32_t bytes = compress_page(pages.plain, pages.packed, mm::page_size);
            check.that(bytes > 0 && bytes < mm::page_size / 2, "text compresses to less than half a page");
            fill_page(pages.back, Pattern::noise, seed);
            check.that(decompress_page(pages.packed, bytes, pages.back), "what was compressed is decompressed");
            check.that(page_holds(pages.back, Pattern::text, seed), "the page is as it was");
        }
    }};

[[gnu::section(".guest_tests"), gnu::used]] const Test refusals{
    "the compressor refuses what does not fit and what is no page", [](Check& check) {
        const Pages pages;
        if (!pages) return check.that(false, "there are three pages of lowmem");
        fill_page(pages.plain, Pattern::noise, 1);
        check.equal(compress_page(pages.plain, pages.packed, mm::page_size), 0, "noise in the room of a page");

        fill_page(pages.plain, Pattern::zero, 0);
        const uint32_t bytes = compress_page(pages.plain, pages.packed, mm::page_size);
        check.that(bytes > 0 && bytes <= 32, "a zero page fits the smallest object");
        check.that(!decompress_page(pages.packed, bytes - 1, pages.back), "a page that was cut short is noticed");
        check.equal(compress_page(pages.plain, pages.packed, bytes - 1), 0, "one byte less room than it takes");
    }};

}  // namespace
}  // namespace guest
