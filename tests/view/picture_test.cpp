// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole windows, drawn in memory without a display, compared with pictures that a person has looked at.
//
// To make them again after a change that is meant, in the build directory: ZONESCOPE_PICTURES=new tests/window_tests
// --gtest_filter='*Pictures*'; look at each picture in `new`; then copy those that tests/view/data has there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "fake_canvas.hpp"
#include "made_up_source.hpp"
#include "tools/paths.hpp"
#include "tools/view/picture.hpp"
#include "tools/view/sdl_window.hpp"
#include "tools/view/viewer.hpp"

namespace tools::view {
namespace {

struct Shot {
    const char* name;
    Size size;
    double scale;
    const char* split;
    bool golden;  // whether there is a picture to compare with; of large ones there is none
    std::function<void(Viewer&)> prepare;
};

const Shot shots[] = {
    {"all-panels", {1280, 800}, 1, "3:1", true, [](Viewer& v) { v.inspect(0xC0101000); }},
    {"four-four", {1280, 800}, 1, "4:4", true, [](Viewer&) {}},
    {"vga", {640, 480}, 1, "3:1", true, [](Viewer&) {}},
    {"vga-tlb", {640, 480}, 1, "3:1", true, [](Viewer& v) { v.show_alone(PanelId::tlb); }},
    {"double", {2560, 1600}, 2, "3:1", false, [](Viewer& v) { v.inspect(0xC0101000); }},
    {"tiny", {100, 80}, 1, "3:1", true, [](Viewer&) {}},
    {"help", {1280, 800}, 1, "3:1", false, [](Viewer& v) { v.show_help(); }},
    {"help-small", {320, 240}, 1, "3:1", false, [](Viewer& v) { v.show_help(); }},
    {"prompt", {1280, 800}, 1, "3:1", false, [](Viewer& v) {
         const FakeCanvas canvas{{1280, 800}};
         v.type(canvas, "fwrong"), v.press(canvas, Key::enter, false);
     }},
    {"chooser", {640, 480}, 1, "3:1", false, [](Viewer& v) { v.type(FakeCanvas{{640, 480}}, "p"); }},
    {"hover", {1280, 800}, 1, "3:1", false, [](Viewer& v) { v.mouse_move(FakeCanvas{{1280, 800}}, {950, 95}); }},
    {"large", {4096, 2160}, 1, "3:1", false, [](Viewer& v) { v.inspect(0xC0101000); }},
};

class Pictures : public testing::TestWithParam<Shot> {};

TEST_P(Pictures, LooksAsItDid) {
    const Shot& shot = GetParam();
    MadeUpSource source{shot.split};
    source.seek(500000);
    Viewer viewer{source, "made-up"};
    shot.prepare(viewer);
    const char* wish = std::getenv("ZONESCOPE_PICTURES");
    const std::filesystem::path directory = wish != nullptr ? wish : testing::TempDir(), file = directory / (std::string{shot.name} + ".png");
    std::filesystem::create_directories(directory);
    save_picture(viewer, shot.size, shot.scale, paths().fonts, file);
    if (wish != nullptr) GTEST_SKIP() << file;
    const Picture drawn = read_png(file);
    EXPECT_EQ(drawn.size, shot.size);
    if (!shot.golden) return;
    const Difference difference = compare(drawn, read_png(std::filesystem::path{ZONESCOPE_VIEW_DATA} / (std::string{shot.name} + ".png")));
    EXPECT_LT(difference.mean, 3) << file;
    EXPECT_LT(difference.differing, 0.04) << file;
}

INSTANTIATE_TEST_SUITE_P(Pictures, Pictures, testing::ValuesIn(shots), [](const auto& shot) {
    std::string name = shot.param.name;
    std::erase(name, '-');
    return name;
});

}  // namespace
}  // namespace tools::view
