// SPDX-License-Identifier: LGPL-2.1-or-later
// The viewer while its source goes on: a recording that is followed or frozen, one that takes long to read, and what flashes.
#include "viewer_fixture.hpp"

namespace tools::view {
namespace {

TEST_F(ViewerTest, FollowsALiveSource) {
    source.live_ = true;
    Viewer live{source, "live"};
    EXPECT_TRUE(live.playing());
    source.news_ = true;
    live.pass_time(10);
    EXPECT_EQ(live.shown().tick, last);
    live.type(canvas, " ");
    EXPECT_FALSE(live.playing());
    const unsigned snapshots = source.snapshots;
    live.pass_time(50);
    EXPECT_EQ(source.snapshots, snapshots) << "frozen";
    EXPECT_EQ(live.wake_after(), 200u) << "but it goes on reading";
    live.type(canvas, "p");
    live.press(canvas, Key::down, false), live.press(canvas, Key::enter, false);
    EXPECT_EQ(source.snapshots, snapshots) << "another profile would need another moment";
    source.live_ = false;
    live.pass_time(100);
}

TEST_F(ViewerTest, SaysHowMuchOfALongRecordingIsRead) {
    source.read_ = 0.345;
    Viewer opening{source, "long"};
    EXPECT_TRUE(opening.reading());
    EXPECT_EQ(source.snapshots, 1u) << "of the other viewer; nobody waits for the moment";
    const auto draws = [&](std::string_view text) {
        canvas.texts.clear(), opening.draw(canvas);
        return canvas.says(text);
    };
    EXPECT_TRUE(draws("Reading the recording, 34 %"));
    EXPECT_FALSE(draws("The recording has no zones.")) << "nothing is known yet";
    EXPECT_NE(opening.title().find("reading"), std::string::npos);
    ASSERT_TRUE(opening.wake_after()) << "it goes on by itself";
    opening.press(canvas, Key::f1, false);
    EXPECT_TRUE(draws("F1")) << "and keys are answered meanwhile";
    opening.press(canvas, Key::escape, false);
    opening.type(canvas, "..");
    EXPECT_TRUE(draws("2 steps onward follow when"));
    opening.type(canvas, ",");
    EXPECT_TRUE(draws("1 step onward follows when")) << "each press counts";
    opening.inspect(0xC0101000);
    EXPECT_EQ(source.inspections, 0u);
    source.read_ = 0.8;
    opening.pass_time(100);
    EXPECT_TRUE(draws("80 %"));
    EXPECT_TRUE(draws("reading 80 %")) << "the status bar says it, too, in the place of paused";
    EXPECT_FALSE(draws("paused"));
    source.read_ = 1;
    opening.pass_time(200);
    EXPECT_FALSE(opening.reading());
    EXPECT_EQ(opening.shown().tick, first + event) << "the step is made";
    EXPECT_TRUE(draws("PTE 257")) << "what was asked for is shown";
    EXPECT_FALSE(draws("Reading"));
    EXPECT_TRUE(draws("paused"));
    opening.pass_time(10000);
    EXPECT_FALSE(opening.wake_after());
    opening.type(canvas, "q");
    EXPECT_TRUE(opening.wants_to_quit());
}

TEST_F(ViewerTest, SeeksAddUpWhileTheRecordingIsRead) {
    source.read_ = 0.5;
    for (int n = 0; n < 3; ++n) viewer.press(canvas, Key::page_down, false);
    viewer.press(canvas, Key::page_up, false);
    viewer.type(canvas, ",");
    EXPECT_EQ(tick(), first) << "nothing is shown before it is read";
    source.read_ = 1;
    viewer.pass_time(1);
    constexpr uint64_t twice = first + 2 * ((last - first) / 10);
    EXPECT_EQ(tick(), twice - (twice - first) % event) << "to the event before";
    source.read_ = 0.5;
    viewer.press(canvas, Key::page_down, false);
    viewer.type(canvas, ".");
    viewer.press(canvas, Key::home, false);
    source.read_ = 1;
    viewer.pass_time(2);
    EXPECT_EQ(tick(), first) << "a step belongs to the moment that was sought before it";
}

TEST_F(ViewerTest, WhatIsFrozenIsNotInspectedAnew) {
    source.live_ = source.news_ = true;
    Viewer live{source, "live"};
    live.inspect(0xC0101000);
    live.pass_time(10);
    live.type(canvas, " ");
    unsigned before = source.inspections;
    for (uint64_t t = 20; t < 2000; t += 100) live.pass_time(t);
    EXPECT_EQ(source.inspections, before) << "it stands still";
    source.answers_ = false;
    live.inspect(0xC0102000);
    EXPECT_TRUE(live.waits_for_answer());
    live.pass_time(3000);
    EXPECT_TRUE(live.waits_for_answer());
    source.answers_ = true;
    live.pass_time(4000);
    EXPECT_FALSE(live.waits_for_answer()) << "what is asked for while it is frozen is answered";
    before = source.inspections;
    live.pass_time(5000), live.pass_time(6000);
    EXPECT_EQ(source.inspections, before) << "once";
    source.live_ = false;
    live.pass_time(7000);
}

TEST_F(ViewerTest, FlashesWhatAStepFilled) {
    Flashes flashes;
    Snapshot now;
    now.tick = 100, now.last.tick = 100;
    now.tlbs = {{"DTLB", 1, 3, {{}, {}, {}}}};
    now.tlbs[0].entries[0] = {true, false, false, false, false, false, 1, 1, 100, 0};
    now.tlbs[0].entries[1] = {true, false, false, false, false, false, 1, 1, 50, 0};
    flashes.jump(now, 0);
    EXPECT_EQ(flashes.at(0, 0).fill, 1);
    EXPECT_EQ(flashes.at(0, 1).fill, 0);
    flashes.set_fading(true, 0);
    now.tick = 200;
    now.tlbs[0].entries[1].valid = false, now.tlbs[0].entries[1].dropped = 150;
    flashes.follow(now, 1000);
    EXPECT_EQ(flashes.at(0, 1).drop, 1);
    flashes.set_time(1000 + Flashes::fade_milliseconds / 2);
    EXPECT_NEAR(flashes.at(0, 1).drop, 0.5, 0.01);
    EXPECT_TRUE(flashes.fading(1001));
    flashes.set_time(1000 + Flashes::fade_milliseconds);
    EXPECT_EQ(flashes.at(0, 1).drop, 0);
    EXPECT_EQ(flashes.at(7, 7).drop, 0);
}

}  // namespace
}  // namespace tools::view
