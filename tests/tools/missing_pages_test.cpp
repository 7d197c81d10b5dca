// SPDX-License-Identifier: LGPL-2.1-or-later
// The pages that miss most, against a count of all.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/seed.hpp"
#include "tools/missing_pages.hpp"

namespace {

TEST(MissingPages, TheTopOfEachProfile) {
    std::mt19937_64 random{tests::seed()};
    constexpr size_t most = 10, profiles = 2;
    tools::MissingPages pages{3, profiles};
    std::map<std::pair<unsigned, uint32_t>, std::vector<uint64_t>> exact;
    for (int i = 0; i < 50'000; ++i) {
        // Few pages are walked for often.
        const auto region = static_cast<unsigned>(random() % 3);
        const uint32_t page = static_cast<uint32_t>(random()) >> (12 + random() % 18);
        const size_t profile = random() % profiles;
        pages.add(region, mm::Vpn{page}, profile);
        auto& counts = exact[{region, page}];
        counts.resize(profiles);
        ++counts[profile];
    }
    const auto top = pages.top(most);
    for (size_t p = 0; p < profiles; ++p) {
        std::vector<uint64_t> all, found;
        for (const auto& [key, counts] : exact) all.push_back(counts[p]);
        for (const auto& page : top) found.push_back(page.walks[p]);
        std::sort(all.rbegin(), all.rend()), std::sort(found.rbegin(), found.rend());
        all.resize(most), found.resize(most);
        EXPECT_EQ(found, all) << "profile " << p;
    }
    for (const auto& page : top) EXPECT_EQ(page.walks, (exact[{page.region, page.page.raw}])) << page.page.raw;
    EXPECT_TRUE(std::is_sorted(top.begin(), top.end(), [](const auto& a, const auto& b) { return a.walks[0] > b.walks[0]; }));
    EXPECT_LE(top.size(), most * profiles);
}

TEST(MissingPages, NoneIsNone) { EXPECT_TRUE((tools::MissingPages{1, 1}.top(5).empty())); }

}  // namespace
