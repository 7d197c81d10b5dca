// SPDX-License-Identifier: LGPL-2.1-or-later
// A viewer of a recording that never was, on a canvas that remembers what was drawn.
#pragma once

#include <gtest/gtest.h>

#include "fake_canvas.hpp"
#include "made_up_source.hpp"
#include "tools/view/viewer.hpp"

namespace tools::view {

class ViewerTest : public testing::Test {
protected:
    uint64_t tick() const { return viewer.shown().tick; }
    void draw() { canvas.fills.clear(), canvas.texts.clear(), viewer.draw(canvas); }
    // Where a drawn text stands.
    Point at(std::string_view text) {
        draw();
        for (const auto& t : canvas.texts)
            if (t.text == text) return {t.where.x + 2, t.where.y + 2};
        ADD_FAILURE() << "not drawn: " << text;
        return {};
    }
    void click(Point p, unsigned clicks = 1) { viewer.mouse_down(canvas, p, clicks), viewer.mouse_up(); }

    MadeUpSource source;
    FakeCanvas canvas{{1280, 800}};
    Viewer viewer{source, "made-up"};
    static constexpr uint64_t first = MadeUpSource::first_tick, last = MadeUpSource::last_tick, event = MadeUpSource::ticks_per_event;
};

}  // namespace tools::view
