// SPDX-License-Identifier: LGPL-2.1-or-later
// What the words of zonescope-view's command line mean.
#include "tools/view/program_options.hpp"

#include <gtest/gtest.h>

#include "tools/error.hpp"
#include "tools/view/parse_address.hpp"

namespace tools::view {
namespace {

ProgramWords words() {
    ProgramWords w;
    w.directory = "trace";
    return w;
}

TEST(ProgramOptions, HaveDefaults) {
    const ProgramOptions o = to_options(words());
    EXPECT_EQ(o.directory, "trace");
    EXPECT_FALSE(o.at);
    EXPECT_EQ(o.size, (Size{1280, 800}));
    EXPECT_FALSE(o.inspect);
    EXPECT_FALSE(o.panel);
}

TEST(ProgramOptions, AreRead) {
    ProgramWords w = words();
    w.at = 0, w.size = "640x480", w.scale = 1.5, w.inspect = "0xC010_1000", w.panel = "walk";
    const ProgramOptions o = to_options(w);
    EXPECT_EQ(o.at, 0u);
    EXPECT_EQ(o.size, (Size{640, 480}));
    EXPECT_EQ(o.scale, 1.5);
    EXPECT_EQ(o.inspect, 0xC0101000u);
    EXPECT_EQ(o.panel, PanelId::inspector);
}

TEST(ProgramOptions, AreRefused) {
    EXPECT_THROW((void)to_options(ProgramWords{}), InputError);
    ProgramWords both = words();
    both.live = "socket";
    EXPECT_THROW((void)to_options(both), InputError);
    for (const char* size : {"0x5", "5", "5x", "x5", "5x5x5", "-5x5", "99999x5", "5 x5"}) {
        ProgramWords w = words();
        w.size = size;
        EXPECT_THROW((void)to_options(w), InputError) << size;
    }
    for (const double scale : {-1.0, 0.1, 9.0, 1e300}) {
        ProgramWords w = words();
        w.scale = scale;
        EXPECT_THROW((void)to_options(w), InputError) << scale;
    }
    ProgramWords panel = words(), address = words();
    ProgramWords live;
    live.live = "socket";
    EXPECT_NO_THROW((void)to_options(live));
    live.at = 5;
    EXPECT_THROW((void)to_options(live), InputError) << "a recording that goes on has one moment";
    panel.panel = "door", address.inspect = "xyz";
    EXPECT_THROW((void)to_options(panel), InputError);
    EXPECT_THROW((void)to_options(address), InputError);
}

TEST(ParseAddress, TakesWhatPeopleWrite) {
    EXPECT_EQ(parse_address("0"), 0u);
    EXPECT_EQ(parse_address("FFFFFFFF"), 0xFFFFFFFFu);
    EXPECT_EQ(parse_address("0x00000000c0001000"), 0xC0001000u);
    EXPECT_EQ(parse_address("c000 1000"), 0xC0001000u);
    for (const char* wrong : {"", "0x", "g", "100000000", "-1", "+1", "1.0"}) EXPECT_FALSE(parse_address(wrong)) << wrong;
}

}  // namespace
}  // namespace tools::view
