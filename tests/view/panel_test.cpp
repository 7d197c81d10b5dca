// SPDX-License-Identifier: LGPL-2.1-or-later
// What single panels make of moments that are out of the ordinary.
#include <gtest/gtest.h>

#include "fake_canvas.hpp"
#include "made_up_source.hpp"
#include "tools/view/charts_panel.hpp"
#include "tools/view/linear_panel.hpp"
#include "tools/view/linear_slots.hpp"
#include "tools/view/status_bar.hpp"
#include "tools/view/strip_chart.hpp"
#include "tools/view/tlb_panel.hpp"

namespace tools::view {
namespace {

constexpr Rect body{0, 0, 600, 400};

StripChart chart_of(std::vector<double> values) {
    const size_t columns = values.size();
    return {"Misses", "page walks", {{"NORMAL", sky_blue, std::move(values)}}, columns};
}

TEST(StripScale, AFewSpikesDoNotFlattenTheRest) {
    std::vector<double> values(100, 50);
    values[3] = 60, values[40] = 1e6, values[41] = 2e7;
    const StripScale scale = scale_of(chart_of(values));
    EXPECT_EQ(scale.top, 75);
    EXPECT_EQ(scale.highest, 2e7);
    EXPECT_TRUE(scale.cuts());
    FakeCanvas canvas{{600, 200}};
    draw_strip(canvas, {0, 0, 600, 200}, chart_of(values));
    EXPECT_TRUE(canvas.says("at most 20 M")) << "what is cut off is said";
    size_t marks = 0;
    for (const auto& f : canvas.fills) {
        EXPECT_GE(f.where.y, 0);
        marks += f.color == plain_text;
    }
    EXPECT_EQ(marks, 2u) << "and marked";
}

TEST(StripScale, ReachesToTheHighestOtherwise) {
    EXPECT_EQ(scale_of(chart_of({})).top, 0);
    EXPECT_EQ(scale_of(chart_of({0, 0})).top, 0);
    EXPECT_EQ(scale_of(chart_of({1, 1000})).top, 1000) << "of few columns one is not out of the ordinary";
    std::vector<double> rising, burst(100, 0);
    for (int n = 0; n < 100; ++n) rising.push_back(n * n);
    burst[50] = 7;
    EXPECT_FALSE(scale_of(chart_of(rising)).cuts());
    EXPECT_FALSE(scale_of(chart_of(burst)).cuts()) << "there is nothing else to be seen";
    std::vector<double> half(100, 1);
    for (size_t n = 0; n < 50; ++n) half[n] = 1000;
    EXPECT_FALSE(scale_of(chart_of(half)).cuts());
}

TEST(TlbPanel, NamesOnlyZonesThatThereAre) {
    MadeUpSource source;
    Snapshot now = source.snapshot();
    now.zones = {{"DMA", 0, 0x1000}, {"NORMAL", 0x1000, 0x8000}, {"HIGHMEM", 0x8000, 0x8000}, {"other", 0, 0}};
    FakeCanvas canvas{{600, 400}};
    TlbPanel{}.draw(canvas, body, now, {});
    EXPECT_TRUE(canvas.says("NORMAL"));
    EXPECT_FALSE(canvas.says("HIGHMEM")) << "it has no frames";
}

TEST(ChartsPanel, NamesOnlyZonesThatThereAreOrThatOccur) {
    MadeUpSource source;
    Snapshot now = source.snapshot();
    now.zones = {{"DMA", 0, 0x1000}, {"HIGHMEM", 0x8000, 0x8000}, {"other", 0, 0}};
    now.strips.columns = 2, now.strips.zones = {{{0, 0}, {0, 0}}, {{0, 0}, {0, 0}}, {{0, 0}, {0, 0}}};
    ChartsPanel panel;
    FakeCanvas canvas{{600, 400}};
    panel.draw(canvas, body, now, {});
    EXPECT_TRUE(canvas.says("DMA"));
    EXPECT_FALSE(canvas.says("HIGHMEM"));
    EXPECT_FALSE(canvas.says("other"));
    now.strips.zones[2].walks[1] = 1;
    panel.draw(canvas, body, now, {});
    EXPECT_TRUE(canvas.says("other"));
}

TEST(TlbPanel, SaysWhereADateIsOnlyWhenItWasShown) {
    MadeUpSource source;
    Snapshot now = source.snapshot();
    now.tlbs = {{"DTLB 4K", 1, 1, {{true, false, false, false, true, false, 5, 5, 100, 0}}}};
    TlbPanel panel;
    const FakeCanvas canvas{{600, 400}};
    std::string text;
    const auto look_for_it = [&] {
        for (int y = 0; y < body.height; y += 5)
            for (int x = 0; x < body.width; x += 5)
                if (const auto hit = panel.hit(canvas, body, now, {}, {x, y})) text = hit->text;
    };
    look_for_it();
    EXPECT_NE(text.find("\nfilled at tick 100"), std::string::npos) << text;
    now.tlb_dates_exact = false;
    look_for_it();
    EXPECT_NE(text.find("first shown as filled at tick 100"), std::string::npos) << text;
}

std::string field(const Snapshot& now, const std::string& label) {
    const FakeCanvas canvas{{1280, 800}};
    for (const StatusField& f : status_fields(canvas, 1280, now, {}))
        if (f.label == label) return f.value;
    return "-";
}

TEST(StatusBar, SaysWhoRuns) {
    MadeUpSource source;
    Snapshot now = source.snapshot();
    EXPECT_EQ(field(now, "task"), "sh (12)");
    EXPECT_EQ(field(now, "CR3"), "00101000");
    now.task = "cr3 00101000";
    EXPECT_EQ(field(now, "task"), "cr3 00101000");
    EXPECT_EQ(field(now, "CR3"), "-") << "it is said already";
    now.task = "cr3 00777000";
    EXPECT_EQ(field(now, "task"), "cr3 00777000");
    EXPECT_EQ(field(now, "CR3"), "00101000") << "another one is news";
    now.registers.control.cr0 = mm::cr0_pe, now.task = "paging off";
    EXPECT_EQ(field(now, "task"), "paging off");
    EXPECT_EQ(field(now, "CR3"), "00101000") << "what is in the register all the same";
    now.task.clear();
    EXPECT_EQ(field(now, "task"), "not known");
}

Hit hit_at(const LinearPanel& panel, const Snapshot& now, const std::string& beginning) {
    const FakeCanvas canvas{{600, 400}};
    for (int y = 0; y < body.height; ++y)
        for (int x = 0; x < body.width; x += 3)
            if (const auto hit = panel.hit(canvas, body, now, {}, {x, y}); hit && hit->text.rfind(beginning, 0) == 0) return *hit;
    return {};
}

// The line is drawn as wide as the map, but for the step where the kernel's part does not begin a row.
int line_width(const FakeCanvas& canvas) {
    int width = 0;
    for (const auto& f : canvas.fills)
        if (f.color == plain_text && f.where.height <= 2) width += f.where.width;
    return width;
}

TEST(LinearPanel, DrawsWhereTheKernelsPartBegins) {
    for (const char* split : {"3:1", "4:4"}) {
        MadeUpSource source{split};
        Snapshot now = source.snapshot();
        LinearPanel panel;
        FakeCanvas canvas{{600, 400}}, without{{600, 400}}, large{{2400, 400}};
        panel.draw(canvas, body, now, {});
        EXPECT_TRUE(canvas.says(split == std::string{"3:1"} ? "PAGE_OFFSET c0000000" : "PAGE_OFFSET 02000000"));
        EXPECT_GT(line_width(canvas), body.width / 2) << split;
        EXPECT_FALSE(canvas.says("address space")) << "there is no room";
        for (const auto& f : canvas.fills)
            for (const auto& t : canvas.texts)
                if (f.color == plain_text && f.where.height <= 2 && t.text.rfind("PAGE_OFFSET", 0) == 0) EXPECT_TRUE(intersection(f.where, t.where).empty()) << "the line is under its label";
        panel.draw(large, {0, 0, 2400, 400}, now, {});
        EXPECT_EQ(large.says("the kernel's address space; programs have their own, the trampoline at fffc0000 is in both"), split == std::string{"4:4"});
        now.linear.split = {};
        panel.draw(without, body, now, {});
        EXPECT_EQ(line_width(without), 0) << split;
        EXPECT_FALSE(without.says("PAGE_OFFSET"));
    }
}

// The last moment of a live recording has no page tables.
TEST(LinearPanel, SaysWhyThereIsNothing) {
    MadeUpSource source;
    Snapshot now = source.snapshot();
    now.linear.slots.clear();
    LinearPanel panel;
    FakeCanvas on{{600, 400}}, off{{600, 400}};
    panel.draw(on, body, now, {});
    EXPECT_TRUE(on.says("The page tables are not known."));
    now.registers.control.cr0 = mm::cr0_pe;
    panel.draw(off, body, now, {});
    EXPECT_TRUE(off.says("Paging is off"));
}

TEST(LinearPanel, SaysThatAnAddressIsTwoAtFourFour) {
    MadeUpSource apart{"4:4"}, together;
    const LinearPanel panel;
    EXPECT_EQ(panel.subtitle(apart.snapshot(), {}), "kernel and programs apart, 4 MiB a cell");
    EXPECT_EQ(panel.subtitle(together.snapshot(), {}), "4 MiB a cell");
    EXPECT_NE(hit_at(panel, apart.snapshot(), "01c00000").text.find(", user\n"), std::string::npos);
    EXPECT_NE(hit_at(panel, apart.snapshot(), "02000000").text.find(", user or lowmem, an address space each\n"), std::string::npos);
    EXPECT_NE(hit_at(panel, apart.snapshot(), "ff800000").text.find(", pkmap\n"), std::string::npos);
    EXPECT_NE(hit_at(panel, together.snapshot(), "c0000000").text.find(", lowmem\n"), std::string::npos);
}

// At 4:4 a linear address is the program's or the kernel's, by the page tables that are in use.
TEST(LinearSlots, WhatNobodyKnowsIsNobodys) {
    Snapshot now;
    now.regions = {{"user", 0, 0xFF000000, 0, 0}, {"lowmem", 0x02000000, 0xF0000000, 0, 0}, {"other", 0, 0, 0, 0}};
    now.linear.slots.resize(1024);
    const size_t slot = 0x40000000 >> 22;
    EXPECT_EQ(color_of_slot(now, {slot, 1}), dim_text);
    EXPECT_EQ(color_of_slot(now, {0, 1}), region_color("user", 0)) << "where it can be nobody else's it is known";
    now.linear.slots[slot].content = SlotContent::table;
    EXPECT_EQ(color_of_slot(now, {slot, 1}), region_color("lowmem", 1));
    now.linear.slots[slot].user = true;
    EXPECT_EQ(color_of_slot(now, {slot, 1}), region_color("user", 0));
    EXPECT_EQ(color_of_slot(now, {slot - 1, 1}), dim_text);
    EXPECT_EQ(color_of_slot(now, {1023, 1}), dim_text) << "no region";
}

}  // namespace
}  // namespace tools::view
