// SPDX-License-Identifier: LGPL-2.1-or-later
// Where things are: maps, TLBs and the window's parts, at any size; and that what is drawn at a place is what is hit there.
#include <gtest/gtest.h>

#include "fake_canvas.hpp"
#include "made_up_source.hpp"
#include "tests/seed.hpp"
#include "tools/view/control_bar.hpp"
#include "tools/view/map_grid.hpp"
#include "tools/view/map_marks.hpp"
#include "tools/view/screen_layout.hpp"
#include "tools/view/tlb_layout.hpp"
#include "tools/view/viewer.hpp"

namespace tools::view {
namespace {

TEST(MapGrid, HitsTheCellThatItDraws) {
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 300; ++round) {
        const Rect area{static_cast<int>(random() % 50), static_cast<int>(random() % 50), 1 + static_cast<int>(random() % 700), 1 + static_cast<int>(random() % 500)};
        const ItemRange shown{random() % 100, 1 + random() % 5000};
        const MapGrid grid{area, shown, 1 + static_cast<int>(random() % 5)};
        ASSERT_GT(grid.cells(), 0u);
        size_t items = 0;
        for (size_t c = 0; c < grid.cells(); ++c) {
            const Rect cell = grid.cell(c);
            EXPECT_EQ(intersection(cell, area), cell);
            EXPECT_EQ(grid.cell_of(grid.items(c).first), c);
            items += grid.items(c).count;
            if (cell.empty()) continue;
            EXPECT_EQ(grid.cell_at({cell.x, cell.y}), c) << area.width << 'x' << area.height << ' ' << shown.count;
            EXPECT_EQ(grid.cell_at({cell.right() - 1, cell.bottom() - 1}), c);
        }
        EXPECT_EQ(items, shown.count);
        EXPECT_FALSE(grid.cell_at({area.x - 1, area.y}));
        EXPECT_FALSE(grid.cell_at({area.x, area.bottom()}));
    }
}

TEST(MapGrid, RowsBeginAtRoundItems) {
    const MapGrid grid{{0, 0, 400, 400}, {0, 4096}, 3};
    EXPECT_EQ(grid.items_per_cell(), 1u);
    EXPECT_EQ(grid.columns(), 64u);
    EXPECT_EQ(grid.rows(), 64u);
    EXPECT_EQ((MapGrid{{0, 0, 100, 100}, {0, 4096}, 3}.items_per_cell()), 4u);
    EXPECT_EQ((MapGrid{{0, 0, 100, 100}, {0, 0}, 3}.cells()), 0u);
    EXPECT_EQ((MapGrid{{0, 0, 0, 100}, {0, 5}, 3}.cells()), 0u);
}

TEST(ItemRange, ZoomsAndMovesInside) {
    std::mt19937_64 random{tests::seed()};
    ItemRange range{0, 4096};
    for (int round = 0; round < 5000; ++round) {
        range = random() % 2 ? zoomed(range, 4096, random() % 2 ? 0.5 : 2, random() % 4096, 16) : moved(range, 4096, static_cast<int64_t>(random() % 500) - 250);
        ASSERT_GE(range.count, 16u);
        ASSERT_LE(range.first + range.count, 4096u);
    }
    EXPECT_EQ(zoomed({0, 4096}, 4096, 0.5, 2048, 16), (ItemRange{1024, 2048}));
    EXPECT_EQ(within({100, 50}, 120), (ItemRange{70, 50}));
    EXPECT_EQ(within({100, 500}, 120), (ItemRange{0, 120}));
    EXPECT_EQ(zoomed({0, 0}, 0, 0.5, 0, 16), (ItemRange{0, 0}));
}

TEST(MapMarks, HeightsFollowRows) {
    const ItemRange shown{0, 100};
    const MapGrid grid{{0, 10, 80, 130}, shown, 3};
    EXPECT_EQ(item_height(grid, shown, 0), 10);
    EXPECT_EQ(item_height(grid, shown, static_cast<double>(grid.items_per_row())), grid.row_top(1));
    EXPECT_EQ(item_height(grid, shown, 1e9), 140);
    EXPECT_EQ(item_height(grid, shown, -5), 10);
}

TEST(TlbLayout, ShowsEachEntryOnceAtAnySize) {
    MadeUpSource source;
    source.set_profile("skylake");
    const std::vector<TlbView>& tlbs = source.snapshot().tlbs;
    std::mt19937_64 random{tests::seed()};
    const FakeCanvas canvas{{2000, 2000}};
    for (int round = 0; round < 60; ++round) {
        const Rect body{5, 7, 200 + static_cast<int>(random() % 900), 220 + static_cast<int>(random() % 900)};
        const TlbLayout places{canvas, body, tlbs};
        ASSERT_EQ(places.blocks().size(), tlbs.size());
        for (size_t t = 0; t < tlbs.size(); ++t)
            for (size_t e = 0; e < tlbs[t].entries.size(); e += 1 + random() % 40) {
                const Rect cell = places.cell(places.blocks()[t], e);
                ASSERT_EQ(intersection(cell, body), cell) << body.width << 'x' << body.height;
                const auto hit = places.at({cell.x, cell.y});
                ASSERT_TRUE(hit);
                EXPECT_EQ(hit->tlb, t);
                EXPECT_EQ(hit->entry, e);
            }
    }
    EXPECT_TRUE((TlbLayout{canvas, {0, 0, 0, 0}, tlbs}.blocks().empty()));
}

TEST(ScreenLayout, PartsLieApartAndInside) {
    for (const double scale : {1.0, 1.5, 2.0, 3.0})
        for (int width = 1; width < 4200; width += 97)
            for (int height = 1; height < 2300; height += 83) {
                const FakeCanvas canvas{{width, height}, scale};
                for (const bool alone : {false, true}) {
                    const ScreenLayout s = lay_out(canvas, PanelId::tlb, alone, canvas.px(40));
                    std::vector<Rect> parts{s.status, s.tabs, s.event_line, s.controls};
                    parts.insert(parts.end(), s.panels.begin(), s.panels.end());
                    for (size_t a = 0; a < parts.size(); ++a) {
                        ASSERT_EQ(intersection(parts[a], {0, 0, width, height}), parts[a]);
                        for (size_t b = 0; b < a; ++b) ASSERT_TRUE(intersection(parts[a], parts[b]).empty()) << width << 'x' << height << ' ' << a << ' ' << b;
                    }
                    if (s.kind == ScreenLayout::Kind::one_panel) { ASSERT_GE(s.panel(PanelId::tlb).height, canvas.px(40)); }
                }
            }
}

TEST(ScreenLayout, ShowsAllWhereThereIsRoom) {
    EXPECT_EQ(lay_out(FakeCanvas{{1280, 800}}, PanelId::memory, false, 30).kind, ScreenLayout::Kind::all_panels);
    EXPECT_EQ(lay_out(FakeCanvas{{1280, 800}}, PanelId::memory, true, 30).kind, ScreenLayout::Kind::one_panel);
    EXPECT_EQ(lay_out(FakeCanvas{{640, 480}}, PanelId::memory, false, 30).kind, ScreenLayout::Kind::one_panel);
    EXPECT_EQ((lay_out(FakeCanvas{{2560, 1600}, 2}, PanelId::memory, false, 60).kind), ScreenLayout::Kind::all_panels);
    EXPECT_EQ(lay_out(FakeCanvas{{100, 80}}, PanelId::memory, false, 30).kind, ScreenLayout::Kind::message);
}

TEST(ControlBar, TimeAndPlaceAgree) {
    const Rect track{10, 0, 501, 10};
    const Extent extent{1000, 2000};
    for (uint64_t tick = 1000; tick <= 2000; tick += 50) EXPECT_EQ(tick_at(track, extent, place_of(track, extent, tick)), tick);
    EXPECT_EQ(tick_at(track, extent, -100), 1000u);
    EXPECT_EQ(tick_at(track, extent, 9999), 2000u);
    EXPECT_EQ(tick_at(track, {5, 5}, 100), 5u);
    EXPECT_EQ(place_of(track, {5, 5}, 5), 10);
}

TEST(Drawing, SurvivesEverySize) {
    MadeUpSource source;
    source.seek(500000);
    Viewer viewer{source, "made-up"};
    viewer.inspect(0xC0101000);
    for (const char* profile : {"p6", "skylake"}) {
        source.set_profile(profile);
        for (const int width : {1, 50, 100, 241, 320, 640, 901, 1280, 4096})
            for (const int height : {1, 50, 80, 181, 240, 431, 480, 800, 2160}) {
                FakeCanvas canvas{{width, height}};
                for (const Command command : {Command::next_panel, Command::zoom_in, Command::scroll_down, Command::zoom_out, Command::help, Command::profile, Command::filter}) {
                    viewer.run(canvas, command);
                    viewer.mouse_move(canvas, {width / 2, height / 2});
                    viewer.draw(canvas);
                    ASSERT_FALSE(viewer.wants_to_quit());
                    if (command == Command::help || command == Command::profile || command == Command::filter) viewer.press(canvas, Key::escape, false);
                }
                if (height < 80 || width < 100) continue;
                for (const auto& text : canvas.texts)
                    EXPECT_TRUE(text.text.empty() || !intersection(text.where, {0, 0, width, height}).empty()) << text.text << ' ' << width << 'x' << height;
            }
    }
}

}  // namespace
}  // namespace tools::view
