// SPDX-License-Identifier: LGPL-2.1-or-later
// Watermarks and reserves against Linux' own tables: the rules of 2.6.12 to 2.6.22, as guest-kernel/mm/watermark.hpp says.
#include "guest-kernel/mm/watermark.hpp"

#include <gtest/gtest.h>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

// min_free_kbytes as the comment in mm/page_alloc.c tabulates it.
TEST(Watermark, MinFreeKbytesIsLinuxTable) {
    constexpr struct { uint32_t mebibytes, kbytes; } table[] = {
        {16, 512}, {32, 724}, {64, 1024}, {128, 1448}, {256, 2048}, {512, 2896}, {1024, 4096}, {2048, 5792}, {4096, 8192},
    };
    for (const auto& row : table) EXPECT_EQ(min_free_kbytes(Pages{row.mebibytes * 256}), row.kbytes) << row.mebibytes;
    EXPECT_EQ(min_free_kbytes(Pages{1}), 128u);
    EXPECT_EQ(min_free_kbytes(Pages{0x40000000}), 65536u);
}

// 1 GB at 3:1: min_free_kbytes 3831 = 957 pages, shared 4096 : 225280; HighMem 32752/1024 = 31 -> 32.
TEST(Watermark, OneGibibyte) {
    const Pages lowmem{229376};
    const Watermarks dma = lowmem_watermarks(Pages{4096}, lowmem), normal = lowmem_watermarks(Pages{225280}, lowmem);
    EXPECT_EQ(dma.min, Pages{17});
    EXPECT_EQ(dma.low, Pages{21});
    EXPECT_EQ(dma.high, Pages{25});
    EXPECT_EQ(normal.min, Pages{939});
    EXPECT_EQ(normal.low, Pages{1173});
    EXPECT_EQ(normal.high, Pages{1408});
    const Watermarks high = highmem_watermarks(Pages{32752}, lowmem);
    EXPECT_EQ(high.min, Pages{32});
    EXPECT_EQ(high.low, Pages{32 + 136 / 4});
    EXPECT_EQ(high.high, Pages{32 + 136 / 2});
    EXPECT_EQ(highmem_watermarks(Pages{16000000}, lowmem).min, Pages{128});
    EXPECT_EQ(highmem_watermarks(Pages{0}, lowmem).high, Pages{0});
}

// 512 MB, and the lowmem of each split before and after 2.6.30, with nothing reserved: derived from the formula apart from
// this code.
TEST(Watermark, MinFreeKbytesOfTheSplits) {
    constexpr struct { uint32_t mebibytes, kbytes; } table[] = {
        {512, 2896}, {887, 3812}, {896, 3831}, {1911, 5595}, {2935, 6934}, {3936, 8030},
    };
    for (const auto& row : table) EXPECT_EQ(min_free_kbytes(Pages{row.mebibytes * 256}), row.kbytes) << row.mebibytes;
}

// The shares of DMA and Normal are all of min_free_kbytes but for rounding, whatever the sizes.
TEST(Watermark, SharesAddUp) {
    Random random;
    for (int step = 0; step < 2000; ++step) {
        const Pages dma{1 + random.below(4096)}, normal{random.below(1003521)};
        const Pages lowmem = dma + normal;
        const Watermarks low = lowmem_watermarks(dma, lowmem), high = lowmem_watermarks(normal, lowmem);
        const uint32_t pages_min = min_free_kbytes(lowmem) / 4;
        EXPECT_LE(low.min.raw + high.min.raw, pages_min);
        EXPECT_GE(low.min.raw + high.min.raw + 1, pages_min);
        EXPECT_EQ(low.low.raw, low.min.raw + low.min.raw / 4);
        EXPECT_EQ(high.high.raw, high.min.raw + high.min.raw / 2);
    }
}

// By node, as Linux: what node 1 has above Normal does not keep anything back in node 0.
TEST(Watermark, ReserveCountsTheOwnNode) {
    constexpr uint32_t end = 262144;
    NodeMap nodes;
    ASSERT_TRUE(nodes.add(range(0, 131072)) && nodes.add(range(131072, end)));
    const Zonelist zones{classic(mm::Split::u3k1), ranges({range(0, end)}), FrameTable{nullptr, Pfn{end}}, nodes};
    EXPECT_EQ(zones.zone(ZoneType::dma, 0).reserve[index_of(ZoneType::normal)], Pages{(131072 - 4096) / 256});
    EXPECT_EQ(zones.zone(ZoneType::normal, 0).reserve[index_of(ZoneType::highmem)], Pages{0});
    EXPECT_EQ(zones.zone(ZoneType::normal, 1).reserve[index_of(ZoneType::highmem)], Pages{(end - 229376) / 32});
    EXPECT_EQ(zones.zone(ZoneType::normal, 0).watermarks.min, Pages{957 * (131072 - 4096) / 229376}) << "of all nodes' lowmem";
}

// Linux' comment: of 1 GB as (16M, 784M, 224M), NORMAL leaves 784M/256 in DMA, HIGHMEM 224M/32 in NORMAL and
// (224M+784M)/256 in DMA.
TEST(Watermark, LowmemReserveIsLinuxExample) {
    constexpr uint32_t end = 262144, low_end = 800 * 256;
    PageMap map{end};
    mm::Layout layout = classic(mm::Split::u3k1);
    layout.lowmem_bytes = uint64_t{800} << 20;
    const Zonelist zones{layout, ranges({range(0, end)}), map.table()};
    ASSERT_EQ(zones.zone(ZoneType::normal).end(), Pfn{low_end});
    const Zone &dma = zones.zone(ZoneType::dma), &normal = zones.zone(ZoneType::normal);
    EXPECT_EQ(dma.reserve[index_of(ZoneType::dma)], Pages{0});
    EXPECT_EQ(dma.reserve[index_of(ZoneType::normal)], Pages{784 * 256 / 256});
    EXPECT_EQ(dma.reserve[index_of(ZoneType::highmem)], Pages{(224 + 784) * 256 / 256});
    EXPECT_EQ(normal.reserve[index_of(ZoneType::highmem)], Pages{224 * 256 / 32});
}

}  // namespace
}  // namespace guest_test
