// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers, fitting, wrapping, editing a line, and the colours that text is read by.
#include <gtest/gtest.h>

#include "fake_canvas.hpp"
#include "tests/seed.hpp"
#include "tools/view/desktop_scale.hpp"
#include "tools/view/line_editor.hpp"
#include "tools/view/number_text.hpp"
#include "tools/view/side_labels.hpp"
#include "tools/view/text_fit.hpp"

namespace tools::view {
namespace {

TEST(DesktopScale, IsWhatTheDesktopSaysOrFollowsFromItsResolution) {
    EXPECT_EQ(desktop_scale(nullptr, 0, 1000), 1) << "nothing is known";
    EXPECT_EQ(desktop_scale(nullptr, 160, 2160), 1) << "a large display with many dots";
    EXPECT_EQ(desktop_scale(nullptr, 192, 1200), 2);
    EXPECT_EQ(desktop_scale(nullptr, 220, 1080), 1) << "a small one has no room";
    EXPECT_EQ(desktop_scale("3", 96, 1000), 3);
    EXPECT_EQ(desktop_scale("1", 220, 2160), 1) << "somebody said so";
    for (const char* nonsense : {"", "0", "-1", "9", "2x", "1.5"}) EXPECT_EQ(desktop_scale(nonsense, 192, 1200), 2) << nonsense;
}

TEST(NumberText, IsShortAndExact) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(shortened(0), "0");
    EXPECT_EQ(shortened(999), "999");
    EXPECT_EQ(shortened(1500), "1.5 k");
    EXPECT_EQ(shortened(999999), "1 M");
    EXPECT_EQ(shortened(12345678), "12.3 M");
    EXPECT_EQ(bytes_text(0), "0 B");
    EXPECT_EQ(bytes_text(896u << 20), "896 MiB");
    EXPECT_EQ(bytes_text(3u << 29), "1.5 GiB");
    EXPECT_EQ(hex_address(0xC0000000), "c0000000");
    EXPECT_EQ(hex_address(0x123456789), "123456789");
}

TEST(NumberText, StepsAreNiceAndFewEnough) {
    EXPECT_EQ(nice_step(100, 5), 20);
    EXPECT_EQ(nice_step(101, 5), 50);
    EXPECT_EQ(nice_step(3, 4), 1);
    EXPECT_EQ(nice_step(0, 4), 1);
    for (double span = 1; span < 1e12; span *= 1.37)
        for (int parts = 1; parts < 9; ++parts) EXPECT_LE(span / nice_step(span, parts), parts * (1 + 1e-9)) << span << ' ' << parts;
}

TEST(TextFit, CutsBetweenCharacters) {
    const FakeCanvas canvas{{500, 500}};
    EXPECT_EQ(fit(canvas, "abcdef", Font::text, 42), "abcdef");
    EXPECT_EQ(fit(canvas, "abcdef", Font::text, 41), "abcd\u2026");
    EXPECT_EQ(fit(canvas, "\u00e4\u00f6\u00fc\u20ac", Font::text, 21), "\u00e4\u00f6\u2026");
    EXPECT_EQ(fit(canvas, "abcdef", Font::text, 7), "\u2026");
    EXPECT_EQ(fit(canvas, "abcdef", Font::text, 6), "");
    EXPECT_EQ(fit(canvas, "", Font::text, 0), "");
}

TEST(TextFit, FitsWhateverTheTextIs) {
    const FakeCanvas canvas{{500, 500}};
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 2000; ++round) {
        std::string text(random() % 30, ' ');
        for (char& c : text) c = static_cast<char>(random());
        const int width = static_cast<int>(random() % 150);
        EXPECT_LE(canvas.text_width(fit(canvas, text, Font::small, width), Font::small), std::max(width, 0));
        for (const std::string& line : wrap(canvas, text, Font::small, 60)) EXPECT_LE(canvas.text_width(line, Font::small), 60);
    }
}

TEST(TextFit, WrapsAtSpaces) {
    const FakeCanvas canvas{{500, 500}};
    const auto lines = wrap(canvas, "one two three\nfourteenletters", Font::text, 63);
    EXPECT_EQ(lines, (std::vector<std::string>{"one two", "three", "fourteenl", "etters"}));
    EXPECT_EQ(wrap(canvas, "ab", Font::text, 1), (std::vector<std::string>{"a", "b"}));
}

TEST(SideLabels, AreApartAndInside) {
    const std::vector<SideLabel> labels{{10, "a", {}}, {12, "b", {}}, {13, "c", {}}, {98, "d", {}}};
    const std::vector<int> tops = spread(labels, 0, 100, 10);
    EXPECT_EQ(tops, (std::vector<int>{5, 15, 25, 90}));
    EXPECT_EQ(spread(labels, 0, 25, 10), (std::vector<int>{5, 15, -1, -1}));
    EXPECT_EQ(spread(labels, 0, 5, 10), (std::vector<int>{-1, -1, -1, -1}));
}

TEST(LineEditor, EditsWholeCharacters) {
    LineEditor line{"a\u00e4"};
    EXPECT_TRUE(line.press(Key::backspace));
    EXPECT_EQ(line.text(), "a");
    line.insert("b\nc\x7f");
    EXPECT_EQ(line.text(), "abc");
    EXPECT_TRUE(line.press(Key::home));
    EXPECT_TRUE(line.press(Key::backspace));
    EXPECT_TRUE(line.press(Key::erase));
    line.insert("\u20ac");
    EXPECT_EQ(line.text(), "\u20acbc");
    EXPECT_EQ(line.cursor(), 3u);
    EXPECT_TRUE(line.press(Key::left));
    EXPECT_EQ(line.cursor(), 0u);
    EXPECT_TRUE(line.press(Key::end));
    EXPECT_TRUE(line.press(Key::erase));
    EXPECT_FALSE(line.press(Key::tab));
    line.insert(std::string(1000, 'x'));
    EXPECT_EQ(line.text(), "\u20acbc");
}

TEST(Palette, TextContrastsWithItsGround) {
    for (const Color ground : {background, panel_ground, raised}) {
        EXPECT_GE(contrast(plain_text, ground), 7);
        EXPECT_GE(contrast(dim_text, ground), 4.5);
        EXPECT_GE(contrast(alert_text, ground), 4.5);
        EXPECT_GE(contrast(sky_blue, ground), 4.5);
    }
    EXPECT_NEAR(contrast(rgb(0), rgb(0xFFFFFF)), 21, 0.01);
    EXPECT_EQ(zone_color("normal", 1), zone_color("NORMAL", 5));
    // Zones and regions are named in their own colour.
    for (const char* zone : {"DMA", "DMA32", "NORMAL", "HIGHMEM", "other"}) EXPECT_GE(contrast(zone_color(zone, 0), panel_ground), 4.5) << zone;
    for (const char* region : {"user", "lowmem", "vmalloc", "pkmap", "fixmap", "other"}) EXPECT_GE(contrast(region_color(region, 0), panel_ground), 4.5) << region;
}

TEST(Palette, HeatRises) {
    double before = contrast(heat_color(0), rgb(0));
    for (int i = 1; i <= 100; ++i) {
        const double now = contrast(heat_color(i / 100.0), rgb(0));
        EXPECT_GE(now, before) << i;
        before = now;
    }
    EXPECT_EQ(heat_amount(0, 100), 0);
    EXPECT_EQ(heat_amount(100, 100), 1);
    EXPECT_GT(heat_amount(1, 1e6), 0.05);
    EXPECT_EQ(heat_amount(5, 0), 0);
}

}  // namespace
}  // namespace tools::view
