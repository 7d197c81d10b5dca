// SPDX-License-Identifier: LGPL-2.1-or-later
// The words for marks, and what meets them.
#include "bochs-plugin/run_mark.h"

#include <gtest/gtest.h>

#include "bochs-plugin/mark_watch.h"

namespace plugin {
namespace {

using Kind = RunMark::Kind;

RunMark mark(const std::string& word) {
    RunMark m;
    EXPECT_EQ(parse_run_mark(word, m), "") << word;
    return m;
}

TEST(RunMark, WordsKeepWhatTheySay) {
    for (const char* word : {"address:0xc1000000", "address:0xfffff000:start_kernel", "instructions:5000000000", "serial:login%3A%20%22x%22%24%2C", "console:ok%20", "mark:7", "span:null-syscall"}) {
        const RunMark m = mark(word);
        EXPECT_EQ(to_word(m), word);
        EXPECT_TRUE(m);
    }
    EXPECT_EQ(mark("serial:login%3A%20").text, "login: ");
    EXPECT_EQ(mark("address:c1000000").number, 0xC1000000u);
    EXPECT_EQ(mark("mark:0x10").number, 16u);
    EXPECT_EQ(to_word({}), "");
}

TEST(RunMark, PeopleReadWhatTheyGave) {
    EXPECT_EQ(describe(mark("address:0xc1000000")), "0xc1000000");
    EXPECT_EQ(describe(mark("address:0xc1000000:start_kernel")), "symbol:start_kernel");
    EXPECT_EQ(describe(mark("serial:login%3A")), "serial:login:");
    EXPECT_EQ(describe(mark("instructions:12")), "instructions:12");
    EXPECT_EQ(describe({}), "");
}

TEST(RunMark, RefusesWhatIsNone) {
    RunMark m;
    for (const char* word : {"", "start_kernel", "address:", "address:xyz", "address:100000000", "instructions:", "instructions:-1", "instructions:1e9", "serial:", "serial:%4", "serial:%zz",
                             "mark:16777216", "mark:-1", "span:", "none:1"})
        EXPECT_NE(parse_run_mark(word, m), "") << word;
}

bool says(MarkWatch& watch, uint16_t port, const std::string& text) {
    bool met = false;
    for (const char c : text) met |= watch.port_write(port, static_cast<unsigned char>(c));
    return met;
}

TEST(MarkWatch, FindsATextInALineOfTheSerialConsole) {
    MarkWatch watch{mark("serial:login%3A"), {}};
    EXPECT_FALSE(says(watch, 0x3F8, "log\nin: lo\r\nLogin: "));
    EXPECT_FALSE(says(watch, 0xE9, "login:")) << "another port";
    EXPECT_FALSE(says(watch, 0x2F8, "login:")) << "the second serial port";
    EXPECT_TRUE(says(watch, 0x3F8, "\x1B[1;32mdebian\x1B[0m log\r\x1B[Kin:")) << "colours are no part of it, and the line may go on";
}

TEST(MarkWatch, TheDivisorOfTheSerialPortIsNoText) {
    MarkWatch watch{mark("serial:abc"), {}};
    says(watch, 0x3F8, "a");
    watch.port_write(0x3FB, 0x83);
    says(watch, 0x3F8, "\x01");
    watch.port_write(0x3FB, 0x03);
    EXPECT_TRUE(says(watch, 0x3F8, "bc"));
}

TEST(MarkWatch, WhatComesBeforeTheStartDoesNotEndIt) {
    MarkWatch watch{mark("address:0x1000"), mark("console:done")};
    EXPECT_TRUE(watch.wants_start());
    EXPECT_FALSE(says(watch, 0xE9, "done\n"));
    EXPECT_FALSE(watch.address(0x1001));
    ASSERT_TRUE(watch.address(0x1000));
    watch.advance();
    EXPECT_FALSE(watch.wants_start());
    EXPECT_EQ(watch.wanted().kind, Kind::console);
    EXPECT_FALSE(watch.address(0x1000));
    ASSERT_TRUE(says(watch, 0xE9, "done"));
    watch.advance();
    EXPECT_FALSE(says(watch, 0xE9, "done"));
    EXPECT_FALSE(watch.wanted());
}

TEST(MarkWatch, KnowsTheOthers) {
    EXPECT_TRUE((MarkWatch{mark("instructions:100"), {}}.instructions(101)));
    EXPECT_FALSE((MarkWatch{mark("instructions:100"), {}}.instructions(99)));
    EXPECT_TRUE((MarkWatch{{}, mark("mark:3")}.guest_mark(3)));
    EXPECT_FALSE((MarkWatch{{}, mark("mark:3")}.span_begins("3")));
    EXPECT_TRUE((MarkWatch{{}, mark("span:fork")}.span_begins("fork")));
    EXPECT_FALSE((MarkWatch{{}, mark("span:fork")}.span_begins("forks")));
}

}  // namespace
}  // namespace plugin
