// SPDX-License-Identifier: LGPL-2.1-or-later
// When a zone may serve a request.
#include "guest-kernel/mm/zone.hpp"

namespace guest {

// Of the larger orders alone, half as many pages must stay free at each step.
bool Zone::has_larger_blocks(mm::Pages mark, unsigned order, int32_t free) const {
    auto keep = static_cast<int32_t>(mark.raw);
    for (unsigned smaller = 0; smaller < order; ++smaller) {
        free -= static_cast<int32_t>(buddy_.free_blocks(smaller) << smaller);
        keep /= 2;
        if (free < keep) return false;
    }
    return true;
}

}  // namespace guest
