// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks the caches in turn.
#include "guest-kernel/kernel/io/reclaim.hpp"

#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

constexpr uint32_t cluster = 32;  // SWAP_CLUSTER_MAX: pages per call

Reclaimable* first = nullptr;

bool reclaim_cluster(Request) {
    uint32_t freed = 0;
    for (Reclaimable* r = first; r && freed < cluster; r = r->next) freed += r->cache.reclaim(cluster - freed);
    return freed != 0;
}

}  // namespace

Reclaimable::Reclaimable(PageCache& c) : cache{c}, next{first} {
    first = this;
    zones().set_reclaim(reclaim_cluster);
}

Reclaimable::~Reclaimable() {
    Reclaimable** link = &first;
    while (*link != this) link = &(*link)->next;
    *link = next;
    if (!first) zones().set_reclaim(nullptr);
}

}  // namespace guest
