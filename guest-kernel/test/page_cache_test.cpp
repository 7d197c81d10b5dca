// SPDX-License-Identifier: LGPL-2.1-or-later
// The page cache: contents, write-back, reclaim under pressure, errors, and programs that read and write through it.
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/io/disk_file.hpp"
#include "guest-kernel/kernel/io/reclaim.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/test/run.hpp"
#include "guest-kernel/workload/page_contents.hpp"

namespace guest {
namespace {

constexpr uint32_t scratch = 3000;

CachedFile numbered_file(uint32_t read_ahead) {
    CachedFile file;
    file.device = &disk_by_pio();
    if (disk_by_dma().blocks != 0) file.device = &disk_by_dma();
    file.pages = probe_data_disk().label.swap_start;
    file.block_of = [](uint32_t index) { return index; };
    file.read_ahead = read_ahead;
    return file;
}

// Whether the cache gives this page with its number in it.
bool reads(PageCache& cache, uint32_t index) {
    const PageCache::Result found = cache.get(index);
    if (!found) return false;
    const bool good = page_numbered(found.page->frame, index);
    cache.put(*found.page);
    return good;
}

template <class Run>
void with_cache(Check& check, uint32_t read_ahead, Run run) {
    if (const char* missing = probe_data_disk().missing) return check.skip(missing);
    const uint32_t before = zones().free_pages().raw;
    {
        PageCache cache{numbered_file(read_ahead)};
        const Reclaimable reclaimable{cache};
        run(cache);
        check.that(cache.drop(), "nobody uses a page any more");
        check.equal(cache.tree_nodes(), 0, "nodes of the tree");
    }
    // The last empty slab of a size stays for the next request; one per size may be new.
    check.that(before - zones().free_pages().raw <= size_classes, "the memory is back");
    check.that(kmalloc().check() && zones().check(), "kmalloc and the zones are sound");
}

void hits_and_misses(Check& check) {
    with_cache(check, 8, [&](PageCache& cache) {
        for (uint32_t index = 0; index < 20; ++index) check.that(reads(cache, 500 + index), "the page is the disk's");
        check.equal(cache.counters().misses, 3, "reads of 8 blocks for 20");
        check.equal(cache.counters().pages_read, 24, "pages read");
        for (uint32_t index = 0; index < 20; ++index) check.that(reads(cache, 500 + index), "the page is still the disk's");
        check.equal(cache.counters().misses, 3, "no more reads the second time");
        check.that(reads(cache, 499) && cache.counters().pages_read == 25, "a read stops at what is there");
        check.that(!cache.get(probe_data_disk().label.swap_start), "there is nothing behind the file");
    });
}

void write_back(Check& check) {
    with_cache(check, 1, [&](PageCache& cache) {
        const uint32_t pages[] = {0, 1, 2, 5};
        for (uint32_t p : pages) {
            const PageCache::Result found = cache.get(scratch + p);
            if (!found) return check.that(false, "the page can be read");
            fill_page(found.page->frame, p);
            cache.mark_dirty(*found.page);
            cache.put(*found.page);
        }
        check.equal(cache.dirty(), 4, "dirty pages");
        static_cast<void>(cache.reclaim(100));
        check.equal(cache.size(), 4, "reclaim leaves them alone");
        const uint32_t requests = io_counters().requests;
        check.that(cache.drop(), "they are written and dropped");
        check.equal(io_counters().requests - requests, 2, "writes, neighbours together");
        for (uint32_t p : pages) {
            const PageCache::Result found = cache.get(scratch + p);
            if (!found) return check.that(false, "the page can be read again");
            check.that(page_filled(found.page->frame, p), "the disk has what was written");
            number_page(found.page->frame, scratch + p);
            cache.mark_dirty(*found.page);
            cache.put(*found.page);
        }
    });
}

// With nothing left, an allocation takes pages of the cache, which are read again when they are wanted again.
void reclaim_under_pressure(Check& check) {
    with_cache(check, 32, [&](PageCache& cache) {
        constexpr uint32_t first = 1000, end = first + 96;
        for (uint32_t index = first; index < end; ++index) check.that(reads(cache, index), "the page is the disk's");
        const PageCache::Result pinned = cache.get(first + 7);
        const uint32_t size = cache.size();
        {
            HeldPages rest;
            static_cast<void>(rest.drain(gfp_highuser));
            static_cast<void>(rest.drain(gfp_kernel));
            check.that(cache.size() < size && cache.counters().reclaimed != 0, "the cache shrank");
            check.that(pinned && page_numbered(pinned.page->frame, first + 7), "the page in use stayed");
        }
        if (pinned) cache.put(*pinned.page);
        const uint32_t read = cache.counters().pages_read;
        for (uint32_t index = first; index < end; ++index) check.that(reads(cache, index), "the page is the disk's again");
        check.that(cache.counters().pages_read > read, "it was read again");
    });
}

void no_memory(Check& check) {
    with_cache(check, 32, [&](PageCache& cache) {
        HeldPages rest;
        static_cast<void>(rest.drain(gfp_highuser));
        static_cast<void>(rest.drain(gfp_kernel));
        static_cast<void>(rest.drain(gfp_atomic));
        // A slab may have room for a descriptor or two, but there is no frame.
        const PageCache::Result found = cache.get(1);
        check.that(!found && found.status == IoStatus::no_memory, "no page without memory");
        check.equal(cache.size(), 0, "pages cached");
    });
}

void device_errors(Check& check) {
    if (const char* missing = probe_data_disk().missing) return check.skip(missing);
    BlockDevice liar = *numbered_file(1).device;
    CachedFile file = numbered_file(4);
    file.pages = liar.blocks + 8;
    liar.blocks += 8;
    file.device = &liar;
    PageCache cache{file};
    const PageCache::Result found = cache.get(file.pages - 4);
    check.that(!found && found.status == IoStatus::device_error, "the drive's error comes back");
    check.equal(cache.size(), 0, "pages of the failed read");
    check.that(reads(cache, 3), "other blocks can be read");
    check.that(cache.drop(), "nobody uses a page");
}

void programs(Check& check) {
    PageCache* const cache = disk_cache();
    if (!cache) return check.skip(probe_data_disk().missing);
    const uint32_t end = probe_data_disk().label.swap_start * static_cast<uint32_t>(mm::page_size);
    check.equal(as_word(run_to_end("test-read-disk", end)), 0, "failed check of the reader");
    check.equal(as_word(run_to_end("test-write-disk", 0x12345678)), 0, "failed check of the writer");
    check.that(cache->drop(), "nobody uses a page");
    check.that(!reads(*cache, 400) && !reads(*cache, 401), "the disk has what was written");
    check.equal(as_word(run_to_end("test-write-disk", 0)), 0, "failed check of the second writer");
    check.that(cache->drop(), "nobody uses a page");
    check.that(reads(*cache, 400) && reads(*cache, 401), "the blocks are as they were");
    check.that(cache->drop(), "nobody uses a page");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"page cache: hits, misses and read-ahead", hits_and_misses},
    {"page cache: dirty pages are written back", write_back},
    {"page cache: reclaimed when memory is short", reclaim_under_pressure},
    {"page cache: no memory for a page", no_memory},
    {"page cache: device errors", device_errors},
    {"page cache: programs read and write the disk", programs},
};

}  // namespace
}  // namespace guest
