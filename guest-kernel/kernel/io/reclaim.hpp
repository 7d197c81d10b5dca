// SPDX-License-Identifier: LGPL-2.1-or-later
// What gives memory back when a zone is short: the page caches that are in use, and then swap, if it is. Linux'
// shrink_caches.
#pragma once

#include "guest-kernel/kernel/io/page_cache.hpp"

namespace guest {

// From now until the end of its life the cache's clean pages go when an allocation would fall below the low watermark.
class Reclaimable final {
public:
    explicit Reclaimable(PageCache& cache);
    ~Reclaimable();
    Reclaimable(const Reclaimable&) = delete;
    Reclaimable& operator=(const Reclaimable&) = delete;

    PageCache& cache;
    Reclaimable* next = nullptr;
};

// Swap says so when it comes into use, and when it no longer is: whoever has nothing to give is not asked.
void update_reclaim();

}  // namespace guest
