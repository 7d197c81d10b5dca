// SPDX-License-Identifier: LGPL-2.1-or-later
// Zones and regions of a Linux kernel, read from its memory.
#include "bochs-plugin/linux_guest.h"

#include <gtest/gtest.h>

#include <random>

#include "synthetic_linux.hpp"
#include "tests/seed.hpp"

namespace plugin {
namespace {

using namespace mm;

// What Debian's kernel prints of 1 GiB.
const std::vector<SyntheticZone> one_gib = {
    {"DMA", 1, 4095, 3998, 3977}, {"Normal", 4096, 225250, 225250, 215000}, {"HighMem", 229346, 32766, 32766, 32766}, {"Movable", 0, 0, 0, 0}};

std::vector<std::string> text_of(const std::vector<RunInfo::Zone>& zones) {
    std::vector<std::string> all;
    for (const auto& z : zones)
        all.push_back(std::to_string(z.node) + " " + z.name + " " + std::to_string(z.start_pfn) + "-" + std::to_string(z.end_pfn) + " " + std::to_string(z.present_pages));
    return all;
}

std::vector<std::string> text_of(const LinuxRegions& regions) {
    std::vector<std::string> all;
    for (const auto& r : regions.regions) {
        char text[64];
        snprintf(text, sizeof text, "%s %llx-%llx", r.name.c_str(), static_cast<unsigned long long>(r.start), static_cast<unsigned long long>(r.end));
        all.push_back(text);
    }
    return all;
}

template <class F> class LinuxGuestTest : public testing::Test {};
using Formats = testing::Types<Classic, Pae>;
TYPED_TEST_SUITE(LinuxGuestTest, Formats, );

TYPED_TEST(LinuxGuestTest, ReadsZonesAndRegions) {
    for (const uint32_t shift : {0u, 0x1000000u, 0x2002000u}) {
        SyntheticLinux<TypeParam> kernel{shift};
        kernel.set_zones(one_gib);
        LinuxGuest guest{kernel.write_map()};
        ASSERT_TRUE(guest.look(kernel.memory(), false)) << shift;
        EXPECT_TRUE(guest.done());
        EXPECT_EQ(guest.name(), "Linux 6.1.0-50-686");
        EXPECT_STREQ(guest.split(), "3:1");
        EXPECT_EQ(guest.symbols().shift(), shift);
        EXPECT_EQ(guest.warnings().size(), shift ? 1u : 0u) << "that it moved";
        EXPECT_EQ(text_of(guest.zones()), (std::vector<std::string>{"0 DMA 1-4096 3998", "0 Normal 4096-229346 225250", "0 HighMem 229346-262112 32766"}));
        EXPECT_TRUE(guest.regions().in_entry_text(VirtAddr{0xC1400000 + shift}) && !guest.regions().in_entry_text(VirtAddr{0xC1402000 + shift}));
        const std::string pkmap = sizeof(typename TypeParam::Raw) == 8 ? "pkmap ff800000-ffa00000" : "pkmap ff800000-ffc00000";
        EXPECT_EQ(text_of(guest.regions()), (std::vector<std::string>{"user 0-c0000000", "lowmem c0000000-f7fe0000", "vmalloc f87e0000-ff7fe000", pkmap,
                                                                      "trampoline ffc00000-ffdfe000", "fixmap ffdfe000-100000000"}));
    }
}

TYPED_TEST(LinuxGuestTest, ReadsAnyZonesOfAnyConfiguration) {
    const auto seed = static_cast<unsigned>(tests::seed());
    std::mt19937 random{seed};
    const auto below = [&](uint32_t n) { return std::uniform_int_distribution<uint32_t>{0, n - 1}(random); };
    for (unsigned round = 0; round < 40; ++round) {
        SyntheticLinux<TypeParam> kernel;
        std::vector<SyntheticZone> zones;
        std::vector<std::string> expected;
        uint32_t frame = below(2);
        for (const char* name : {"DMA", "Normal", "HighMem", "Movable"}) {
            if (below(4) == 0 && !(name == std::string{"Movable"} && expected.empty())) {
                zones.push_back({name, 0, 0, 0, 0});
                continue;
            }
            const uint32_t spanned = 1000 + below(100000), present = spanned - below(500), managed = present - below(400) - 1;
            zones.push_back({name, frame, spanned, present, managed});
            expected.push_back("0 " + std::string{name} + " " + std::to_string(frame) + "-" + std::to_string(frame + spanned) + " " + std::to_string(present));
            frame += spanned + below(3) * 1024;
        }
        kernel.set_zones(zones, below(3));
        LinuxGuest guest{kernel.write_map()};
        ASSERT_TRUE(guest.look(kernel.memory(), false));
        ASSERT_EQ(text_of(guest.zones()), expected);
    }
}

TYPED_TEST(LinuxGuestTest, ReadsEachNode) {
    SyntheticLinux<TypeParam> kernel;
    kernel.drop_symbol("contig_page_data");
    kernel.put(kernel.symbol("node_data", 0xC1600500), 0xC1780000);
    kernel.put(0xC1600504, 0xC1790000);
    kernel.set_zones({{"DMA", 1, 4095, 3998, 3977}, {"Normal", 4096, 100000, 100000, 99000}});
    kernel.set_zones({{"DMA", 0, 0, 0, 0}, {"Normal", 104096, 50000, 50000, 49000}}, 0, 0xC1790000);
    LinuxGuest guest{kernel.write_map()};
    ASSERT_TRUE(guest.look(kernel.memory(), false));
    EXPECT_EQ(text_of(guest.zones()), (std::vector<std::string>{"0 DMA 1-4096 3998", "0 Normal 4096-104096 100000", "1 Normal 104096-154096 50000"}));
}

using ClassicLinux = SyntheticLinux<Classic>;

TEST(LinuxGuest, WaitsUntilTheyAreSetUp) {
    ClassicLinux kernel;
    kernel.set_up_interrupts(0xC1B00000);
    LinuxGuest guest{kernel.write_map()};
    EXPECT_FALSE(guest.look(kernel.memory(), false)) << "no zone yet";
    kernel.set_zones(one_gib);
    ASSERT_TRUE(guest.look(kernel.memory(), false));
    EXPECT_EQ(guest.zones().size(), 3u);
    EXPECT_FALSE(guest.done()) << "the interrupt table is not in the cpu entry area yet";
    EXPECT_FALSE(guest.look(kernel.memory(), false)) << "no news";
    kernel.set_up_interrupts();
    ASSERT_TRUE(guest.look(kernel.memory(), false));
    EXPECT_TRUE(guest.done());
    EXPECT_EQ(guest.regions().regions.size(), 6u);
    EXPECT_TRUE(guest.warnings().empty());
}

TEST(LinuxGuest, SaysWhichSymbolIsMissing) {
    ClassicLinux kernel;
    kernel.set_zones(one_gib);
    kernel.drop_symbol("slot_virt");
    LinuxGuest guest{kernel.write_map()};
    EXPECT_TRUE(guest.look(kernel.memory(), false));
    ASSERT_TRUE(guest.look(kernel.memory(), true));
    EXPECT_TRUE(guest.done());
    ASSERT_EQ(guest.warnings().size(), 1u);
    EXPECT_NE(guest.warnings()[0].find("slot_virt"), std::string::npos);
    EXPECT_EQ(text_of(guest.regions()).back(), "trampoline ffc00000-100000000") << "with the fixmap in it";
}

TEST(LinuxGuest, SaysThatTheMapIsAnotherKernels) {
    ClassicLinux kernel;
    kernel.set_zones(one_gib);
    for (auto& s : kernel.symbols) s.at += 0x104;
    LinuxGuest guest{kernel.write_map()};
    EXPECT_FALSE(guest.look(kernel.memory(), false));
    EXPECT_FALSE(guest.done());
    ASSERT_TRUE(guest.look(kernel.memory(), true));
    EXPECT_TRUE(guest.done());
    ASSERT_EQ(guest.warnings().size(), 1u);
    EXPECT_NE(guest.warnings()[0].find("is not the System.map of the guest's kernel, which says 'Linux version 6.1.0-50-686"), std::string::npos);
    EXPECT_TRUE(guest.zones().empty() && guest.name().empty());
}

TEST(LinuxGuest, SaysThatZonesWereNotUnderstood) {
    ClassicLinux kernel;
    kernel.set_zones({{"DMA", 1, 4095, 4096, 3977}, {"Normal", 4096, 100000, 100000, 99000}});  // more present than spanned
    LinuxGuest guest{kernel.write_map()};
    ASSERT_TRUE(guest.look(kernel.memory(), true));
    ASSERT_EQ(guest.warnings().size(), 1u);
    EXPECT_NE(guest.warnings()[0].find("struct zone"), std::string::npos);
    EXPECT_TRUE(guest.zones().empty());
}

TEST(LinuxGuest, NeedsItsBanner) {
    ClassicLinux kernel;
    kernel.drop_symbol("linux_banner");
    const LinuxGuest guest{kernel.write_map()};
    EXPECT_TRUE(guest.done());
    ASSERT_EQ(guest.warnings().size(), 1u);
    EXPECT_NE(guest.warnings()[0].find("linux_banner"), std::string::npos);
    EXPECT_TRUE(LinuxGuest{"/no/such/file"}.done());
}

}  // namespace
}  // namespace plugin
