// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts the walks of long mode.
#include "long_mode.hpp"

namespace tools {

void LongModeStatistics::add(const mm::trace::LongWalkRecord& walk, const mm::Translation& found, unsigned levels) {
    ++walks, faulted += walk.fault;
    for (unsigned n = 0; n < walk.reads && n < levels; ++n) ++reads[levels - 1 - n], written[levels - 1 - n] += walk.written >> n & 1;
    if (!walk.fault) ++fills[(found.shift - mm::page_shift) / mm::long_index_bits];
}

}  // namespace tools
