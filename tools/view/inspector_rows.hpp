// SPDX-License-Identifier: LGPL-2.1-or-later
// What the walk inspector draws, row by row, each with its height: text, or an entry's bit fields side by side.
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"
#include "tools/view/walk_inspection.hpp"

namespace tools::view {

struct InspectorField {
    Rect box;                       // below the row's upper edge, from the panel's left
    const BitField* field = nullptr;
    std::string name, value;
};
struct InspectorRow {
    int height = 0;
    Font font = Font::text;
    Color color = plain_text;
    std::string text;               // empty for fields
    std::vector<InspectorField> fields;
};

// As wide as `width` allows: rows of fields wrap. Fields point into the inspection.
[[nodiscard]] std::vector<InspectorRow> inspector_rows(const Canvas& canvas, const WalkInspection& walk, int width);

void draw_fields(Canvas& canvas, Point at, const InspectorRow& row);

}  // namespace tools::view
