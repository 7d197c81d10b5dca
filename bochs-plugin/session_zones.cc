// SPDX-License-Identifier: LGPL-2.1-or-later
// Whose zones a recording has: the guest's, or those that the user gave.
#include "session.h"
#include "zone_words.h"

namespace plugin {

// The user's zones are there until the guest has some of its own.
void Session::forget_published() {
    info_.regions.clear(), info_.spans.clear(), info_.zones.clear();
    info_.zones_given = !options_.zones.empty() && parse_zones(options_.zones, setup_.memory_mib, info_.zones).empty();
}

void Session::publish_zones(std::vector<RunInfo::Zone> zones) {
    if (info_.zones_given) info_.zones.clear();
    info_.zones_given = false;
    for (RunInfo::Zone& z : zones) info_.zones.push_back(std::move(z));
}

}  // namespace plugin
