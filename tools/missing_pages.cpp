// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the pages that were walked for most.
#include "missing_pages.hpp"

#include <algorithm>
#include <set>

namespace tools {
namespace {

// The largest first; of equals the lowest place.
using Ranked = std::pair<uint64_t, size_t>;
bool before(const Ranked& a, const Ranked& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; }

}  // namespace

std::vector<MissingPages::Page> MissingPages::top(size_t most) const {
    std::set<size_t> wanted;  // chunk * pages_of_chunk + page of the chunk
    for (size_t profile = 0; profile < profiles_; ++profile) {
        std::vector<Ranked> best;
        for (size_t c = 0; c < chunks_.size(); ++c)
            for (size_t i = 0; chunks_[c] && i < pages_of_chunk; ++i) {
                const uint64_t walks = chunks_[c][i * profiles_ + profile];
                if (!walks) continue;
                best.emplace_back(walks, c * pages_of_chunk + i);
                if (best.size() < 2 * most + 64) continue;
                std::sort(best.begin(), best.end(), before);
                best.resize(most);
            }
        std::sort(best.begin(), best.end(), before);
        if (best.size() > most) best.resize(most);
        for (const Ranked& r : best) wanted.insert(r.second);
    }
    std::vector<Page> pages;
    for (const size_t place : wanted) {
        const uint64_t* const walks = &chunks_[place / pages_of_chunk][place % pages_of_chunk * profiles_];
        const mm::Vpn page{static_cast<uint32_t>(place & ((1u << page_bits) - 1))};
        pages.push_back({static_cast<unsigned>(place >> page_bits), page, {walks, walks + profiles_}});
    }
    std::stable_sort(pages.begin(), pages.end(), [](const Page& a, const Page& b) { return a.walks[0] > b.walks[0]; });
    return pages;
}

}  // namespace tools
