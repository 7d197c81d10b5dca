// SPDX-License-Identifier: LGPL-2.1-or-later
// A cached block's descriptor, and the lists that order them. The page itself may be anywhere; what describes it is lowmem,
// because the kernel must reach it at any time: that is what a large cache costs a small lowmem.
#pragma once

#include "guest-kernel/kernel/wait_queue.hpp"
#include "mm/addr.hpp"

namespace guest {

// Linux' buffer_head, with what Linux keeps in struct page for the cache.
struct CachedPage {
    uint32_t index = 0;
    mm::Pfn frame{};
    uint32_t pins = 0;           // users, and its I/O; reclaim leaves a pinned page alone
    bool up_to_date = false;
    bool dirty = false;
    bool busy = false;           // its I/O is under way
    bool referenced = false;     // used since reclaim last looked
    void* more = nullptr;        // further descriptors, each pointing to the next
    CachedPage* newer = nullptr;
    CachedPage* older = nullptr;
    WaitQueue sleepers{};        // until it is no longer busy
};

// Threaded through its pages, the newest first.
class CacheList final {
public:
    CachedPage* oldest() const { return oldest_; }
    uint32_t size() const { return size_; }

    void push(CachedPage& p) {
        p.newer = nullptr;
        p.older = newest_;
        if (newest_) newest_->newer = &p;
        else oldest_ = &p;
        newest_ = &p;
        ++size_;
    }
    void remove(CachedPage& p) {
        (p.newer ? p.newer->older : newest_) = p.older;
        (p.older ? p.older->newer : oldest_) = p.newer;
        --size_;
    }

private:
    CachedPage* newest_ = nullptr;
    CachedPage* oldest_ = nullptr;
    uint32_t size_ = 0;
};

}  // namespace guest
