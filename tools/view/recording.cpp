// SPDX-License-Identifier: LGPL-2.1-or-later
// Cuts memory into bins.
#include "tools/view/recording.hpp"

#include <algorithm>

namespace tools::view {
namespace {

constexpr uint64_t most_frames = uint64_t{1} << 32;  // that an mm::Pfn can name: what run.json says may be anything

}  // namespace

Recording::Recording(RunInfo info, const Profile* p, unsigned n, bool has_references, uint64_t ticks)
    : run{std::move(info)}, has_profile{p != nullptr && n < 16}, profile{p ? *p : Profile{}}, prices{p ? prices_of(*p) : Prices{}}, number{n},
      zones{run.zones}, regions{run.regions}, references{has_references}, interval{ticks} {
    for (const ZoneInfo& z : run.zones) end_pfn = std::max(end_pfn, std::min(z.end_pfn, most_frames));
    while ((end_pfn >> bin_shift) > most_bins) ++bin_shift;
    bins = static_cast<size_t>((end_pfn + (uint64_t{1} << bin_shift) - 1) >> bin_shift);
    for (const SpanInfo& s : run.spans) span_names[static_cast<uint16_t>(s.id)] = s.name;
}

}  // namespace tools::view
