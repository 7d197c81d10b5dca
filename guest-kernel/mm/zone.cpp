// SPDX-License-Identifier: LGPL-2.1-or-later
// When a zone may serve a request.
#include "guest-kernel/mm/zone.hpp"

namespace guest {

bool Zone::above(mm::Pages mark, unsigned order, ZoneType best) const {
    int64_t free = int64_t{buddy_.free_pages().raw} - block_pages(order).raw + 1;
    int64_t keep = mark.raw;
    if (free <= keep + reserve[index_of(best)].raw) return false;
    for (unsigned smaller = 0; smaller < order; ++smaller) {
        free -= int64_t{buddy_.free_blocks(smaller)} << smaller;
        keep /= 2;
        if (free <= keep) return false;
    }
    return true;
}

}  // namespace guest
