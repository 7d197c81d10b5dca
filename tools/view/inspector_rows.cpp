// SPDX-License-Identifier: LGPL-2.1-or-later
// The inspector's rows. A set bit is bright, a clear one dim; a field's meaning is below its entry, and under the mouse.
#include "inspector_rows.hpp"

#include <algorithm>

#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

class Rows final {
public:
    Rows(const Canvas& canvas, int width) : canvas_{canvas}, width_{width} {}

    void say(const std::string& text, Font font, Color color) {
        for (std::string& line : wrap(canvas_, text, font, width_)) rows_.push_back({canvas_.line_height(font), font, color, std::move(line), {}});
    }
    void space() { rows_.push_back({canvas_.px(5), Font::small, dim_text, {}, {}}); }

    void add_fields(const InspectedEntry& entry) {
        const int line = canvas_.line_height(Font::small), mono = canvas_.line_height(Font::mono_small), gap = canvas_.px(2);
        const int height = line + mono + canvas_.px(3);
        int x = 0;
        InspectorRow row{height + gap, Font::small, plain_text, {}, {}};
        for (const BitField& field : entry.fields) {
            InspectorField box{{}, &field, field.name, field.high == field.low ? std::to_string(field.value) : hex_number(field.value)};
            const int width = std::max(canvas_.text_width(box.name, Font::small), canvas_.text_width(box.value, Font::mono_small)) + canvas_.px(8);
            if (x != 0 && x + width > width_) rows_.push_back(std::move(row)), row = {height + gap, Font::small, plain_text, {}, {}}, x = 0;
            box.box = {x, 0, std::min(width, width_), height};
            x += width + gap;
            row.fields.push_back(std::move(box));
        }
        if (!row.fields.empty()) rows_.push_back(std::move(row));
    }

    std::vector<InspectorRow> take() { return std::move(rows_); }

private:
    const Canvas& canvas_;
    int width_;
    std::vector<InspectorRow> rows_;
};

std::string times_of(const InspectedEntry& entry) {
    std::string text;
    if (entry.seen) text += "seen at tick " + grouped(*entry.seen);
    if (entry.changed) text += (text.empty() ? "" : ", ") + ((entry.seen ? "seen changed at " : "changed at ") + grouped(*entry.changed));  // seen: by a walk, some time after it was written
    if (entry.unchanged_since) text += (text.empty() ? "" : ", ") + ("not changed since " + grouped(*entry.unchanged_since));
    return text;
}

std::string since_text(const CachedTranslation& c) {
    switch (c.when) {
        case CachedWhen::at: return "since tick " + grouped(c.since);
        case CachedWhen::not_before: return "since tick " + grouped(c.since) + " or later";
        case CachedWhen::before: return "since tick " + grouped(c.since) + " or earlier";
        case CachedWhen::not_known: break;
    }
    return "since when is not known";
}

// What the fields mean: first the frame and whatever is set, as words; all of it is under the mouse, too.
std::string meanings_of(const InspectedEntry& entry) {
    std::string text;
    for (const BitField& field : entry.fields)
        if (!field.meaning.empty() && field.value != 0) text += (text.empty() ? "" : " \u00b7 ") + field.name + ": " + field.meaning;
    return text;
}

void add_entry(Rows& rows, const InspectedEntry& entry) {
    std::string head = entry.name;
    if (entry.at) head += "  at " + hex_address(entry.at->raw);
    if (entry.value) head += "  =  " + hex_address(*entry.value);
    rows.space();
    rows.say(head, Font::mono, plain_text);
    if (!entry.note.empty()) rows.say(entry.note, Font::small, entry.value ? dim_text : alert_text);
    rows.add_fields(entry);
    if (const std::string text = meanings_of(entry); !text.empty()) rows.say(text, Font::small, dim_text);
    if (const std::string text = times_of(entry); !text.empty()) rows.say(text, Font::small, dim_text);
}

void add_result(Rows& rows, const WalkInspection& walk) {
    std::string text = walk.result;
    if (walk.mapped)
        text += " to frame " + hex_number(walk.frame.raw) + " in " + walk.zone + ", a page of " + bytes_text(walk.page_bytes) + ", " + walk.permissions;
    rows.say(text, Font::text, walk.mapped ? plain_text : alert_text);
    if (walk.cached.empty()) return rows.say(walk.cached_exact ? "In no TLB of the profile." : "In no TLB of the profile, as far as can be told.", Font::small, dim_text);
    for (const CachedTranslation& c : walk.cached)
        rows.say("In " + c.tlb + ", set " + grouped(c.set) + ", way " + grouped(c.way) + ", " + since_text(c)
                     + (c.agrees ? "" : ": frame " + hex_number(c.frame.raw) + ", which the entries above no longer say"),
                 Font::small, c.agrees ? dim_text : alert_text);
}

}  // namespace

std::vector<InspectorRow> inspector_rows(const Canvas& canvas, const WalkInspection& walk, int width) {
    Rows rows{canvas, width};
    rows.say(hex_address(walk.address.raw) + "  " + walk.region, Font::mono, plain_text);
    add_result(rows, walk);
    for (const InspectedEntry& entry : walk.entries) add_entry(rows, entry);
    return rows.take();
}

void draw_fields(Canvas& canvas, Point at, const InspectorRow& row) {
    for (const InspectorField& f : row.fields) {
        const Rect box{at.x + f.box.x, at.y + f.box.y, f.box.width, f.box.height};
        const bool set = f.field->value != 0;
        canvas.fill(box, set ? mix(raised, blue, 0.5) : raised);
        Rect inner = box.inset(canvas.px(2), canvas.px(1));
        draw_text(canvas, inner.cut_top(canvas.line_height(Font::small)), f.name, Font::small, set ? plain_text : dim_text, Align::center);
        draw_text(canvas, inner, f.value, Font::mono_small, set ? plain_text : dim_text, Align::center);
    }
}

}  // namespace tools::view
