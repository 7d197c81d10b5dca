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

// What Linux 2.6 keeps in lowmem for a block of an ext3 inode table that it has read, and somebody has looked up all files
// of: a struct ext3_inode_info and a dentry for each of the 32 inodes, and the block's buffer heads (slab sizes of a 32-bit
// machine; blocks of 512 bytes).
constexpr uint32_t inodes_per_block = 32;
constexpr Descriptors inode_table_block[] = {{inodes_per_block, 512}, {inodes_per_block, 128}, {8, 56}, {0, 0}};

// One file for each 24 KiB of RAM.
uint32_t inode_table_blocks() {
    uint32_t ram = 0;
    for (ZoneType z : all_zones) ram += zones().present(z).raw;
    return ram / (6 * inodes_per_block);
}

// So many files need more blocks than the disk has: they share them.
uint32_t shared_block(uint32_t index) { return 1 + index % (disk_label.swap_start - 1); }

bool visit(PageCache& cache, uint32_t index) {
    const PageCache::Result found = cache.get(index);
    if (!found) return print("block ", index, ": ", name(found.status), "\n"), false;
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

// All files looked up once, as a search through the whole tree does; then some of the first ones again, whose blocks are
// cached still, or were given up to make room for the descriptors of later ones.
bool inode_load(Span span, uint32_t iterations) {
    if (no_disk(span)) return true;
    CachedFile table;
    table.device = disk_by_dma().blocks != 0 ? &disk_by_dma() : &disk_by_pio();
    table.pages = inode_table_blocks();
    table.block_of = shared_block;
    table.descriptors = inode_table_block;
    PageCache cache{table};
    const Reclaimable reclaimable{cache};

    const uint32_t bounced = bounce_counters().normal + bounce_counters().dma;
    const mm::Pages slabs = kmalloc().slab_pages();
    for (uint32_t index = 0; index < table.pages; ++index)
        if (!visit(cache, index)) return static_cast<void>(cache.drop()), false;
    const CacheCounters first = cache.counters();
    const mm::Pages described = kmalloc().slab_pages() - slabs;
    cache.set_read_ahead(1);
    const uint32_t visits = iterations + warm_up_iterations, step = table.pages / visits + 1;
    bool good = measure(span, iterations, [&](uint32_t i) { return visit(cache, i * step % table.pages); });
    const CacheCounters& all = cache.counters();
    print("measure: buffers-inodes ", table.pages * inodes_per_block, " inodes\n");
    print("measure: buffers-descriptors ", described.raw, " pages\n");
    print("measure: buffers-reclaimed ", first.reclaimed, " pages\n");
    print("measure: buffers-hits ", all.hits - first.hits, " pages\n");
    print("measure: buffers-reread ", all.pages_read - first.pages_read, " pages\n");
    print("measure: buffers-bounced ", bounce_counters().normal + bounce_counters().dma - bounced, " pages\n");
    for (uint32_t i = 0; i < visits; i += 16) good = good && holds_its_number(cache, i * step % table.pages);
    return cache.drop() && good;
}

}  // namespace guest
