// SPDX-License-Identifier: LGPL-2.1-or-later
// The reports, against the text that Linux prints.
#include "guest-kernel/mm/zone_report.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

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

// The lines of Linux 2.6.15 on a machine of 1 GB.
TEST_F(ZoneReport, BootLog) {
    report_boot(zones, sink);
    EXPECT_EQ(text,
              "127MB HIGHMEM available.\n"
              "896MB LOWMEM available.\n"
              "On node 0 totalpages: 262128\n"
              "  DMA zone: 4096 pages\n"
              "  Normal zone: 225280 pages\n"
              "  HighMem zone: 32752 pages\n");
}

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

}  // namespace
}  // namespace guest_test
