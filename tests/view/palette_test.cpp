// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether the colours that a panel shows beside each other are told apart, by people with any common kind of colour vision.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "fake_canvas.hpp"
#include "made_up_source.hpp"
#include "tools/view/charts_panel.hpp"
#include "tools/view/linear_panel.hpp"
#include "tools/view/memory_panel.hpp"
#include "tools/view/text_fit.hpp"
#include "tools/view/tlb_panel.hpp"

namespace tools::view {
namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

// Of linear RGB. The last two: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
// (2009), table 1, severity 1.0.
struct Vision {
    const char* name;
    Matrix seen;
};
const Vision visions[] = {
    {"common vision", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
    {"protanopia", {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}}},
    {"deuteranopia", {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}},
};

Triple times(const Matrix& m, const Triple& v) {
    Triple product{};
    for (size_t i = 0; i < 3; ++i) product[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return product;
}

double linear(uint8_t value) {
    const double s = value / 255.0;
    return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
}

// Ottosson's Oklab (bottosson.github.io/posts/oklab), in which equal distances look equally large; its lightness is 0 to 1.
Triple oklab(Color c, const Vision& vision) {
    static const Matrix to_cones{{{0.4122214708, 0.5363325363, 0.0514459929}, {0.2119034982, 0.6806995451, 0.1073969566}, {0.0883024619, 0.2817188376, 0.6299787005}}};
    static const Matrix to_lab{{{0.2104542553, 0.7936177850, -0.0040720468}, {1.9779984951, -2.4285922050, 0.4505937099}, {0.0259040371, 0.7827717662, -0.8086757660}}};
    Triple light = times(vision.seen, {linear(c.red), linear(c.green), linear(c.blue)});
    for (double& part : light) part = std::clamp(part, 0.0, 1.0);
    Triple cones = times(to_cones, light);
    for (double& cone : cones) cone = std::cbrt(cone);
    return times(to_lab, cones);
}

double distance(Color a, Color b, const Vision& vision) {
    const Triple x = oklab(a, vision), y = oklab(b, vision);
    return std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

// Four times what is just told apart side by side.
constexpr double least_distance = 0.09;

struct Named {
    std::string name;
    Color color;
};

// The names that a panel has drawn in a colour of their own, or beside a square of it.
std::vector<Named> names_on(const FakeCanvas& canvas) {
    std::vector<Named> names;
    const auto add = [&](const std::string& name, Color color) {
        for (const Named& n : names)
            if (n.name == name) return;
        names.push_back({name, color});
    };
    for (const auto& text : canvas.texts) {
        if (text.color != dim_text && text.color != plain_text) add(text.text, text.color);
        for (const auto& f : canvas.fills)
            if (f.where.width == 9 && f.where.height == 9 && f.where.right() + 4 == text.where.x && f.where.y >= text.where.y - 2 && f.where.bottom() <= text.where.bottom() + 2)
                add(text.text, f.color);
    }
    return names;
}

void expect_distances(const std::vector<Named>& names) {
    for (size_t i = 0; i < names.size(); ++i)
        for (size_t k = 0; k < i; ++k)
            for (const Vision& v : visions) EXPECT_GE(distance(names[i].color, names[k].color, v), least_distance) << names[i].name << " and " << names[k].name << ", " << v.name;
}

Snapshot everything() {
    MadeUpSource source;
    Snapshot now = source.snapshot();
    now.zones = {{"DMA", 0, 0x1000, 9}, {"DMA32", 0x1000, 0x10000, 9}, {"NORMAL", 0x10000, 0x30000, 9}, {"HIGHMEM", 0x30000, 0x38000, 9}, {"MOVABLE", 0x38000, 0x40000, 9}, {"other", 0, 0, 9}};
    now.regions = {{"user", 0, 0xC0000000, 0, 0}, {"lowmem", 0xC0000000, 0xE0000000, 0, 0}, {"vmalloc", 0xE0000000, 0xE8000000, 0, 0}, {"pkmap", 0xE8000000, 0xF0000000, 0, 0},
                   {"fixmap", 0xF0000000, 0xF8000000, 0, 0}, {"trampoline", 0xF8000000, 0x100000000, 0, 0}};
    now.strips = {0, 10000, 4, {}, {}};
    now.strips.zones.assign(now.zones.size(), {{1, 2, 3, 4}, {1, 2, 3, 4}});
    for (unsigned n = 0; n < mm::refill_causes; ++n)
        if (const auto cause = static_cast<mm::RefillCause>(n); cause >= mm::RefillCause::context_switch) now.strips.flushes.push_back({name(cause), {1, 2, 3, 4}});
    return now;
}

template <class P>
std::vector<Named> names_of(Rect where) {
    FakeCanvas canvas{{where.width, where.height}};
    P{}.draw(canvas, where, everything(), {});
    return names_on(canvas);
}

TEST(Palette, KeepsApartWhatAPanelShows) {
    const std::vector<Named> memory = names_of<MemoryPanel>({0, 0, 900, 700}), linear = names_of<LinearPanel>({0, 0, 900, 700}), tlb = names_of<TlbPanel>({0, 0, 900, 700}),
                             charts = names_of<ChartsPanel>({0, 0, 900, 700});
    EXPECT_GE(memory.size(), 5u) << "the zones";
    EXPECT_GE(linear.size(), 6u) << "the regions";
    EXPECT_GE(tlb.size(), 8u) << "the zones, filled, dropped, global";
    for (const auto& names : {memory, linear, tlb}) expect_distances(names);
    // Each strip has its own: zones, and the causes of flushes.
    std::vector<Named> zones, causes;
    for (const Named& n : charts) (n.name.find('_') == std::string::npos && n.name != "invlpg" && n.name != "smm" && n.name != "control" ? zones : causes).push_back(n);
    EXPECT_EQ(zones.size(), 6u);
    EXPECT_EQ(causes.size(), 9u);
    expect_distances(zones), expect_distances(causes);
}

TEST(Palette, KnowsWhatIsHardlyToldApart) {
    EXPECT_LT(distance(rgb(0x009E73), rgb(0xCC79A7), visions[2]), least_distance);
    EXPECT_GE(distance(rgb(0x009E73), rgb(0xCC79A7), visions[0]), least_distance);
}

// Nine causes have three lines of a narrow panel.
TEST(ChartsPanel, NamesEveryCauseAtAnyWidth) {
    const Snapshot now = everything();
    for (const int width : {260, 500, 900}) {
        const Rect where{0, 0, width, 400};
        FakeCanvas canvas{{width, 400}};
        ChartsPanel panel;
        panel.draw(canvas, where, now, {});
        for (const auto& f : now.strips.flushes) {
            size_t found = 0;
            for (const auto& t : canvas.texts) {
                found += t.text == f.cause;
                EXPECT_LE(t.where.right(), width) << t.text;
                for (const auto& other : canvas.texts) EXPECT_TRUE(&t == &other || intersection(t.where, other.where).empty()) << t.text << " and " << other.text << ", " << width;
            }
            EXPECT_EQ(found, 1u) << f.cause << ", " << width;
        }
    }
}

// Half of a strip is its bars': names for which there is no room give way to a sign that there are more.
TEST(ChartsPanel, HasBarsInLittleRoom) {
    const Snapshot now = everything();
    const auto draw = [&](int height) {
        FakeCanvas canvas{{260, height}};
        ChartsPanel panel;
        panel.draw(canvas, {0, 0, 260, height}, now, {});
        return canvas.texts;
    };
    const auto count = [](const auto& texts, const std::string& text) { return std::count_if(texts.begin(), texts.end(), [&](const auto& t) { return t.text == text; }); };
    const auto names = [&](const auto& texts) {
        size_t n = 0;
        for (const auto& f : now.strips.flushes) n += static_cast<size_t>(count(texts, f.cause));
        return n;
    };
    const auto little = draw(200), much = draw(600);
    EXPECT_GE(count(little, std::string{ellipsis}), 1);
    EXPECT_LT(names(little), now.strips.flushes.size());
    EXPECT_EQ(count(much, std::string{ellipsis}), 0);
    EXPECT_EQ(names(much), now.strips.flushes.size());
    for (const auto& t : little)
        for (const auto& other : little) EXPECT_TRUE(&t == &other || intersection(t.where, other.where).empty()) << t.text << " and " << other.text;
}

}  // namespace
}  // namespace tools::view
