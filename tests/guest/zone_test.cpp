// SPDX-License-Identifier: LGPL-2.1-or-later
// Zone sizes where no boot log is known: arithmetic from the split's limit. Those of boot logs: boot_log_test.cpp.
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

constexpr Sizes sizes[] = {
    {"2:2, 1 GB: no highmem", mm::Split::u2k2, 262128, 4096, 258032, 0},
    {"2:2, 3 GB", mm::Split::u2k2, 786432, 4096, 487424, 294912},
    {"1:3, 3 GB", mm::Split::u1k3, 786432, 4096, 749568, 32768},
    {"hugemem 4:4, 4 GB: 3936 MB of lowmem", mm::Split::u4k4, 1048576, 4096, 1003520, 40960},
    {"8 MB: DMA only", mm::Split::u3k1, 2048, 2048, 0, 0},
};

TEST(Zone, SizesFollowFromTheSplit) {
    for (const Sizes& row : sizes) {
        const mm::Layout layout = classic(row.split);
        const Pfn ram_end{row.ram_end};
        EXPECT_EQ(zone_range(ZoneType::dma, layout, ram_end).size(), Pages{row.dma}) << row.what;
        EXPECT_EQ(zone_range(ZoneType::normal, layout, ram_end).size(), Pages{row.normal}) << row.what;
        EXPECT_EQ(zone_range(ZoneType::highmem, layout, ram_end).size(), Pages{row.highmem}) << row.what;
    }
}

TEST(Zone, PresentLeavesHolesOut) {
    PageMap map{4096};
    const Zonelist zones{classic(mm::Split::u3k1), pc_ram(4096), map.table()};
    EXPECT_EQ(zones.zone(ZoneType::dma).spanned(), Pages{4096});
    EXPECT_EQ(zones.zone(ZoneType::dma).present(), Pages{4000});
}

}  // namespace
}  // namespace guest_test
