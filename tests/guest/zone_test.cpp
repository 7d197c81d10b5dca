// SPDX-License-Identifier: LGPL-2.1-or-later
// Zone sizes against Linux' boot logs, watermarks against Linux' own tables.
#include "guest-kernel/mm/zone.hpp"

#include <gtest/gtest.h>

#include "guest-kernel/mm/zonelist.hpp"
#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

struct Sizes {
    const char* what;
    mm::Split split;
    uint32_t ram_end;  // frames
    uint32_t dma, normal, highmem;  // spanned
};

// What the boot logs printed as "zone: N pages"; where no log is known, the row is arithmetic from the split's limit.
constexpr Sizes boot_logs[] = {
    {"2.6.7, 512 MB", mm::Split::u3k1, 131056, 4096, 126960, 0},
    {"2.6.15, 1 GB", mm::Split::u3k1, 262128, 4096, 225280, 32752},
    {"2.6.2, 1.25 GB", mm::Split::u3k1, 327664, 4096, 225280, 98288},
    {"2.6.24, 1.25 GB", mm::Split::u3k1, 327600, 4096, 225280, 98224},
    {"2:2, 1 GB: no highmem", mm::Split::u2k2, 262128, 4096, 258032, 0},
    {"2:2, 3 GB", mm::Split::u2k2, 786432, 4096, 487424, 294912},
    {"1:3, 3 GB", mm::Split::u1k3, 786432, 4096, 749568, 32768},
    {"hugemem 4:4, 4 GB: 3936 MB of lowmem", mm::Split::u4k4, 1048576, 4096, 1003520, 40960},
    {"8 MB: DMA only", mm::Split::u3k1, 2048, 2048, 0, 0},
};

TEST(Zone, SizesAreThoseOfTheBootLogs) {
    for (const Sizes& row : boot_logs) {
        const mm::Layout layout = classic(row.split);
        const Pfn ram_end{row.ram_end};
        EXPECT_EQ(zone_range(ZoneType::dma, layout, ram_end).size(), Pages{row.dma}) << row.what;
        EXPECT_EQ(zone_range(ZoneType::normal, layout, ram_end).size(), Pages{row.normal}) << row.what;
        EXPECT_EQ(zone_range(ZoneType::highmem, layout, ram_end).size(), Pages{row.highmem}) << row.what;
    }
}

// 32 GB under PAE, as 2.4.21 hugemem printed: zone(2) 7446527 of 8454143 pages.
TEST(Zone, HugememAt32GiB) {
    const mm::Layout layout = mm::layout(mm::Split::u4k4, mm::Paging::pae);
    EXPECT_EQ(zone_range(ZoneType::highmem, layout, Pfn{8454143}).size(), Pages{7446527});
}

TEST(Zone, PresentLeavesHolesOut) {
    PageMap map{4096};
    const Zonelist zones{classic(mm::Split::u3k1), pc_ram(4096), map.table()};
    EXPECT_EQ(zones.zone(ZoneType::dma).spanned(), Pages{4096});
    EXPECT_EQ(zones.zone(ZoneType::dma).present(), Pages{4000});
}

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
