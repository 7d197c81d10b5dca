// SPDX-License-Identifier: LGPL-2.1-or-later
// Sizes, lists and zone specifications from the command line.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tools/bochsrc.hpp"
#include "tools/command_line.hpp"
#include "tools/error.hpp"
#include "tools/recorder.hpp"
#include "tools/text_table.hpp"

namespace {

using tools::InputError;

TEST(CommandLine, SizesTakeMAndG) {
    EXPECT_EQ(tools::parse_memory("512M", "--memory"), 512u);
    EXPECT_EQ(tools::parse_memory("1G", "--memory"), 1024u);
    EXPECT_EQ(tools::parse_memory("64G", "--memory"), 65536u);
    for (const char* bad : {"", "G", "1T", "-1M", "1.5G", "0M", "65G", "99999999999999999999G", "18014398509481985G"})
        EXPECT_THROW((void)tools::parse_memory(bad, "--memory"), InputError) << bad;
}

TEST(CommandLine, ListsKeepTheirOrderAndNameWhatIsKnown) {
    const std::vector<std::string> known{"a", "b", "c"};
    EXPECT_EQ(tools::parse_list("c,a,c", "--x", known), (std::vector<std::string>{"c", "a"}));
    EXPECT_EQ(tools::parse_list("all", "--x", known), known);
    try {
        (void)tools::parse_list("a,d", "--x", known);
        FAIL();
    } catch (const InputError& e) {
        EXPECT_STREQ(e.what(), "--x d: not known; give one of a, b, c");
    }
    EXPECT_THROW((void)tools::parse_list("a,", "--x", known), InputError);
}

TEST(CommandLine, ZonesAreFramesAndTheLastMayBeOpen) {
    const auto zones = tools::parse_zones("dma:0-16M,normal:16M-896M,highmem:896M-", 1024);
    ASSERT_EQ(zones.size(), 3u);
    EXPECT_EQ(zones[0].name, "dma");
    EXPECT_EQ(zones[0].present_pages, 4096u - 96u) << "640 KiB to 1 MiB is no memory";
    EXPECT_EQ(zones[1].start_pfn, 4096u);
    EXPECT_EQ(zones[1].end_pfn, 229376u);
    EXPECT_EQ(zones[1].present_pages, 225280u);
    EXPECT_EQ(zones[2].end_pfn, 262144u);
    EXPECT_EQ(tools::parse_zones("highmem:896M-", 512)[0].present_pages, 0u) << "no such memory: an empty zone";
    for (const char* bad : {"", "dma", "dma:16M", ":0-1M", "a:2M-1M", "a:0-2M,b:1M-3M", "a:0-2X"}) EXPECT_THROW((void)tools::parse_zones(bad, 64), InputError) << bad;
}

TEST(CommandLine, ZonesHaveNamesOfTheirOwn) {
    for (const char* bad : {"other:0-1M", "a:0-1M,a:1M-2M"}) EXPECT_THROW((void)tools::parse_zones(bad, 64), InputError) << bad;
}

TEST(CommandLine, WholeNumbers) {
    for (const char* good : {"0", "1", "9000000000000000000"}) EXPECT_EQ(tools::whole_number()(good), "") << good;
    for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1.5", "1e6", "1,000", "0x10", "18446744073709551615"}) EXPECT_NE(tools::whole_number()(bad), "") << bad;
    EXPECT_EQ(tools::whole_number(1)("1"), "");
    EXPECT_EQ(tools::whole_number(1)("0"), "'0' is not a whole number above 0");
}

TEST(Bochsrc, RefusesPathsThatBochsWouldChange) {
    tools::MachineOptions machine;
    machine.image = "/boot.iso", machine.scratch = "/tmp";
    for (const std::string& bad : {std::string{"/a$HOME"}, std::string{"/a\"b"}, std::string{"/a\nb"}, "/" + std::string(500, 'x')}) {
        machine.trace = bad;
        EXPECT_THROW((void)tools::bochsrc_text(machine), InputError) << bad;
    }
    machine.trace = "/a b,c=d";
    EXPECT_NE(tools::bochsrc_text(machine).find("output=\"/a b,c=d\""), std::string::npos);
}

TEST(TextTable, NumbersForPeople) {
    EXPECT_EQ(tools::grouped(0), "0");
    EXPECT_EQ(tools::grouped(999), "999");
    EXPECT_EQ(tools::grouped(1234567), "1,234,567");
    EXPECT_EQ(tools::rounded(0), "0");
    EXPECT_EQ(tools::rounded(0.001), "<0.01");
    EXPECT_EQ(tools::rounded(0.254), "0.25");
    EXPECT_EQ(tools::rounded(12.34), "12.3");
    EXPECT_EQ(tools::rounded(1234.5), "1,235");
    EXPECT_EQ(tools::wrapped("aa bb cc dd", 5, 2), "aa bb\n  cc\n  dd");
}

TEST(TextTable, ColumnsThatDoNotFitFollowBesideTheFirst) {
    tools::TextTable table{{{"name", tools::Align::left}, {"wide"}, {"wider"}, {"last"}}};
    const std::string wide(60, 'w'), wider(70, 'x');
    table.row({"one", wide, wider, "1"});
    table.row({"two", "", "", "2"});
    std::ostringstream out;
    table.print(out, 2);
    const std::string blanks56(56, ' '), blanks65(65, ' ');
    EXPECT_EQ(out.str(), "  name  " + blanks56 + "wide\n  one   " + wide + "\n  two\n" + "  name  " + blanks65 + "wider  last\n  one   " + wider +
                             "     1\n  two   " + std::string(70, ' ') + "     2\n");
}

TEST(TextTable, WhatNeverFitsIsOneLine) {
    tools::TextTable table{{{"", tools::Align::left}, {"", tools::Align::left}}, tools::TextTable::Titles::none};
    table.row({std::string(100, '1'), std::string(100, '2')});
    std::ostringstream out;
    table.print(out);
    EXPECT_EQ(out.str(), std::string(100, '1') + "  " + std::string(100, '2') + "\n");
}

TEST(TextTable, LinesAreAsWideAsMayBe) {
    for (const size_t length : {tools::widest_line, tools::widest_line + 1}) {
        tools::TextTable table{{{"a"}, {"b"}, {"c"}}};
        table.row({"1", std::string(length - 6, '2'), "3"});
        std::ostringstream out;
        table.print(out);
        const std::string text = out.str();
        EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), length == tools::widest_line ? 2 : 4) << text;
    }
}

}  // namespace
