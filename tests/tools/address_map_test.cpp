// SPDX-License-Identifier: LGPL-2.1-or-later
// Zones by frame, regions by linear address and privilege.
#include "tools/address_map.hpp"

#include <gtest/gtest.h>

#include "../seed.hpp"

namespace tools {
namespace {

using mm::VirtAddr;

ZoneInfo zone(const char* name, uint32_t start, uint32_t end) {
    ZoneInfo z;
    z.name = name, z.start_pfn = start, z.end_pfn = end;
    return z;
}

RegionInfo region(const char* name, uint64_t start, uint64_t end) {
    RegionInfo r;
    r.name = name, r.start = start, r.end = end;
    return r;
}

TEST(ZoneMap, EndsAreExclusiveAndThePcHoleIsNoMemory) {
    const ZoneMap zones{{zone("DMA", 0, 4096), zone("NORMAL", 4096, 8192)}};
    EXPECT_EQ(zones.of(mm::Pfn{4095}), 0u);
    EXPECT_EQ(zones.of(mm::Pfn{4096}), 1u);
    EXPECT_EQ(zones.of(mm::Pfn{8192}), zones.other());
    EXPECT_EQ(zones.of(mm::Pfn{0xB8}), zones.other());
    EXPECT_EQ(zones.count(), 3u);
}

TEST(RegionMap, AKernelAccessToUserMemoryIsTheUsers) {
    const RegionMap regions{{region("user", 0x1000, 0xC0000000), region("lowmem", 0xC0000000, 0xF8000000)}};
    EXPECT_EQ(regions.of(VirtAddr{0x400000}, true), 0u);
    EXPECT_EQ(regions.of(VirtAddr{0x400000}, false), 0u);
    EXPECT_EQ(regions.of(VirtAddr{0xC0000000}, false), 1u);
    EXPECT_EQ(regions.of(VirtAddr{0xC0000000}, true), 1u);
    EXPECT_EQ(regions.of(VirtAddr{0}, true), regions.other());
    EXPECT_EQ(regions.of(VirtAddr{0xF8000000}, false), regions.other());
}

TEST(RegionMap, PrivilegeDecidesWhereTwoAddressSpacesOverlap) {
    const RegionMap regions{{region("user", 0x1000, 0xFF000000), region("lowmem", 0x02000000, 0x42000000)}};
    for (int twice = 0; twice < 2; ++twice) {  // the answer does not depend on the one before
        EXPECT_EQ(regions.of(VirtAddr{0x02400000}, true), 0u);
        EXPECT_EQ(regions.of(VirtAddr{0x02400000}, false), 1u);
    }
}

// Ranges that overlap, touch, are empty or cut a block of numbers; most of what is asked for lies at their ends.
TEST(RangeMap, AgreesWithASearchThroughTheRanges) {
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 300; ++round) {
        std::vector<IndexedRange> ranges;
        for (unsigned i = 0; i < random() % 6; ++i) {
            const uint64_t start = random() % 5000;
            ranges.push_back({start, start + random() % 3 * (random() % 1500), i});
        }
        const RangeMap<8, 16> map{ranges, 77};
        std::vector<uint64_t> asked{0, 4095, 4096, uint64_t{1} << 40};
        for (const IndexedRange& r : ranges)
            for (const uint64_t edge : {r.start, r.end}) asked.insert(asked.end(), {edge - (edge > 0), edge, edge + 1, edge + random() % 300});
        for (const uint64_t value : asked) {
            unsigned expected = 77;
            for (size_t i = ranges.size(); i-- > 0;)
                if (value >= ranges[i].start && value < ranges[i].end) expected = ranges[i].index;
            EXPECT_EQ(map.find(value), expected) << value;
        }
    }
}

}  // namespace
}  // namespace tools
