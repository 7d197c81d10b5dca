// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks the caches in turn, and swap when they have nothing.
#include "guest-kernel/kernel/io/reclaim.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/swap_out.hpp"

namespace guest {
namespace {

constexpr uint32_t cluster = 32;  // SWAP_CLUSTER_MAX: pages per call

Reclaimable* first = nullptr;

bool reclaim_cluster(Request request) {
    uint32_t freed = 0;
    for (Reclaimable* r = first; r && freed < cluster; r = r->next) freed += r->cache.reclaim(cluster - freed);
    if (freed == 0) freed = reclaim_by_swap(request, cluster);
    return freed != 0;
}

}  // namespace

Reclaimable::Reclaimable(PageCache& c) : cache{c}, next{first} {
    first = this;
    update_reclaim();
}

Reclaimable::~Reclaimable() {
    Reclaimable** link = &first;
    while (*link != this) link = &(*link)->next;
    *link = next;
    update_reclaim();
}

void update_reclaim() {
    const bool any = first || swap_in_use(SwapKind::disk) || swap_in_use(SwapKind::compressed);
    zones().set_reclaim(any ? reclaim_cluster : nullptr);
}

}  // namespace guest
