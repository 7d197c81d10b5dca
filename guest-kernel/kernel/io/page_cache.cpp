// SPDX-License-Identifier: LGPL-2.1-or-later
// Fills, writes back and gives up cached pages.
#include "guest-kernel/kernel/io/page_cache.hpp"

#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/object_cache.hpp"

namespace guest {
namespace {

ObjectCache<CachedPage> buffer_heads{"buffer_head"};

}  // namespace

// Atomic: a request that reclaims would remove pages from the very tree that is being changed (Linux: radix_tree_preload).
void* PageCache::Lowmem::allocate(uint32_t bytes) const { return kmalloc().allocate(bytes, gfp_atomic); }
void PageCache::Lowmem::free(void* block) const { kmalloc().free(block); }

bool PageCache::add_descriptors(CachedPage& page) {
    for (const Descriptors* kind = file_.descriptors; kind && kind->count != 0; ++kind)
        for (uint32_t i = 0; i < kind->count; ++i) {
            auto* const block = static_cast<void**>(kmalloc().allocate(kind->bytes));
            if (!block) return false;
            *block = page.more;
            page.more = block;
        }
    return true;
}

// A page without contents, in no list; null, and nothing is held, if memory is short.
CachedPage* PageCache::make(uint32_t index) {
    void* const place = buffer_heads.allocate();
    if (!place) return nullptr;
    auto* const page = new (place) CachedPage;
    page->index = index;
    const Allocation frame = zones().allocate(gfp_highuser, 0);
    if (frame) page->frame = frame.first;
    if (frame && add_descriptors(*page) && tree_.insert(index, page)) {
        clean_.push(*page);
        return page;
    }
    while (page->more) {
        void* const block = page->more;
        page->more = *static_cast<void**>(block);
        kmalloc().free(block);
    }
    if (frame) zones().free(page->frame, 0);
    buffer_heads.free(page);
    return nullptr;
}

void PageCache::forget(CachedPage& page) {
    tree_.remove(page.index);
    clean_.remove(page);
    while (page.more) {
        void* const block = page.more;
        page.more = *static_cast<void**>(block);
        kmalloc().free(block);
    }
    zones().free(page.frame, 0);
    buffer_heads.free(&page);
}

void PageCache::start_io(BlockRequest& r, CachedPage& page) {
    r.frames[r.pages++] = page.frame;
    page.busy = true;
    ++page.pins;
}

void PageCache::end_io(CachedPage& page, bool good) {
    page.busy = false;
    if (good) page.up_to_date = true;
    wake_all(page.sleepers);
    put(page);
}

// Pages for the run of blocks from `index` that no page caches, as far as memory, file and request reach.
uint32_t PageCache::gather_absent(uint32_t index, CachedPage** run, BlockRequest& r) {
    r.block = file_.block_of(index);
    const uint32_t left = file_.pages - index, most = left < file_.read_ahead ? left : file_.read_ahead;
    for (uint32_t i = 0; i < most && !find(index + i) && file_.block_of(index + i) == r.block + i; ++i) {
        CachedPage* const page = make(index + i);
        if (!page) break;
        run[i] = page;
        start_io(r, *page);
    }
    return r.pages;
}

PageCache::Result PageCache::read(uint32_t index) {
    BlockRequest r;
    CachedPage* run[max_request_pages];
    const uint32_t count = gather_absent(index, run, r);
    if (count == 0) return {nullptr, IoStatus::no_memory};
    ++run[0]->pins;
    const IoStatus status = transfer(*file_.device, r);
    for (uint32_t i = 0; i < count; ++i) end_io(*run[i], status == IoStatus::done);
    if (status == IoStatus::done) counters_.pages_read += count;
    if (run[0]->up_to_date) return {run[0], IoStatus::done};
    put(*run[0]);
    return {nullptr, status};
}

PageCache::Result PageCache::get(uint32_t index) {
    if (index >= file_.pages) return {nullptr, IoStatus::bad_block};
    CachedPage* const page = find(index);
    if (!page) return ++counters_.misses, read(index);
    ++counters_.hits;
    ++page->pins;
    page->referenced = true;
    while (page->busy) sleep(page->sleepers);
    if (page->up_to_date) return {page, IoStatus::done};
    put(*page);
    return {nullptr, IoStatus::device_error};
}

// What could not be read goes with its last user.
void PageCache::put(CachedPage& page) {
    require(page.pins > 0, "page cache: put without get");
    if (--page.pins == 0 && !page.up_to_date) forget(page);
}

void PageCache::mark_dirty(CachedPage& page) {
    require(page.pins > 0, "page cache: changed without get");
    if (page.dirty) return;
    page.dirty = true;
    clean_.remove(page);
    dirty_.push(page);
}

// The oldest dirty page and those that follow it on the device, in one write.
IoStatus PageCache::write_run() {
    BlockRequest r;
    CachedPage* run[max_request_pages];
    r.direction = Direction::write;
    const uint32_t index = dirty_.oldest()->index;
    r.block = file_.block_of(index);
    for (uint32_t i = 0; i < max_request_pages && index + i < file_.pages && file_.block_of(index + i) == r.block + i; ++i) {
        CachedPage* const page = find(index + i);
        if (!page || !page->dirty || page->busy) break;
        run[i] = page;
        page->dirty = false;  // whoever changes it from now on makes it dirty again
        dirty_.remove(*page);
        clean_.push(*page);
        start_io(r, *page);
    }
    const IoStatus status = transfer(*file_.device, r);
    for (uint32_t i = 0; i < r.pages; ++i) {
        if (status != IoStatus::done) mark_dirty(*run[i]);
        end_io(*run[i], true);
    }
    if (status == IoStatus::done) counters_.pages_written += r.pages;
    return status;
}

IoStatus PageCache::sync() {
    while (CachedPage* const page = dirty_.oldest()) {
        if (page->busy) {  // somebody else's sync; then it was changed again
            ++page->pins;
            while (page->busy) sleep(page->sleepers);
            put(*page);
            continue;
        }
        const IoStatus status = write_run();
        if (status != IoStatus::done) return status;
    }
    return IoStatus::done;
}

// A second chance for what was used since it was looked at last.
uint32_t PageCache::reclaim(uint32_t wanted) {
    uint32_t freed = 0;
    for (uint32_t looks = 2 * clean_.size(); freed < wanted && looks > 0 && clean_.size() != 0; --looks) {
        CachedPage& page = *clean_.oldest();
        if (page.pins == 0 && !page.referenced) {
            forget(page);
            ++freed;
            continue;
        }
        page.referenced = false;
        clean_.remove(page);
        clean_.push(page);
    }
    counters_.reclaimed += freed;
    return freed;
}

bool PageCache::drop() {
    if (sync() != IoStatus::done) return false;
    static_cast<void>(reclaim(size()));
    return size() == 0;
}

}  // namespace guest
