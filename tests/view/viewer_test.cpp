// SPDX-License-Identifier: LGPL-2.1-or-later
// Keys, clicks and time in; seeking, stepping, dialogs and drawings out. No display.
#include <fstream>
#include <iterator>

#include "viewer_fixture.hpp"

namespace tools::view {
namespace {

TEST_F(ViewerTest, StepsAndSeeks) {
    EXPECT_EQ(tick(), first);
    viewer.type(canvas, ".");
    viewer.press(canvas, Key::right, false);
    EXPECT_EQ(tick(), first + 2 * event);
    viewer.type(canvas, ",");
    EXPECT_EQ(tick(), first + event);
    viewer.press(canvas, Key::end, false);
    EXPECT_EQ(tick(), last);
    viewer.press(canvas, Key::right, false);
    EXPECT_EQ(tick(), last);
    draw();
    EXPECT_TRUE(canvas.says("This is the last event."));
    viewer.press(canvas, Key::left, true);
    EXPECT_EQ(tick(), last - (last - first) / 100);
    viewer.press(canvas, Key::home, false);
    EXPECT_EQ(tick(), first);
    viewer.press(canvas, Key::page_down, false);
    EXPECT_EQ(tick(), first + (last - first) / 10);
}

TEST_F(ViewerTest, PlaysAtItsSpeedAndStopsAtTheEnd) {
    EXPECT_FALSE(viewer.wake_after());
    viewer.pass_time(1000);
    viewer.type(canvas, " ");
    EXPECT_TRUE(viewer.playing());
    EXPECT_EQ(viewer.wake_after(), 33u);
    const uint64_t before = tick();
    for (uint64_t t = 1000; t <= 2000; t += 33) viewer.pass_time(t);
    const uint64_t slow = tick() - before;
    EXPECT_GT(slow, 0u);
    viewer.type(canvas, "+");
    for (uint64_t t = 2000; t <= 3000; t += 33) viewer.pass_time(t);
    EXPECT_NEAR(static_cast<double>(tick() - before - slow), 2.0 * static_cast<double>(slow), 0.2 * static_cast<double>(slow));
    viewer.type(canvas, "++++++++++");
    for (uint64_t t = 3000; t <= 9000; t += 100) viewer.pass_time(t);
    EXPECT_EQ(tick(), last);
    EXPECT_FALSE(viewer.playing());
    viewer.pass_time(20000);
    EXPECT_FALSE(viewer.wake_after()) << "idle costs nothing";
    viewer.type(canvas, " ");
    EXPECT_EQ(tick(), first) << "played again from the beginning";
}

TEST_F(ViewerTest, DragsTheBarOfTime) {
    draw();
    const ScreenLayout where = lay_out(canvas, PanelId::memory, false, 30);
    const Rect track = time_track(canvas, where.controls);
    viewer.mouse_down(canvas, {track.x + track.width / 2, track.y + 3}, 1);
    viewer.pass_time(1);
    EXPECT_NEAR(static_cast<double>(tick()), static_cast<double>(first + last) / 2, 2000);
    const unsigned seeks = source.seeks;
    for (int x = 0; x < 200; ++x) viewer.mouse_move(canvas, {track.x + x, track.y + 3});
    viewer.pass_time(2);
    EXPECT_EQ(source.seeks, seeks + 1) << "many moves of the mouse are one seek";
    viewer.mouse_up();
    viewer.mouse_move(canvas, {track.right() - 1, track.y});
    viewer.pass_time(3);
    EXPECT_LT(tick(), (first + last) / 2);
}

TEST_F(ViewerTest, InspectsWhatIsTyped) {
    viewer.type(canvas, "g");
    viewer.type(canvas, "xyz");
    viewer.press(canvas, Key::enter, false);
    draw();
    EXPECT_TRUE(canvas.says("is no linear address"));
    for (int i = 0; i < 3; ++i) viewer.press(canvas, Key::backspace, false);
    viewer.type(canvas, "0x1c0101000");
    viewer.press(canvas, Key::enter, false);
    draw();
    EXPECT_TRUE(canvas.says("is no linear address"));
    for (int i = 0; i < 11; ++i) viewer.press(canvas, Key::backspace, false);
    viewer.type(canvas, "0xc0101000");
    viewer.press(canvas, Key::enter, false);
    draw();
    EXPECT_TRUE(canvas.says("PTE 257"));
    EXPECT_NE(viewer.title().find("inspecting c0101000"), std::string::npos);
}

TEST_F(ViewerTest, InspectsWhatIsClicked) {
    click(at("c0000000"));  // the axis is no page
    EXPECT_EQ(viewer.title().find("inspecting"), std::string::npos);
    EXPECT_EQ(viewer.focus(), PanelId::linear);
    draw();
    const Rect body = body_of(canvas, lay_out(canvas, PanelId::memory, false, 30).panel(PanelId::linear));
    click({body.x + body.width / 2, body.y + body.height / 2});
    EXPECT_NE(viewer.title().find("inspecting"), std::string::npos);
    viewer.type(canvas, "i");
    EXPECT_NE(viewer.title().find("inspecting c0101000"), std::string::npos);
}

TEST_F(ViewerTest, FiltersSteps) {
    viewer.type(canvas, "fwrong");  // as pasted, or by an input method: what follows the key is text
    viewer.press(canvas, Key::enter, false);
    draw();
    EXPECT_TRUE(canvas.says("no zone wrong"));
    EXPECT_EQ(source.filter, "");
    for (int i = 0; i < 5; ++i) viewer.press(canvas, Key::backspace, false);
    viewer.type(canvas, "event=flush");
    viewer.press(canvas, Key::enter, false);
    EXPECT_EQ(source.filter, "event=flush");
    viewer.type(canvas, ".");
    EXPECT_EQ(tick(), first + 10 * event);
    EXPECT_NE(viewer.title().find("filter event=flush"), std::string::npos);
}

TEST_F(ViewerTest, ChoosesAProfileByKeysAndMouse) {
    viewer.type(canvas, "p");
    viewer.press(canvas, Key::down, false);
    viewer.press(canvas, Key::enter, false);
    EXPECT_EQ(viewer.shown().profile, "skylake");
    viewer.type(canvas, "p");
    click(at("p6"));
    EXPECT_EQ(viewer.shown().profile, "p6");
    viewer.type(canvas, "p");
    click({3, 3});
    EXPECT_EQ(viewer.shown().profile, "p6") << "a click beside the list leaves it";
    viewer.type(canvas, "c");
    viewer.press(canvas, Key::end, false);
    viewer.press(canvas, Key::enter, false);
    EXPECT_EQ(viewer.shown().cpu, 1u);
}

TEST_F(ViewerTest, ButtonsDoWhatTheySay) {
    click(at("\u25B6"));
    EXPECT_EQ(tick(), first + event);
    click(at("\u25C0"));
    EXPECT_EQ(tick(), first);
    click(at("Play"));
    EXPECT_TRUE(viewer.playing());
    click(at("Pause"));
    EXPECT_FALSE(viewer.playing());
    click(at("Picture"));
    EXPECT_TRUE(viewer.take_picture_wish());
    EXPECT_FALSE(viewer.take_picture_wish());
    click(at("Help"));
    draw();
    EXPECT_TRUE(canvas.says("F1"));
}

TEST_F(ViewerTest, HelpListsEveryKey) {
    viewer.press(canvas, Key::f1, false);
    draw();
    for (const KeyHelp& k : key_help) EXPECT_TRUE(canvas.says(k.what)) << k.what;
    viewer.press(canvas, Key::escape, false);
    EXPECT_FALSE(viewer.wants_to_quit()) << "Escape closes the help first";
    // Each letter that does something is in the help.
    for (char c = 'a'; c <= 'z'; ++c)
        if (command_of(c)) {
            bool named = false;
            for (const KeyHelp& k : key_help) named |= (" " + std::string{k.keys} + " ").find(std::string{' '} + c) != std::string::npos;
            EXPECT_TRUE(named) << c;
        }
}

TEST_F(ViewerTest, TheManualListsEveryKey) {
    std::ifstream in{std::string{ZONESCOPE_VIEW_DATA} + "/../../../doc/man/zonescope-view.1"};
    const std::string manual{std::istreambuf_iterator<char>{in}, {}};
    for (const KeyHelp& k : key_help) EXPECT_NE(manual.find(k.what.substr(1)), std::string::npos) << k.what;
}

TEST_F(ViewerTest, TabMovesTheFocusVisibly) {
    const auto focused = [&] {
        draw();
        for (const auto& f : canvas.fills)
            if (f.color == focus_border && f.where.height == 2) return f.where.x + f.where.y * 10000;
        return -1;
    };
    const int memory = focused();
    viewer.press(canvas, Key::tab, false);
    EXPECT_EQ(viewer.focus(), PanelId::linear);
    EXPECT_NE(focused(), memory);
    viewer.press(canvas, Key::tab, true);
    viewer.press(canvas, Key::tab, true);
    EXPECT_EQ(viewer.focus(), PanelId::inspector);
}

TEST_F(ViewerTest, ZoomsAtTheMouse) {
    const Rect memory = body_of(canvas, lay_out(canvas, PanelId::memory, false, 30).panel(PanelId::memory));
    const Point at{memory.x + memory.width / 2, memory.y + memory.height / 2};
    viewer.wheel(canvas, at, 1);
    draw();
    EXPECT_TRUE(canvas.says("512 MiB of 1 GiB"));
    viewer.type(canvas, "z");
    draw();
    EXPECT_TRUE(canvas.says("256 MiB of 1 GiB"));
    for (int i = 0; i < 20; ++i) viewer.wheel(canvas, at, 1), viewer.press(canvas, Key::down, false), draw();
    for (int i = 0; i < 20; ++i) viewer.type(canvas, "x"), draw();
    EXPECT_FALSE(canvas.says(" of 1 GiB"));
    viewer.mouse_leave();
    viewer.press(canvas, Key::tab, false);
    viewer.type(canvas, "z");
    draw();
    EXPECT_TRUE(canvas.says("2 GiB")) << "without a mouse, the focused panel";
}

TEST_F(ViewerTest, ALongEventLeavesTheNoteItsPlace) {
    draw();
    EXPECT_TRUE(canvas.says("TLB contents are exact")) << "at the usual size";
    FakeCanvas narrow{{640, 480}};
    viewer.draw(narrow);
    EXPECT_TRUE(narrow.says("TLB contents are exact"));
    EXPECT_TRUE(narrow.says(" cpu0 model_walk: ")) << "and the event is there";
}

TEST_F(ViewerTest, AdviceForTooSmallWindowsIsReadable) {
    for (int width = 10; width < 240; width += 5)
        for (int height = 10; height < 180; height += 5) {
            FakeCanvas small{{width, height}};
            viewer.draw(small);
            int below = 0;
            for (const auto& t : small.texts) {
                EXPECT_GE(t.where.y, below) << width << 'x' << height;
                below = t.where.bottom();
            }
            EXPECT_LE(below, height) << width << 'x' << height;
        }
    FakeCanvas small{{60, 40}};
    viewer.draw(small);
    EXPECT_TRUE(small.says("Too small"));
}

TEST_F(ViewerTest, QuitsByEscapeAndQ) {
    viewer.type(canvas, "m");
    viewer.press(canvas, Key::escape, false);
    EXPECT_FALSE(viewer.wants_to_quit());
    viewer.press(canvas, Key::escape, false);
    EXPECT_TRUE(viewer.wants_to_quit());
}

TEST_F(ViewerTest, SaysWhatTheSourceCannot) {
    source.broken_ = true;
    viewer.press(canvas, Key::end, false);
    draw();
    EXPECT_TRUE(canvas.says("it is broken"));
    for (uint64_t t = 0; t < 10000; t += 500) viewer.pass_time(t);
    draw();
    EXPECT_FALSE(canvas.says("it is broken")) << "messages go away";
}

}  // namespace
}  // namespace tools::view
