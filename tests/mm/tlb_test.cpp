// SPDX-License-Identifier: LGPL-2.1-or-later
// One TLB against a naive one: a list of pages per set, most recent first.
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <set>
#include <vector>

#include "../seed.hpp"
#include "mm/tlb.hpp"

namespace {

using namespace mm;

class NaiveTlb {
public:
    NaiveTlb(unsigned sets, unsigned ways) : lists_(sets), ways_{ways} {}
    bool hit(uint32_t page) {
        auto& l = lists_[page % lists_.size()];
        const auto it = std::find_if(l.begin(), l.end(), [&](const Line& x) { return x.page == page; });
        if (it == l.end()) return false;
        l.splice(l.begin(), l, it);
        return true;
    }
    void fill(uint32_t page, bool global) {
        auto& l = lists_[page % lists_.size()];
        l.remove_if([&](const Line& x) { return x.page == page; });
        if (l.size() == ways_) l.pop_back();
        l.push_front({page, global});
    }
    unsigned drop(uint32_t page) {
        auto& l = lists_[page % lists_.size()];
        const auto before = l.size();
        l.remove_if([&](const Line& x) { return x.page == page; });
        return static_cast<unsigned>(before - l.size());
    }
    unsigned drop_all(bool keep_global) {
        unsigned n = 0;
        for (auto& l : lists_) {
            const auto before = l.size();
            l.remove_if([&](const Line& x) { return !(keep_global && x.global); });
            n += static_cast<unsigned>(before - l.size());
        }
        return n;
    }

private:
    struct Line { uint32_t page; bool global; };
    std::vector<std::list<Line>> lists_;
    size_t ways_;
};

class TlbGeometries : public testing::TestWithParam<TlbGeometry> {};

TEST_P(TlbGeometries, AgreesWithTheNaiveOne) {
    const TlbGeometry g = GetParam();
    ASSERT_TRUE(consistent(g));
    std::vector<TlbEntry> storage(g.entries);
    Tlb tlb{g, page_shift, storage.data()};
    NaiveTlb naive{g.sets(), g.ways};
    std::mt19937_64 random{tests::seed()};
    uint64_t now = 0, hits = 0;
    for (int i = 0; i < 50000; ++i) {
        const uint32_t page = static_cast<uint32_t>(random() % (2 * g.entries + 3));
        const VirtAddr a{page << page_shift | static_cast<uint32_t>(random() % page_size)};
        switch (random() % 64) {
        case 0: ASSERT_EQ(tlb.drop_page(a, RefillCause::invlpg), naive.drop(page)); break;
        case 1: ASSERT_EQ(tlb.drop_all(RefillCause::context_switch, true), naive.drop_all(true)); break;
        case 2: {
            const bool keep_global = random() % 8 != 0;
            ASSERT_EQ(tlb.drop_all(RefillCause::control, keep_global), naive.drop_all(keep_global));
            break;
        }
        default: {
            TlbEntry* const e = tlb.find(a);
            ASSERT_EQ(e != nullptr, naive.hit(page)) << "at access " << i;
            if (e) e->used = ++now, ++hits;
            else {
                const bool global = page % 3 == 0;
                tlb.fill(a, Pfn{page + 1000}, {true, false, true, global}, ++now, [](const TlbEntry&) {});
                naive.fill(page, global);
            }
        }
        }
    }
    EXPECT_TRUE(tlb.check());
    EXPECT_GT(hits, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Tlb, TlbGeometries,
    testing::Values(TlbGeometry{32, 4}, TlbGeometry{2, 2}, TlbGeometry{64, 4}, TlbGeometry{8, 4}, TlbGeometry{16, 16}, TlbGeometry{8, 1}));

TEST(Tlb, ADroppedSlotIsRefilledBeforeAValidOneIsEvicted) {
    TlbEntry storage[2];
    Tlb tlb{{2, 2}, page_shift, storage};
    auto none = [](const TlbEntry&) {};
    tlb.fill(VirtAddr{0x1000}, Pfn{1}, {}, 1, none);
    tlb.fill(VirtAddr{0x2000}, Pfn{2}, {}, 2, none);
    tlb.drop_page(VirtAddr{0x2000}, RefillCause::invlpg);
    unsigned remembered = 0;
    tlb.fill(VirtAddr{0x3000}, Pfn{3}, {}, 3, [&](const TlbEntry& old) { remembered += old.page == 2 && old.cause == RefillCause::invlpg; });
    EXPECT_NE(tlb.find(VirtAddr{0x1000}), nullptr);
    EXPECT_EQ(remembered, 1u);
}

TEST(Tlb, AbsentTlbHoldsNothing) {
    Tlb tlb{{0, 1}, 22, nullptr};
    EXPECT_FALSE(tlb.exists());
    EXPECT_EQ(tlb.find(VirtAddr{0}), nullptr);
    EXPECT_EQ(tlb.drop_all(RefillCause::control, false), 0u);
    EXPECT_TRUE(tlb.check());
}

}  // namespace
