// SPDX-License-Identifier: LGPL-2.1-or-later
// Load on the page cache: a program that copies through it, and a cache whose descriptors fill lowmem.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/io/disk_file.hpp"
#include "guest-kernel/kernel/io/reclaim.hpp"
#include "guest-kernel/workload/io_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/page_contents.hpp"
#include "guest-kernel/workload/workload.hpp"

namespace guest {
namespace {

// What Linux 2.6 keeps in lowmem for a small file besides its page: an inode, a dentry, and a buffer head for each of the
// page's eight 512-byte blocks (struct ext3_inode_info, dentry, buffer_head: slab sizes on a 32-bit machine).
constexpr uint16_t small_file[] = {512, 128, 56, 56, 56, 56, 56, 56, 56, 56, 0};

// A fourteenth of RAM holds such files, but no more than at 32 GiB: the largest machines take seconds, not minutes.
uint32_t small_files() {
    constexpr uint32_t most = 600'000;
    uint32_t ram = 0;
    for (ZoneType z : all_zones) ram += zones().present(z).raw;
    return ram / 14 < most ? ram / 14 : most;
}

// As many files as there are need more blocks than the disk has: they share them.
uint32_t shared_block(uint32_t index) { return 1 + index % (disk_label.swap_start - 1); }

bool visit(PageCache& cache, uint32_t index) {
    const PageCache::Result found = cache.get(index);
    if (!found) return print("file ", index, ": ", name(found.status), "\n"), false;
    cache.put(*found.page);
    return true;
}

bool holds_its_number(PageCache& cache, uint32_t index) {
    const PageCache::Result found = cache.get(index);
    const bool good = found && page_numbered(found.page->frame, shared_block(index));
    if (found) cache.put(*found.page);
    return good;
}

bool no_disk(Span span) {
    if (const char* missing = probe_data_disk().missing) return print("workload ", name(span), " skipped: ", missing, "\n"), true;
    return false;
}

// The blocks that disk-copy wrote to are numbered again.
bool renumber(PageCache& cache, uint32_t first, uint32_t count) {
    for (uint32_t index = first; index < first + count; ++index) {
        const PageCache::Result found = cache.get(index);
        if (!found) return false;
        number_page(found.page->frame, index);
        cache.mark_dirty(*found.page);
        cache.put(*found.page);
    }
    return cache.drop();
}

}  // namespace

bool disk_copy(Span span, uint32_t iterations) {
    if (no_disk(span)) return true;
    constexpr uint32_t target = 0x1F00000 / mm::page_size, target_pages = 32;
    const bool good = run_program("disk-copy", Order{span, iterations}.packed());
    const CacheCounters& c = disk_cache()->counters();
    print("measure: disk-copy-read ", c.pages_read, " pages\nmeasure: disk-copy-written ", c.pages_written, " pages\n");
    return renumber(*disk_cache(), target, target_pages) && good;
}

// All files once, as a search through a source tree would; then some of the first ones again, which are cached still, or
// were given up to make room for the descriptors of the later ones.
bool small_file_load(Span span, uint32_t iterations) {
    if (no_disk(span)) return true;
    CachedFile files;
    files.device = disk_by_dma().blocks != 0 ? &disk_by_dma() : &disk_by_pio();
    files.pages = small_files();
    files.block_of = shared_block;
    files.descriptor_bytes = small_file;
    PageCache cache{files};
    const Reclaimable reclaimable{cache};

    const uint32_t bounced = bounce_counters().normal + bounce_counters().dma;
    const mm::Pages slabs = kmalloc().slab_pages();
    for (uint32_t index = 0; index < files.pages; ++index)
        if (!visit(cache, index)) return static_cast<void>(cache.drop()), false;
    const CacheCounters first = cache.counters();
    const mm::Pages described = kmalloc().slab_pages() - slabs;
    cache.set_read_ahead(1);
    const uint32_t step = files.pages / (iterations + warm_up_iterations) + 1;
    const auto again = [&](uint32_t i) { return visit(cache, i * step % files.pages); };
    bool good = measure(span, iterations, again);
    const CacheCounters& all = cache.counters();
    print("measure: buffers-files ", files.pages, " pages\n");
    print("measure: buffers-descriptors ", described.raw, " pages\n");
    print("measure: buffers-reclaimed ", first.reclaimed, " pages\n");
    print("measure: buffers-hits ", all.hits - first.hits, " pages\n");
    print("measure: buffers-reread ", all.pages_read - first.pages_read, " pages\n");
    print("measure: buffers-bounced ", bounce_counters().normal + bounce_counters().dma - bounced, " pages\n");
    for (uint32_t i = 0; i < 64; ++i) good = good && holds_its_number(cache, i * step % files.pages);
    return cache.drop() && good;
}

}  // namespace guest
