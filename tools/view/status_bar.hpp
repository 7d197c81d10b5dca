// SPDX-License-Identifier: LGPL-2.1-or-later
// The upper edge of the window: where in the recording we are, and who runs.
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"
#include "tools/view/source.hpp"

namespace tools::view {

struct StatusState {
    bool playing = false, live = false;
    Extent extent;
    double read = 1;  // the share of the way to the moment that was asked for
};

struct StatusField {
    Rect where;
    std::string label, value;
};

// Fields in lines, as many as they need at this width; at most three, later fields being left out.
[[nodiscard]] std::vector<StatusField> status_fields(const Canvas& canvas, int width, const Snapshot& now, const StatusState& state);
[[nodiscard]] int status_height(const Canvas& canvas, const std::vector<StatusField>& fields);
void draw_status(Canvas& canvas, Rect bar, const std::vector<StatusField>& fields, const StatusState& state);

// "off", "32-bit", "PAE", "long".
[[nodiscard]] std::string paging_text(const mm::Control& registers);

}  // namespace tools::view
