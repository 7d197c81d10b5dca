// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk inspector, scrolled by rows.
#include "inspector_panel.hpp"

#include <algorithm>

#include "inspector_rows.hpp"
#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {

std::string InspectorPanel::subtitle(const Snapshot& now, const Look& look) const {
    if (!look.inspection) return {};
    const bool another_moment = look.inspection->tick != now.tick && !look.inspection->pending;
    return look.inspection->paging + (another_moment ? ", at tick " + grouped(look.inspection->tick) : "") + (lines_beyond_ > 0 ? ", more below" : "");
}

void InspectorPanel::draw(Canvas& canvas, Rect body, const Snapshot&, const Look& look) {
    if (!look.inspection) {
        const std::string hint = "Click a page in a map or a TLB, or press g and type a linear address.";
        int y = body.y + body.height / 3;
        for (const std::string& line : wrap(canvas, hint, Font::text, body.width)) {
            draw_text(canvas, {body.x, y, body.width, canvas.line_height(Font::text)}, line, Font::text, dim_text, Align::center);
            y += canvas.line_height(Font::text);
        }
        return;
    }
    const std::vector<InspectorRow> rows = inspector_rows(canvas, *look.inspection, body.width);
    scrolled_ = std::clamp(scrolled_, 0, std::max(0, static_cast<int>(rows.size()) - 1));
    int y = body.y;
    size_t n = static_cast<size_t>(scrolled_);
    for (; n < rows.size() && y + rows[n].height <= body.bottom(); y += rows[n++].height) {
        if (rows[n].fields.empty()) draw_text(canvas, {body.x, y, body.width, rows[n].height}, rows[n].text, rows[n].font, rows[n].color);
        else draw_fields(canvas, {body.x, y}, rows[n]);
    }
    lines_beyond_ = static_cast<int>(rows.size() - n);
}

std::optional<Hit> InspectorPanel::hit(const Canvas& canvas, Rect body, const Snapshot&, const Look& look, Point at) const {
    if (!look.inspection || !body.contains(at)) return {};
    const std::vector<InspectorRow> rows = inspector_rows(canvas, *look.inspection, body.width);
    int y = body.y;
    for (size_t n = static_cast<size_t>(scrolled_); n < rows.size(); y += rows[n++].height)
        for (const InspectorField& f : rows[n].fields) {
            const Rect box{body.x + f.box.x, y + f.box.y, f.box.width, f.box.height};
            if (!box.contains(at)) continue;
            const BitField& field = *f.field;
            const std::string bits = field.high == field.low ? "bit " + std::to_string(field.low) : "bits " + std::to_string(field.high) + " to " + std::to_string(field.low);
            return Hit{field.name + ", " + bits + " = " + f.value + "\n" + field.meaning, {}, box};
        }
    return {};
}

void InspectorPanel::scroll(const Snapshot&, int rows) {
    if (rows > 0 && lines_beyond_ == 0) return;
    scrolled_ = std::max(0, scrolled_ + rows);
}

}  // namespace tools::view
