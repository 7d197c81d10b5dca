// SPDX-License-Identifier: LGPL-2.1-or-later
// The reports, against the text that Linux prints.
#include "guest-kernel/mm/zone_report.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

using mm::Pages;

std::string text;
const TextSink sink{[](void*, const char* s) { text += s; }, nullptr};

class ZoneReport : public testing::Test {
protected:
    ZoneReport() {
        text.clear();
        zones.add(ranges({range(512, 262128)}));
    }
    PageMap map{262128};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(262128), map.table()};
};

TEST_F(ZoneReport, BuddyInfo) {
    report_buddyinfo(zones, sink);
    EXPECT_EQ(text,
              "Node 0, zone      DMA      0      0      0      0      0      0      0      0      0      1      3 \n"
              "Node 0, zone   Normal      0      0      0      0      0      0      0      0      0      0    220 \n"
              "Node 0, zone  HighMem      0      0      0      0      1      1      1      1      1      1     31 \n");
}

TEST_F(ZoneReport, ZoneInfo) {
    report_zoneinfo(zones, sink);
    EXPECT_NE(text.find("Node 0, zone   Normal\n"
                        "  pages free     225280\n"
                        "        min      940\n"
                        "        low      1175\n"
                        "        high     1410\n"
                        "        spanned  225280\n"
                        "        present  225280\n"
                        "        protection: (0, 0, 1023)\n"
                        "  start_pfn:         4096\n"),
              std::string::npos)
        << text;
}

// What has no memory is left out, as in Linux since 2.6.16; the node is named.
TEST(ZoneReportNodes, NamesTheNodeAndLeavesEmptyZonesOut) {
    text.clear();
    PageMap map{262128};
    NodeMap nodes;
    ASSERT_TRUE(nodes.add(range(0, 131072)) && nodes.add(range(131072, 262128)));
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(262128), map.table(), nodes};
    zones.add(ranges({range(1024, 262128)}));
    report_buddyinfo(zones, sink);
    EXPECT_EQ(text,
              "Node 0, zone      DMA      0      0      0      0      0      0      0      0      0      0      3 \n"
              "Node 0, zone   Normal      0      0      0      0      0      0      0      0      0      0    124 \n"
              "Node 1, zone   Normal      0      0      0      0      0      0      0      0      0      0     96 \n"
              "Node 1, zone  HighMem      0      0      0      0      1      1      1      1      1      1     31 \n");
}

TEST(VmallocInfo, IsLinuxForm) {
    text.clear();
    VmArea table[8];
    VmAreas areas{mm::VirtAddr{0xF8800000}, mm::VirtAddr{0xFF7FE000}, table, 8, {}};
    const auto caller = reinterpret_cast<const void*>(uintptr_t{0xC0401234});
    const auto reserve = [&](uint32_t pages, mm::PhysAddr device, AreaUse use) {
        return *areas.reserve({{}, Pages{pages}, device, caller, use});
    };
    reserve(1, {}, AreaUse::memory);
    const mm::VirtAddr freed = reserve(4, {}, AreaUse::memory);
    reserve(1024, mm::PhysAddr{0xE0000000}, AreaUse::device);
    ASSERT_TRUE(areas.retire(freed));
    report_vmallocinfo(areas, sink, [](const void* caller, const TextSink& out) {
        out.hex(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(caller)));
    });
    EXPECT_EQ(text,
              "0xf8800000-0xf8802000    8192 0xc0401234 pages=1 vmalloc\n"
              "0xf8802000-0xf8807000   20480 unpurged vm_area\n"
              "0xf8807000-0xf8c08000 4198400 0xc0401234 phys=0xe0000000 ioremap\n");
}

}  // namespace
}  // namespace guest_test
