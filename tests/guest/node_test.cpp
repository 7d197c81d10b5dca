// SPDX-License-Identifier: LGPL-2.1-or-later
// Memory nodes: which zones they have, and in which order a request tries them.
#include "guest-kernel/mm/node_map.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

TEST(NodeMap, TakesRangesInOrderOnly) {
    NodeMap nodes;
    EXPECT_TRUE(nodes.add(range(0, 100)));
    EXPECT_FALSE(nodes.add(range(50, 200))) << "overlaps";
    EXPECT_FALSE(nodes.add(range(200, 200))) << "empty";
    EXPECT_TRUE(nodes.add(range(150, 200)));
    EXPECT_TRUE(nodes.add(range(200, 300)));
    EXPECT_TRUE(nodes.add(range(300, 400)));
    EXPECT_FALSE(nodes.add(range(400, 500))) << "too many";
    EXPECT_EQ(nodes.size(), 4u);
}

// The VGA hole and that at 15 MiB end no bank; more banks than nodes are put into the last.
TEST(NodeMap, Banks) {
    const NodeMap one = nodes_of_banks(ranges({range(0, 160), range(256, 3840), range(4096, 262144)}));
    ASSERT_EQ(one.size(), 1u);
    EXPECT_EQ(one[0].end, Pfn{262144});
    const NodeMap many = nodes_of_banks(
        ranges({range(1, 10000), range(20000, 30000), range(40000, 50000), range(60000, 70000), range(80000, 90000)}));
    ASSERT_EQ(many.size(), 4u);
    EXPECT_EQ(many[0].start, Pfn{0});
    EXPECT_EQ(many[3].start, Pfn{60000});
    EXPECT_EQ(many[3].end, Pfn{90000});
}

// 1 GiB at 3:1, cut at 512 MiB: Normal lies in both nodes, DMA in the first, HighMem in the second.
class TwoNodes : public testing::Test {
protected:
    static constexpr uint32_t end = 262144, border = 131072;

    TwoNodes() { zones.add(ranges({range(1024, end)})); }
    static NodeMap two() {
        NodeMap nodes;
        require(nodes.add(range(0, border)) && nodes.add(range(border, end)), "test: nodes");
        return nodes;
    }
    // The zones that serve a request, in the order in which they run out.
    std::vector<std::pair<unsigned, ZoneType>> order_of(Request request) {
        std::vector<std::pair<unsigned, ZoneType>> order;
        for (;;) {
            const Allocation got = zones.allocate(request, 0);
            if (!got) return order;
            const Zone& zone = zones.zone_of(got.first);
            const std::pair<unsigned, ZoneType> from{zone.node(), zone.type()};
            if (order.empty() || order.back() != from) order.push_back(from);
        }
    }
    void no_limits() {
        for (Zone* zone : zones.populated()) {
            zone->watermarks = {};
            for (Pages& reserve : zone->reserve) reserve = {};
        }
    }

    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), ranges({range(0, end)}), map.table(), two()};
    using Order = std::vector<std::pair<unsigned, ZoneType>>;
};

TEST_F(TwoNodes, Zones) {
    EXPECT_EQ(zones.nodes(), 2u);
    EXPECT_EQ(zones.zone(ZoneType::normal, 0).end(), Pfn{border});
    EXPECT_EQ(zones.zone(ZoneType::normal, 1).start(), Pfn{border});
    EXPECT_EQ(zones.zone(ZoneType::normal, 1).end(), Pfn{229376});
    EXPECT_EQ(zones.zone(ZoneType::highmem, 0).spanned(), Pages{0});
    EXPECT_EQ(zones.zone(ZoneType::dma, 1).spanned(), Pages{0});
    EXPECT_EQ(zones.present(ZoneType::normal), Pages{229376 - 4096});
    EXPECT_EQ(zones.free_pages(), Pages{end - 1024});
    unsigned populated = 0;
    for (const Zone* zone : zones.populated()) populated += zone->spanned().raw != 0;
    EXPECT_EQ(populated, 4u) << "empty ones are left out";
    EXPECT_EQ(zones.zone_of(Pfn{border}).node(), 1u);
    EXPECT_EQ(zones.zone_of(Pfn{border - 1}).node(), 0u);
    EXPECT_TRUE(zones.check());
}

// Zone order: all nodes' Normal before any DMA.
TEST_F(TwoNodes, ZoneOrderFromNode0) {
    no_limits();
    const Order expected{{1, ZoneType::highmem}, {0, ZoneType::normal}, {1, ZoneType::normal}, {0, ZoneType::dma}};
    EXPECT_EQ(order_of(gfp_highuser), expected);
    EXPECT_EQ(zones.free_pages(), Pages{0});
}

TEST_F(TwoNodes, ZoneOrderFromNode1) {
    no_limits();
    EXPECT_EQ(order_of(gfp_kernel.on(1)), (Order{{1, ZoneType::normal}, {0, ZoneType::normal}, {0, ZoneType::dma}}));
    EXPECT_EQ(zones.free_pages(), zones.free_pages(ZoneType::highmem));
    EXPECT_EQ(order_of(gfp_dma.on(1)), Order{}) << "there is no DMA memory left";
}

// At each zone's low mark the next one is asked; when all are there, each goes down to min.
TEST_F(TwoNodes, WatermarksSendToTheOtherNode) {
    const Order once{{0, ZoneType::normal}, {1, ZoneType::normal}, {0, ZoneType::dma}};
    Order expected = once;
    expected.insert(expected.end(), once.begin(), once.end());
    EXPECT_EQ(order_of(gfp_kernel), expected);
    EXPECT_EQ(zones.zone(ZoneType::normal, 1).buddy().free_pages(), zones.zone(ZoneType::normal, 1).watermarks.min);
}

TEST_F(TwoNodes, ANodeThatIsNoneIsABug) {
    EXPECT_THROW(static_cast<void>(zones.allocate(gfp_kernel.on(2), 0)), std::logic_error);
}

// Frames that are in no node are not given to any zone.
TEST(Nodes, WhatIsInNoNodeIsNotUsed) {
    NodeMap nodes;
    ASSERT_TRUE(nodes.add(range(0, 8192)) && nodes.add(range(16384, 32768)));
    PageMap map{32768};
    Zonelist zones{classic(mm::Split::u3k1), ranges({range(0, 32768)}), map.table(), nodes};
    zones.add(ranges({range(512, 32768)}));
    EXPECT_EQ(zones.free_pages(), Pages{8192 - 512 + 16384});
    EXPECT_THROW(static_cast<void>(zones.zone_of(Pfn{10000})), std::logic_error);
    EXPECT_TRUE(zones.check());
}

}  // namespace
}  // namespace guest_test
