// SPDX-License-Identifier: LGPL-2.1-or-later
// The page cache of one file: blocks of a device in pages, HIGHMEM first, found by a radix tree. Linux' mm/filemap.c.
//
//   get(index) --there--------------------------------> pinned page
//              --not there--> frames and descriptors --> one read of up to `read_ahead` blocks --> pinned page
//   a changed page is dirty until sync() has written it; reclaim() takes the oldest that are clean and not in use
//
// A page is reached by kmap: it may be HIGHMEM, and a copy to a program may sleep, so no atomic kmap.
#pragma once

#include "guest-kernel/kernel/io/block.hpp"
#include "guest-kernel/kernel/io/cached_page.hpp"
#include "guest-kernel/mm/radix_tree.hpp"

namespace guest {

// Objects of lowmem that come and go with a cached page.
struct Descriptors {
    uint16_t count, bytes;
};

// What a cache caches.
struct CachedFile {
    BlockDevice* device = nullptr;
    uint32_t pages = 0;
    uint32_t (*block_of)(uint32_t index) = nullptr;  // on the device
    uint32_t read_ahead = max_request_pages;         // blocks per read at most
    const Descriptors* descriptors = nullptr;        // what else describes each page, up to a count of 0
};

struct CacheCounters {
    uint32_t hits, misses, pages_read, pages_written, reclaimed;
};

class PageCache final {
public:
    constexpr PageCache() = default;
    explicit PageCache(const CachedFile& file) : file_{file} {}
    PageCache(const PageCache&) = delete;
    PageCache& operator=(const PageCache&) = delete;

    struct [[nodiscard]] Result {
        CachedPage* page = nullptr;
        IoStatus status = IoStatus::no_memory;
        explicit operator bool() const { return page != nullptr; }
    };

    // The page at this index, pinned until put(). Sleeps if it must be read.
    Result get(uint32_t index);
    void put(CachedPage& page);
    void mark_dirty(CachedPage& page);  // a pinned one

    // Writes what is dirty. On an error the rest stays dirty.
    IoStatus sync();

    // Frees up to `wanted` pages and their descriptors; how many. Never sleeps.
    uint32_t reclaim(uint32_t wanted);

    // Writes what is dirty and frees everything; false if that failed, or somebody still uses a page.
    [[nodiscard]] bool drop();

    void set_read_ahead(uint32_t blocks) { file_.read_ahead = blocks; }

    uint32_t size() const { return clean_.size() + dirty_.size(); }
    uint32_t dirty() const { return dirty_.size(); }
    uint32_t tree_nodes() const { return tree_.nodes(); }
    const CacheCounters& counters() const { return counters_; }

private:
    struct Lowmem {
        void* allocate(uint32_t bytes) const;
        void free(void* block) const;
    };

    CachedPage* find(uint32_t index) const { return static_cast<CachedPage*>(tree_.find(index)); }
    CachedPage* make(uint32_t index);
    void forget(CachedPage& page);
    bool add_descriptors(CachedPage& page);
    void start_io(BlockRequest& r, CachedPage& page);
    void end_io(CachedPage& page, bool good);
    Result read(uint32_t index);
    uint32_t gather_absent(uint32_t index, CachedPage** run, BlockRequest& r);
    IoStatus write_run();

    CachedFile file_{};
    RadixTree<Lowmem> tree_{Lowmem{}};
    CacheList clean_, dirty_;
    CacheCounters counters_{};
};

}  // namespace guest
