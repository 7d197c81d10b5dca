// SPDX-License-Identifier: LGPL-2.1-or-later
// Zones cut into rows: every frame is in the row that holds it.
#include <gtest/gtest.h>

#include <random>

#include "tests/seed.hpp"
#include "tools/memory_rows.hpp"

namespace {

using tools::MemoryRows;
using tools::ZoneInfo;

const std::vector<ZoneInfo> usual{{"DMA", 0, 4096, 4000, 0}, {"NORMAL", 4096, 229376, 225280, 0}, {"HIGHMEM", 229376, 262128, 32752, 0}};

void expect_rows_hold(const MemoryRows& rows, const std::vector<ZoneInfo>& zones, std::mt19937_64& random) {
    const tools::ZoneMap map{zones};
    for (int i = 0; i < 2000; ++i) {
        const mm::Pfn frame{static_cast<uint32_t>(random() % (random() % 2 ? 300'000 : uint64_t{1} << 32))};
        const size_t row = rows.of(frame);
        if (map.of(frame) == map.other()) {
            EXPECT_EQ(row, rows.other());
            continue;
        }
        ASSERT_LT(row, rows.other());
        EXPECT_GE(frame.raw, rows.rows()[row].start_pfn);
        EXPECT_LT(frame.raw, rows.rows()[row].end_pfn);
        EXPECT_EQ(rows.rows()[row].zone, map.of(frame));
    }
}

TEST(MemoryRows, AZoneOf16MiBIsSeenBesideOneOf3GiB) {
    const MemoryRows rows{usual};
    EXPECT_EQ(rows.of(mm::Pfn{0}), 0u);
    EXPECT_EQ(rows.rows()[0].end_pfn, 256u) << "DMA in pieces of 1 MiB";
    EXPECT_EQ(rows.rows()[16].start_pfn, 4096u);
    EXPECT_EQ(rows.rows()[16].end_pfn, 8192u) << "NORMAL in pieces of 32 MiB, the first of which is cut";
    EXPECT_LE(rows.count(), MemoryRows::most_rows + 1);
    EXPECT_EQ(rows.of(mm::Pfn{0xA0}), rows.other()) << "the hole of every PC";
    std::mt19937_64 random{tests::seed()};
    expect_rows_hold(rows, usual, random);
}

TEST(MemoryRows, AZoneOfAllFramesIsOnePieceWhereThereAreManyZones) {
    std::vector<ZoneInfo> zones(MemoryRows::most_rows / 2);
    zones[0] = {"all", 0, uint64_t{1} << 32, 0, 0};  // a piece of 2^33 frames
    const MemoryRows rows{zones};
    ASSERT_EQ(rows.rows().size(), 1u);
    for (const uint32_t frame : {0u, 1u, 0x12345u, 0x80000000u, 0xFFFFFFFFu}) EXPECT_EQ(rows.of(mm::Pfn{frame}), 0u) << frame;
}

TEST(MemoryRows, ZonesThatNobodyCheckedDoNoHarm) {
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 200; ++round) {
        std::vector<ZoneInfo> zones(random() % 120);
        for (ZoneInfo& z : zones) {
            z.start_pfn = random() >> random() % 64, z.end_pfn = random() >> random() % 64;
        }
        const MemoryRows rows{zones};
        EXPECT_LE(rows.count(), 2 * MemoryRows::most_rows);
        for (int i = 0; i < 100; ++i) EXPECT_LE(rows.of(mm::Pfn{static_cast<uint32_t>(random())}), rows.other());
    }
    expect_rows_hold(MemoryRows{{{"all", 0, uint64_t{1} << 32, 0, 0}}}, {{"all", 0, uint64_t{1} << 32, 0, 0}}, random);
    EXPECT_EQ(MemoryRows{{}}.count(), 1u);
}

}  // namespace
