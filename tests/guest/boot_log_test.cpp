// SPDX-License-Identifier: LGPL-2.1-or-later
// The boot lines against what Linux kernels with the same layout printed on real machines. A row names the log: a number
// is its place in the collection of boot logs and mails that the project's figures were taken from.
#include "guest-kernel/mm/boot_report.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

struct Text {
    std::string text;
    TextSink sink() {
        return {[](void* self, const char* s) { static_cast<Text*>(self)->text += s; }, this};
    }
    bool has(const std::string& line) const { return text.find(line + "\n") != std::string::npos; }
};

struct Row {
    const char* log;
    mm::Split split;
    mm::Paging paging;
    uint32_t ram_end, hole_start, hole_end;  // frames; the hole is where the machine has no RAM
    uint32_t highmem_mb, lowmem_mb;
    uint32_t normal_end;
    uint32_t dma, normal, highmem;  // pages, holes included
    uint32_t highmem_kb;            // of the "Memory:" line; 0: the log does not say
};

constexpr Row rows[] = {
    {"row 1: 2.6.7, 512 MB, IDX:37596810765", mm::Split::u3k1, mm::Paging::classic, 131056, 0, 0,
     0, 511, 131056, 4096, 126960, 0, 0},
    {"row 4: 2.6.15-23-k7, 1 GB, IDX:56878925478", mm::Split::u3k1, mm::Paging::classic, 262128, 0, 0,
     127, 896, 229376, 4096, 225280, 32752, 0},
    {"row 6: 2.6.2, 1.25 GB, IDX:981195603", mm::Split::u3k1, mm::Paging::classic, 327664, 0, 0,
     383, 896, 229376, 4096, 225280, 98288, 393152},
    {"row 7: 2.6.24-19, 1.25 GB, IDX:56837592483", mm::Split::u3k1, mm::Paging::classic, 327600, 0, 0,
     383, 896, 229376, 4096, 225280, 98224, 0},
    {"row 14: 2.4.21-3.ELhugemem, 32 GB, 4G/4G, IDX:39626433562", mm::Split::u4k4, mm::Paging::pae, 8454143, 0xF6000, 0x100000,
     29087, 3936, 1007616, 4096, 1003520, 7446527, 29622268},
    // HighTotal of /proc/meminfo; the last page is missing at the top, as in row 14.
    {"row 16: 64 GB, 4G/4G, LKML 9 Jul 2003", mm::Split::u4k4, mm::Paging::pae, 0xFFFFFF, 0xF6000, 0x100000,
     61599, 3936, 1007616, 4096, 1003520, 15769599, 62914556},
};

class BootLog : public testing::TestWithParam<Row> {
protected:
    static FrameRanges ram(const Row& row) {
        if (row.hole_end == 0) return ranges({range(0, row.ram_end)});
        return ranges({range(0, row.hole_start), range(row.hole_end, row.ram_end)});
    }
    // The zones without their page map: nothing is given to them.
    static Zonelist zones(const Row& row, uint32_t page_bytes) {
        return {mm::layout(row.split, row.paging), ram(row), FrameTable{nullptr, Pfn{row.ram_end}, page_bytes}};
    }
};

TEST_P(BootLog, ZoneSizes) {
    const Row& row = GetParam();
    const Zonelist z = zones(row, 32);
    EXPECT_EQ(z.zone(ZoneType::dma).spanned(), Pages{row.dma}) << row.log;
    EXPECT_EQ(z.zone(ZoneType::normal).spanned(), Pages{row.normal}) << row.log;
    EXPECT_EQ(z.zone(ZoneType::normal).end(), Pfn{row.normal_end}) << row.log;
    EXPECT_EQ(z.zone(ZoneType::highmem).spanned(), Pages{row.highmem}) << row.log;
    if (row.highmem_kb != 0) { EXPECT_EQ(z.present(ZoneType::highmem), Pages{row.highmem_kb / 4}) << row.log; }
}

TEST_P(BootLog, LinesOfTheZones) {
    const Row& row = GetParam();
    Text out;
    report_zones_at_boot(zones(row, 32), out.sink());
    EXPECT_TRUE(out.has(std::to_string(row.highmem_mb) + "MB HIGHMEM available.")) << row.log << '\n' << out.text;
    EXPECT_TRUE(out.has(std::to_string(row.lowmem_mb) + "MB LOWMEM available.")) << row.log;
    EXPECT_TRUE(out.has("On node 0 totalpages: " + std::to_string(row.ram_end))) << row.log;
    EXPECT_TRUE(out.has("  DMA             0 ->     4096")) << row.log;
}

INSTANTIATE_TEST_SUITE_P(Rows, BootLog, testing::ValuesIn(rows), [](const auto& test) {
    const std::string log = test.param.log;
    return "Row" + log.substr(4, log.find(':') - 4);
});

// Every line that the log of row 7 has about its zones, word for word; ours leaves out what this kernel does not have
// (LIFO batches, the Movable zone, reserved DMA pages).
TEST(BootLogText, Row7) {
    Text out;
    report_zones_at_boot({classic(mm::Split::u3k1), pc_ram(327600), FrameTable{nullptr, Pfn{327600}}}, out.sink());
    EXPECT_EQ(out.text,
              "383MB HIGHMEM available.\n"
              "896MB LOWMEM available.\n"
              "Zone PFN ranges:\n"
              "  DMA             0 ->     4096\n"
              "  Normal       4096 ->   229376\n"
              "  HighMem    229376 ->   327600\n"
              "early_node_map[1] active PFN ranges\n"
              "    0:        0 ->   327600\n"
              "On node 0 totalpages: 327600\n"
              "  DMA zone: 32 pages used for memmap\n"
              "  DMA zone: 4064 pages\n"
              "  Normal zone: 1760 pages used for memmap\n"
              "  Normal zone: 223520 pages\n"
              "  HighMem zone: 767 pages used for memmap\n"
              "  HighMem zone: 97457 pages\n");
}

TEST(BootLogText, TwoNodes) {
    Text out;
    NodeMap nodes;
    ASSERT_TRUE(nodes.add(range(0, 131072)) && nodes.add(range(131072, 262128)));
    report_zones_at_boot({classic(mm::Split::u3k1), pc_ram(262128), FrameTable{nullptr, Pfn{262128}}, nodes}, out.sink());
    EXPECT_EQ(out.text,
              "127MB HIGHMEM available.\n"
              "896MB LOWMEM available.\n"
              "Zone PFN ranges:\n"
              "  DMA             0 ->     4096\n"
              "  Normal       4096 ->   229376\n"
              "  HighMem    229376 ->   262128\n"
              "early_node_map[2] active PFN ranges\n"
              "    0:        0 ->   131072\n"
              "    1:   131072 ->   262128\n"
              "On node 0 totalpages: 131072\n"
              "  DMA zone: 32 pages used for memmap\n"
              "  DMA zone: 4064 pages\n"
              "  Normal zone: 992 pages used for memmap\n"
              "  Normal zone: 125984 pages\n"
              "  HighMem zone: 0 pages used for memmap\n"
              "On node 1 totalpages: 131056\n"
              "  DMA zone: 0 pages used for memmap\n"
              "  Normal zone: 768 pages used for memmap\n"
              "  Normal zone: 97536 pages\n"
              "  HighMem zone: 255 pages used for memmap\n"
              "  HighMem zone: 32497 pages\n");
}

// A bank that ends below lowmem's end, as at 4:4 with a hole from 3 GiB on, does not change what is lowmem.
TEST(BootLogText, BanksInLowmem) {
    Text out;
    NodeMap nodes;
    ASSERT_TRUE(nodes.add(range(0, 0xC0000)) && nodes.add(range(0x100000, 0x140000)));
    const FrameRanges ram = ranges({range(0, 0xC0000), range(0x100000, 0x140000)});
    const mm::Layout layout = mm::layout(mm::Split::u4k4, mm::Paging::pae);
    report_zones_at_boot({layout, ram, FrameTable{nullptr, Pfn{0x140000}}, nodes}, out.sink());
    EXPECT_TRUE(out.has("1184MB HIGHMEM available.")) << out.text;
    EXPECT_TRUE(out.has("3936MB LOWMEM available."));
    EXPECT_TRUE(out.has("  Normal       4096 ->  1007616"));
    EXPECT_TRUE(out.has("  HighMem   1007616 ->  1310720"));
    EXPECT_TRUE(out.has("On node 0 totalpages: 786432"));
    EXPECT_TRUE(out.has("On node 1 totalpages: 262144"));
}

// Row 6's numbers through our function give row 6's line.
TEST(BootLogText, MemoryLineOfRow6) {
    Text out;
    report_memory({Pages{1293316 / 4}, Pages{1310656 / 4}, Pages{16200 / 4}, Pages{393152 / 4}, 1941 * 1024, 831 * 1024, 164 * 1024},
                  out.sink());
    EXPECT_EQ(out.text,
              "Memory: 1293316k/1310656k available (1941k kernel code, 16200k reserved, 831k data, 164k init, 393152k highmem)\n");
}

// Row 14 says "sizeof(struct page) = 60" and 502316k reserved: the page map is nearly all of that, the kernel (3206k) and
// what it allocated at boot the rest.
TEST(BootLogPageMap, Row14) {
    const uint64_t map_kb = mm::bytes(mm::pages_for(FrameTable::storage_bytes(Pfn{8454143}, 60))) / 1024;
    EXPECT_EQ(map_kb, 495360u);
    EXPECT_LT(map_kb + 1676 + 1306 + 224, 502316u);
    EXPECT_GT(map_kb + 10 * 1024, 502316u);
}

// Row 16 has LowTotal 3137464 of 3936 MiB: its struct page was larger than 44 bytes and smaller than 60, whose map would
// leave less.
TEST(BootLogPageMap, Row16) {
    constexpr uint64_t lowmem_kb = 3936 * 1024, low_total_kb = 3137464;
    EXPECT_GT(lowmem_kb - FrameTable::storage_bytes(Pfn{0xFFFFFF}, 44) / 1024, low_total_kb);
    EXPECT_LT(lowmem_kb - FrameTable::storage_bytes(Pfn{0xFFFFFF}, 60) / 1024, low_total_kb);
}

// Layout lines of kernels before 2.6.30 whose lowmem ends at all sorts of addresses; the fixmap's, which depend on what a
// kernel was built with, left out.
struct LayoutRow {
    const char* log;
    uint32_t lowmem_end;  // frames
    const char *vmalloc, *lowmem;
};
constexpr LayoutRow layout_rows[] = {
    {"896 MB", 0x38000, "0xf8800000 - 0xff7fe000   ( 111 MB)", "0xc0000000 - 0xf8000000   ( 896 MB)"},
    {"IDX:57054544417", 0x37E90, "0xf8800000 - 0xff7fe000   ( 111 MB)", "0xc0000000 - 0xf7e90000   ( 894 MB)"},
    {"IDX:56765262547", 0x1DFFC, "0xde800000 - 0xff7fe000   ( 527 MB)", "0xc0000000 - 0xddffc000   ( 479 MB)"},
    {"IDX:56900626282", 0x1F740, "0xe0000000 - 0xff7fe000   ( 503 MB)", "0xc0000000 - 0xdf740000   ( 503 MB)"},
};

TEST(BootLogText, LayoutLines) {
    for (const LayoutRow& row : layout_rows) {
        Text out;
        report_layout(layout_windows(classic(mm::Split::u3k1), Pfn{row.lowmem_end}), out.sink());
        EXPECT_EQ(out.text.find("virtual kernel memory layout:\n    fixmap  : 0xfff00000 - 0xfffc0000   ( 768 kB)\n"), 0u);
        EXPECT_TRUE(out.has("    pkmap   : 0xff800000 - 0xffc00000   (4096 kB)")) << row.log;
        EXPECT_TRUE(out.has(std::string{"    vmalloc : "} + row.vmalloc)) << row.log << '\n' << out.text;
        EXPECT_TRUE(out.has(std::string{"    lowmem  : "} + row.lowmem)) << row.log << '\n' << out.text;
    }
}

// Row 17 (3.10, VMSPLIT_1G, IDX:34295890651): its split and 256 MB of RAM give its lowmem and pkmap lines.
TEST(BootLogText, Row17LowmemAndPkmap) {
    Text out;
    report_layout(layout_windows(classic(mm::Split::u1k3), Pfn{0xFFFE}), out.sink());
    EXPECT_TRUE(out.has("    pkmap   : 0xff800000 - 0xffc00000   (4096 kB)")) << out.text;
    EXPECT_TRUE(out.has("    lowmem  : 0x40000000 - 0x4fffe000   ( 255 MB)")) << out.text;
}

}  // namespace
}  // namespace guest_test
