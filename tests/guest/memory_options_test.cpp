// SPDX-License-Identifier: LGPL-2.1-or-later
// nodes= and struct_page=, well written and not; where the page map fits.
#include "guest-kernel/kernel/memory_options.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "guest-kernel/mm/page_map.hpp"
#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

using mm::Pfn;

Text text(const char* s) { return {s, s + std::strlen(s)}; }

TEST(MemoryOptions, Bytes) {
    constexpr struct { const char* text; uint64_t bytes; size_t used; } good[] = {
        {"0", 0, 1}, {"512M", uint64_t{512} << 20, 4}, {"64G", uint64_t{64} << 30, 3}, {"16K-", 16384, 3}, {"4096x", 4096, 4},
    };
    for (const auto& row : good) {
        Text t = text(row.text);
        const Maybe<uint64_t> bytes = parse_bytes(t);
        ASSERT_TRUE(bytes) << row.text;
        EXPECT_EQ(*bytes, row.bytes) << row.text;
        EXPECT_EQ(t.begin, t.end - (std::strlen(row.text) - row.used)) << row.text;
    }
    for (const char* bad : {"", "M", "-1", "65G", "99999999999999999999"}) {
        Text t = text(bad);
        EXPECT_FALSE(parse_bytes(t)) << bad;
    }
}

TEST(MemoryOptions, Nodes) {
    MemoryOptions options;
    ASSERT_TRUE(parse_nodes(text("0-512M,512M-"), options));
    ASSERT_EQ(options.nodes.size(), 2u);
    EXPECT_EQ(options.nodes[0].end, Pfn{131072});
    EXPECT_EQ(options.nodes[1].start, Pfn{131072});
    EXPECT_EQ(options.nodes[1].end, Pfn{0x1000000});
    const NodeMap chosen = chosen_nodes(options, pc_ram(262128));
    ASSERT_EQ(chosen.size(), 2u);
    EXPECT_EQ(chosen[1].end, Pfn{262128}) << "cut to what the machine has";
    EXPECT_EQ(chosen_nodes(options, pc_ram(131072)).size(), 1u) << "a node without memory is none";
}

TEST(MemoryOptions, NodesThatAreNone) {
    for (const char* bad : {"", "0", "512M-0", "0-512M,256M-", "0-1G-2G", "bank", "0-1G;1G-", "0-1M,1M-2M,2M-3M,3M-4M,4M-"}) {
        MemoryOptions options;
        EXPECT_FALSE(parse_nodes(text(bad), options)) << bad;
        EXPECT_EQ(options.nodes.size(), 0u) << bad;
    }
}

// By default there is one node even with the hole below 4 GiB; asked for banks, the hole makes two.
TEST(MemoryOptions, Banks) {
    const FrameRanges ram = ranges({range(0, 160), range(256, 0xC0000), range(0x100000, 0x240000)});
    MemoryOptions options;
    EXPECT_EQ(chosen_nodes(options, ram).size(), 1u);
    ASSERT_TRUE(parse_nodes(text("banks"), options));
    const NodeMap banks = chosen_nodes(options, ram);
    ASSERT_EQ(banks.size(), 2u);
    EXPECT_EQ(banks[0].start, Pfn{0});
    EXPECT_EQ(banks[0].end, Pfn{0xC0000});
    EXPECT_EQ(banks[1].start, Pfn{0x100000});
    EXPECT_EQ(banks[1].end, Pfn{0x240000});
}

TEST(MemoryOptions, StructPage) {
    MemoryOptions options;
    EXPECT_EQ(options.page_bytes, 32u);
    EXPECT_TRUE(parse_struct_page(text("60"), options));
    EXPECT_EQ(options.page_bytes, 60u);
    for (const char* bad : {"", "31", "60x", "6", "-32"}) EXPECT_FALSE(parse_struct_page(text(bad), options)) << bad;
    EXPECT_EQ(options.page_bytes, 60u);
}

// 64 GiB: 32 bytes fit everywhere, 60 bytes ("nearly 1 GB") do not fit below 896 MiB, but 4:4 has room.
TEST(PageMapPlace, WhatFitsAt64GiB) {
    constexpr uint32_t end = 0x1000000;
    constexpr struct { mm::Split split; uint32_t page_bytes; bool fits; } table[] = {
        {mm::Split::u3k1, 32, true},  {mm::Split::u3k1, 44, true}, {mm::Split::u3k1, 60, false},
        {mm::Split::u2k2, 60, true}, {mm::Split::u1k3, 60, true}, {mm::Split::u4k4, 60, true},
    };
    for (const auto& row : table) {
        const Pfn low_end = mm::lowmem_end(mm::layout(row.split, mm::Paging::pae), Pfn{end});
        FrameRanges unused = ranges({range(1, 160), range(512, end)});
        const Maybe<Pfn> at = place_page_map(unused, Pfn{end}, low_end, row.page_bytes);
        EXPECT_EQ(static_cast<bool>(at), row.fits) << mm::name(row.split) << ' ' << row.page_bytes;
        if (at) { EXPECT_EQ(*at, mm::dma_zone_end) << "above the DMA zone"; }
        if (!at) { EXPECT_EQ(unused.pages_within(range(0, end)).raw, end - 512 + 159) << "and nothing is taken"; }
    }
}

// With 8 MiB all memory is DMA memory. A map that would leave less than 4 MiB of lowmem does not fit either.
TEST(PageMapPlace, SmallMachines) {
    FrameRanges small = ranges({range(512, 2048)});
    EXPECT_EQ(*place_page_map(small, Pfn{2048}, Pfn{2048}, 32), Pfn{512});
    FrameRanges tight = ranges({range(0, 1024 + 15), range(229376, 0x100000)});
    EXPECT_FALSE(place_page_map(tight, Pfn{2048}, Pfn{229376}, 32));
}

}  // namespace
}  // namespace guest_test
