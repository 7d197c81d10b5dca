// SPDX-License-Identifier: LGPL-2.1-or-later
// Stack distances against TLBs of each size, simulated one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "seed.hpp"
#include "tools/stack_distance.hpp"

namespace {

using tools::StackDistances;

// A fully associative TLB as one would write it down: the most recent first; invalid entries are just not there.
class NaiveTlb {
public:
    explicit NaiveTlb(size_t entries) : entries_{entries} {}
    void use(uint32_t page, bool global) {
        const auto at = std::find_if(valid_.begin(), valid_.end(), [&](const auto& e) { return e.first == page; });
        if (at != valid_.end()) valid_.erase(at);
        else if (++misses; valid_.size() == entries_) valid_.pop_back();
        valid_.insert(valid_.begin(), {page, global});
    }
    void drop(uint32_t page) {
        valid_.erase(std::remove_if(valid_.begin(), valid_.end(), [&](const auto& e) { return e.first == page; }), valid_.end());
    }
    void drop_all(bool keep_global) {
        valid_.erase(std::remove_if(valid_.begin(), valid_.end(), [&](const auto& e) { return !(keep_global && e.second); }), valid_.end());
    }
    uint64_t misses = 0;

private:
    size_t entries_;
    std::vector<std::pair<uint32_t, bool>> valid_;
};

TEST(StackDistances, ADepthIsTheNumberOfOtherPagesSince) {
    StackDistances d{100};
    for (const uint32_t page : {1u, 2u, 3u, 1u}) d.use(page, false, 0);
    EXPECT_EQ(d.uses(), 4u);
    EXPECT_EQ(d.misses(1), 4u);
    EXPECT_EQ(d.misses(2), 4u);
    EXPECT_EQ(d.misses(3), 3u) << "three entries hold 1 until it is used again";
    d.use(1, false, 10);
    EXPECT_EQ(d.uses(), 15u);
    EXPECT_EQ(d.misses(1), 4u);
}

TEST(StackDistances, AnEmptyPlaceIsFilledBeforeAnythingIsPushedOut) {
    StackDistances d{100};
    for (const uint32_t page : {1u, 2u}) d.use(page, false, 0);
    d.drop(2);
    d.use(3, false, 0);
    d.use(1, false, 0);
    EXPECT_EQ(d.misses(2), 3u) << "3 took the place of 2";
    EXPECT_EQ(d.misses(1), 4u);
}

TEST(StackDistances, AreThoseOfEachTlbOnItsOwn) {
    const uint64_t seed = tests::seed();
    std::mt19937_64 random{seed};
    for (unsigned round = 0; round < 60; ++round) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
        const auto pages = static_cast<unsigned>(2 + random() % (round % 3 == 0 ? 12 : 150)), locality = static_cast<unsigned>(1 + random() % 20);
        StackDistances all{pages};
        std::vector<unsigned> sizes;
        std::vector<NaiveTlb> tlbs;
        for (unsigned n = 1; n <= 170; n += n < 24 ? 1 : 13) sizes.push_back(n), tlbs.emplace_back(n);
        std::vector<bool> global(pages);
        for (unsigned p = 0; p < pages; ++p) global[p] = random() % 4 == 0;
        uint32_t last = 0;
        for (unsigned step = 0; step < 3000; ++step) {
            const uint64_t what = random() % 1000;
            if (what < 3) {
                const bool keep = random() % 2;
                all.drop_all(keep);
                for (NaiveTlb& t : tlbs) t.drop_all(keep);
            } else if (what < 20) {
                const auto page = static_cast<uint32_t>(random() % pages);
                all.drop(page);
                for (NaiveTlb& t : tlbs) t.drop(page);
            } else {
                last = random() % locality ? static_cast<uint32_t>((last + random() % 5) % pages) : static_cast<uint32_t>(random() % pages);
                all.use(last, global[last], 0);
                for (NaiveTlb& t : tlbs) t.use(last, global[last]);
            }
        }
        for (size_t i = 0; i < tlbs.size(); ++i) ASSERT_EQ(all.misses(sizes[i]), tlbs[i].misses) << sizes[i] << " entries, " << pages << " pages";
    }
}

TEST(StackDistances, LastLongerThanItsTimeStamps) {
    StackDistances d{500};
    NaiveTlb tlb{64};
    std::mt19937_64 random{1};
    for (unsigned step = 0; step < 300'000; ++step) {
        const auto page = static_cast<uint32_t>(random() % 100 ? random() % 60 + step / 4000 : random() % 500);
        d.use(page, false, 0), tlb.use(page, false);
        if (step % 7777 == 0) d.drop(page / 2), tlb.drop(page / 2);
    }
    EXPECT_EQ(d.misses(64), tlb.misses);
}

}  // namespace
