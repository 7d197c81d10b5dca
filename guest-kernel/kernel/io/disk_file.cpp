// SPDX-License-Identifier: LGPL-2.1-or-later
// Copies page by page between the cache and the process. The cache's side is a kmap, since the copy may fault and sleep.
#include "guest-kernel/kernel/io/disk_file.hpp"

#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/io/reclaim.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/user_copy.hpp"

namespace guest {
namespace {

constexpr uint32_t most_dirty = 128;  // pages; then the writer writes back (Linux: balance_dirty_pages)

Late<PageCache> cache;
Late<Reclaimable> reclaimable;
uint32_t file_pages = 0;
bool started = false;

int32_t error(IoStatus s) {
    switch (s) {
    case IoStatus::no_memory: return static_cast<int32_t>(Error::no_memory);
    case IoStatus::no_device: return static_cast<int32_t>(Error::no_device);
    default: return static_cast<int32_t>(Error::io);
    }
}

BlockDevice& best_way() { return disk_by_dma().blocks != 0 ? disk_by_dma() : disk_by_pio(); }

// Calls copy(kernel's address, bytes done, bytes) for each page that the range touches.
template <class Copy>
int32_t each_page(uint32_t bytes, uint32_t offset, bool change, Copy copy) {
    if (!disk_cache()) return error(IoStatus::no_device);
    const uint32_t end = file_pages * mm::page_size;
    if (offset >= end) return 0;
    if (bytes > end - offset) bytes = end - offset;
    for (uint32_t done = 0, part; done < bytes; done += part) {
        const uint32_t at = offset + done, room = mm::page_size - at % mm::page_size;
        part = bytes - done < room ? bytes - done : room;
        const PageCache::Result found = cache->get(at / mm::page_size);
        if (!found) return error(found.status);
        const Maybe<mm::VirtAddr> page = kmap().map(found.page->frame);
        const bool copied = page && copy(reinterpret_cast<char*>((*page).raw) + at % mm::page_size, done, part);
        if (page) kmap().unmap(found.page->frame);
        if (change && page) cache->mark_dirty(*found.page);
        cache->put(*found.page);
        if (!page) return error(IoStatus::no_memory);
        if (!copied) return static_cast<int32_t>(Error::bad_address);
    }
    return static_cast<int32_t>(bytes);
}

}  // namespace

PageCache* disk_cache() {
    if (probe_data_disk().missing) return nullptr;
    if (!started) {
        started = true;
        file_pages = probe_data_disk().label.swap_start;
        CachedFile file;
        file.device = &best_way();
        file.pages = file_pages;
        file.block_of = [](uint32_t index) { return index; };
        reclaimable.make(cache.make(file));
    }
    return &*cache;
}

int32_t read_disk(mm::VirtAddr to, uint32_t bytes, uint32_t offset) {
    if (!user_range(to, bytes)) return static_cast<int32_t>(Error::bad_address);
    return each_page(bytes, offset, false, [=](char* page, uint32_t done, uint32_t part) {
        return copy_to_user(to + done, page, part);
    });
}

int32_t write_disk(mm::VirtAddr from, uint32_t bytes, uint32_t offset) {
    if (!user_range(from, bytes)) return static_cast<int32_t>(Error::bad_address);
    const int32_t result = each_page(bytes, offset, true, [=](char* page, uint32_t done, uint32_t part) {
        return copy_from_user(page, from + done, part);
    });
    if (result > 0 && cache->dirty() > most_dirty && cache->sync() != IoStatus::done) return static_cast<int32_t>(Error::io);
    return result;
}

int32_t sync_disk() {
    if (!disk_cache()) return error(IoStatus::no_device);
    const IoStatus status = cache->sync();
    return status == IoStatus::done ? 0 : error(status);
}

}  // namespace guest
