// SPDX-License-Identifier: LGPL-2.1-or-later
// The zonescope line of bochsrc.
#include "bochs-plugin/options.h"

#include <gtest/gtest.h>

namespace plugin {
namespace {

TEST(Options, TakesEachKey) {
    Options o;
    for (const char* word : {"enabled=1", "output=/tmp/a b", "profile=p6", "instructions=5000000000", "system_map=/boot/System.map x", "zones=low:0-8M,high:8M-", "start=address:0xc0100000:main", "until=serial:login%3A", "live=/run/x", "split=4:4", "paging=classic"})
        EXPECT_EQ(parse_option(word, o), "");
    EXPECT_TRUE(o.enabled);
    EXPECT_EQ(o.output, "/tmp/a b");
    EXPECT_EQ(o.profiles->options(), std::vector<std::string>{"profile=p6"});
    EXPECT_EQ(o.instructions, 5000000000u);
    EXPECT_EQ(o.system_map, "/boot/System.map x");
    EXPECT_EQ(to_bochsrc(o), "zonescope: enabled=1, output=\"/tmp/a b\", profile=p6, instructions=5000000000, system_map=\"/boot/System.map x\", zones=\"low:0-8M,high:8M-\", start=\"address:0xc0100000:main\", until=\"serial:login%3A\", live=\"/run/x\", split=4:4, paging=classic");
}

TEST(Options, TakesProfilesOfTheUsersOwn) {
    const std::string p7 = "geometry=p7:g:32/4l+2/2l:64/4r+8/4l:-:-:n:16/16l";
    Options o;
    for (const std::string& word : {std::string{"profile=k7"}, p7, std::string{"references=1"}}) EXPECT_EQ(parse_option(word, o), "");
    ASSERT_EQ(o.profiles->geometries().size(), 2u);
    EXPECT_STREQ(o.profiles->geometries()[1]->profile, "p7");
    EXPECT_EQ(o.profiles->geometries()[1]->data.small.replacement, mm::Replacement::random);
    EXPECT_EQ(to_bochsrc(o), "zonescope: enabled=0, output=\"zonescope.trace\", profile=k7, geometry=\"p7:g:32/4l+2/2l:64/4r+8/4l:-:-:n:16/16l\", references=1");
}

TEST(Options, SaysWhatIsWrong) {
    Options o;
    EXPECT_EQ(parse_option("geometry=p7:g:32/5l:64/4l:-:-:n:-", o),
              "geometry=p7:g:32/5l:64/4l:-:-:n:-: a TLB's entries must be a multiple of its ways, its sets a power of two, with tree-plru its ways too");
    EXPECT_EQ(parse_option("profile=p5", o), "");
    EXPECT_EQ(parse_option("profile=p5", o), "profile 'p5' is named twice");
    EXPECT_EQ(parse_option("profile=z80", o), "profile=z80: there is no such profile; known: i486, p5, p5mmx, p6, p4, pentium-m, bonnell, core2, nehalem, skylake, k7, k8, geode-lx");
    EXPECT_EQ(parse_option("ouptut=x", o), "unknown key 'ouptut'; known: enabled, output, profile, geometry, references, stale, stop_on_stale, instructions, system_map, zones, start, until, record, save, restored, live, split, paging");
    EXPECT_EQ(parse_option("zones=low:0-8X", o), "zones=low:0-8X: '8X' is not a size; give a number with K, M or G, such as 16M");
    EXPECT_EQ(parse_option("output", o), "'output' is not of the form key=value");
    EXPECT_EQ(parse_option("output=", o), "'output' has no value");
    EXPECT_EQ(parse_option("enabled=yes", o), "enabled=yes: give 0 or 1");
    for (const char* word : {"instructions=-1", "instructions=1e9", "instructions=9999999999999999999"}) EXPECT_NE(parse_option(word, o), "") << word;
}

}  // namespace
}  // namespace plugin
