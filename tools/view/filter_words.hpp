// SPDX-License-Identifier: LGPL-2.1-or-later
// A filter as a person types it into the viewer: `dump`'s options in words.
//
//   "zone=HIGHMEM event=model_walk,flush"      "--task sh --from 1000"
#pragma once

#include <string>

#include "tools/dump_filter.hpp"

namespace tools::view {

// Leading dashes may be left out, and '=' or a space is before the value. Throws InputError for a word that is no such option,
// or a value that cannot be one; whether the recording has the zone, the region, ... EventFilter checks.
[[nodiscard]] DumpFilter parse_filter_words(const std::string& words);

}  // namespace tools::view
