// SPDX-License-Identifier: LGPL-2.1-or-later
// A label and a value for each fact, in the order of what a person looks for first.
#include "status_bar.hpp"

#include <algorithm>

#include "number_text.hpp"
#include "text_fit.hpp"
#include "tools/shares.hpp"

namespace tools::view {
namespace {

constexpr int most_lines = 3;

struct Fact {
    std::string label, value, widest;  // widest: room is kept for it
};

std::string last_spans(const std::vector<std::string>& spans) {
    std::string text;
    for (const std::string& s : spans) text += (text.empty() ? "" : " > ") + s;
    return text.empty() ? "none" : text;
}

std::vector<Fact> facts_of(const Snapshot& now, const StatusState& s) {
    const std::string mode = s.read < 1 ? "reading " + percent_text(s.read) : s.live ? (s.playing ? "live" : "frozen") : s.playing ? "playing" : "paused";
    std::vector<Fact> facts{{"", mode, "playing"}, {"tick", grouped(now.tick), grouped(s.extent.last)}, {"instructions", grouped(now.instructions), grouped(s.extent.last)}};
    if (!now.split.empty()) facts.push_back({"split", now.split, {}});
    facts.push_back({"paging", paging_text(now.registers.control), "32-bit"});
    facts.push_back({"task", now.task.empty() ? "not known" : now.task, "cr3 00000000"});
    // Nothing new if it is the task's name.
    if (const uint64_t root = address_space_of(now.registers); root == 0 || now.task != address_space_name(root)) facts.push_back({"CR3", hex_address(now.registers.control.cr3), {}});
    facts.push_back({"CPU", std::to_string(now.cpu), {}});
    facts.push_back({"profile", now.profile, "pentium-m"});
    facts.push_back({"spans", last_spans(now.spans), {}});
    if (!now.complete && !now.live) facts.push_back({"recording", "cut off", {}});
    return facts;
}

}  // namespace

std::string paging_text(const mm::Control& registers) {
    switch (registers.mode()) {
        case mm::PagingMode::none: return "off";
        case mm::PagingMode::classic: return "32-bit";
        case mm::PagingMode::pae: return "PAE";
        case mm::PagingMode::long_mode: return "long";
    }
    return {};
}

std::vector<StatusField> status_fields(const Canvas& canvas, int width, const Snapshot& now, const StatusState& state) {
    const int edge = canvas.px(8), line = canvas.line_height(Font::text) + canvas.px(4), between = canvas.px(16);
    std::vector<StatusField> fields;
    int x = edge, y = canvas.px(5), lines = 1;
    for (const Fact& fact : facts_of(now, state)) {
        const int label = fact.label.empty() ? 0 : canvas.text_width(fact.label, Font::small) + canvas.px(5);
        const Font font = fact.label.empty() ? Font::title : Font::text;
        const int wanted = label + std::max(canvas.text_width(fact.value, font), canvas.text_width(fact.widest, font)) + canvas.px(1);
        if (x != edge && x + wanted > width - edge) {
            // The last line takes what it can of a long value.
            if (lines == most_lines) { if (fact.label != "spans") continue; break; }
            x = edge, y += line, ++lines;
        }
        fields.push_back({{x, y, std::min(wanted, width - edge - x), line}, fact.label, fact.value});
        x += wanted + between;
    }
    return fields;
}

int status_height(const Canvas& canvas, const std::vector<StatusField>& fields) {
    return (fields.empty() ? 0 : fields.back().where.bottom()) + canvas.px(5);
}

void draw_status(Canvas& canvas, Rect, const std::vector<StatusField>& fields, const StatusState& state) {
    for (const StatusField& f : fields) {
        Rect where = f.where;
        if (f.label.empty()) {
            const Color color = state.live && state.playing ? alert_text : state.playing ? sky_blue : dim_text;
            draw_text(canvas, where, f.value, Font::title, color);
            continue;
        }
        const Rect label = where.cut_left(canvas.text_width(f.label, Font::small) + canvas.px(5));
        draw_text(canvas, label, f.label, Font::small, dim_text);
        draw_text(canvas, where, f.value, Font::text, plain_text);
    }
}

}  // namespace tools::view
