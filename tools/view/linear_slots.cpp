// SPDX-License-Identifier: LGPL-2.1-or-later
// One cell of the map of linear addresses.
#include "linear_slots.hpp"

#include <algorithm>

#include "legend.hpp"
#include "number_text.hpp"

namespace tools::view {
namespace {

bool in_region(const Region& r, uint64_t first, uint64_t end) { return r.start < end && first < r.end; }

// A page table is many pages: each second line is darker.
void stripe(Canvas& canvas, Rect cell) {
    const int line = std::max(1, canvas.px(1.5));
    for (int y = cell.y + line; y < cell.bottom(); y += 2 * line) canvas.fill({cell.x, y, cell.width, std::min(line, cell.bottom() - y)}, with_alpha(background, 0.6));
}

}  // namespace

SlotSum sum_of_slots(const LinearMap& linear, ItemRange items) {
    SlotSum s;
    for (size_t i = items.first; i < items.first + items.count; ++i) {
        const LinearSlot& slot = linear.slots[i];
        s.content = std::max(s.content, slot.content);
        s.walks += slot.walks, s.recent_walks += slot.recent_walks, s.mapped += slot.mapped;
    }
    return s;
}

Color color_of_slot(const Snapshot& now, ItemRange items) {
    const uint64_t first = uint64_t{items.first} << now.linear.slot_shift, end = uint64_t{items.first + items.count} << now.linear.slot_shift;
    const bool known = std::any_of(now.linear.slots.begin() + static_cast<std::ptrdiff_t>(items.first), now.linear.slots.begin() + static_cast<std::ptrdiff_t>(items.first + items.count),
                                   [](const LinearSlot& s) { return s.content != SlotContent::unknown; });
    const bool user = now.linear.slots[items.first].user;
    // At 4:4 the directory entry tells whose the address is; where nobody knows it, nobody's colour is right.
    bool kernel_too = false, user_too = false;
    for (const Region& r : now.regions)
        if (in_region(r, first, end)) (r.name == "user" ? user_too : kernel_too) = true;
    if (!known && kernel_too && user_too) return dim_text;
    size_t found = now.regions.size();
    for (size_t i = 0; i < now.regions.size(); ++i)
        if (in_region(now.regions[i], first, end) && (found == now.regions.size() || (now.regions[i].name == "user") == user)) found = i;
    return found < now.regions.size() ? region_color(now.regions[found].name, static_cast<unsigned>(found)) : dim_text;
}

void draw_slot(Canvas& canvas, Rect cell, const SlotSum& slot, Color region, uint64_t most_walks, uint64_t most_recent) {
    if (slot.content == SlotContent::not_present || slot.content == SlotContent::unknown) {
        const bool known = slot.content == SlotContent::not_present;
        canvas.fill(cell, known ? hole : mix(panel_ground, region, 0.13));
        if (known && cell.width > 4 && cell.height > 4) canvas.outline(cell, empty_cell);
        if (slot.walks == 0) return;
    }
    Color color = mix(panel_ground, region, 0.55);
    if (slot.walks != 0) color = heat_color(heat_amount(static_cast<double>(slot.walks), static_cast<double>(most_walks)));
    if (slot.recent_walks != 0) color = mix(color, flash_fill, 0.3 + 0.4 * heat_amount(static_cast<double>(slot.recent_walks), static_cast<double>(most_recent)));
    // What another address space walked is a small mark where this one has nothing.
    const bool here = slot.content == SlotContent::table || slot.content == SlotContent::large_page;
    canvas.fill(here ? cell : cell.inset(cell.width / 3, cell.height / 3), color);
    if (slot.content == SlotContent::table && cell.height > 4) stripe(canvas, cell);
}

void draw_slot_legend(Canvas& canvas, Rect where) {
    struct Sample {
        SlotContent content;
        const char* name;
    };
    constexpr Sample samples[] = {{SlotContent::large_page, "large page"}, {SlotContent::table, "table"}, {SlotContent::not_present, "not present"}, {SlotContent::unknown, "unknown"}};
    const int square = canvas.px(10);
    for (const Sample& sample : samples) {
        const int width = square + canvas.px(4) + canvas.text_width(sample.name, Font::small);
        if (width > where.width) return;
        const Rect part = where.cut_left(width + canvas.px(10));
        draw_slot(canvas, {part.x, part.y + (part.height - square) / 2, square, square}, {sample.content, 0, 0, 0}, sample.content == SlotContent::unknown ? dim_text : sky_blue, 1, 1);
        canvas.text({part.x + square + canvas.px(4), part.y + (part.height - canvas.line_height(Font::small)) / 2}, sample.name, Font::small, dim_text);
    }
    draw_legend(canvas, where, {}, "walks");
}

std::string regions_at(const Snapshot& now, uint64_t first, uint64_t end) {
    std::string user, others;
    for (const Region& r : now.regions) {
        if (!in_region(r, first, end)) continue;
        std::string& names = r.name == "user" && now.linear.split.own_spaces ? user : others;
        names += (names.empty() ? "" : ", ") + r.name;
    }
    if (!user.empty() && !others.empty()) return user + " or " + others + ", an address space each";
    const std::string& names = user.empty() ? others : user;
    return names.empty() ? "no region" : names;
}

std::string describe_slots(const Snapshot& now, ItemRange items) {
    const SlotSum s = sum_of_slots(now.linear, items);
    const LinearSlot& slot = now.linear.slots[items.first];
    std::string text;
    switch (s.content) {
        case SlotContent::unknown: text = "not known: no walk has shown the directory entry"; break;
        case SlotContent::not_present: text = "not present"; break;
        case SlotContent::table: text = "a page table, " + grouped(s.mapped) + " pages known to be mapped"; break;
        case SlotContent::large_page: text = "a large page"; break;
    }
    if (s.content == SlotContent::table || s.content == SlotContent::large_page)
        text += std::string{slot.user ? ", user" : ", supervisor"} + (slot.writable ? ", writable" : ", read only");
    if (s.content != SlotContent::unknown) text += ", seen at tick " + grouped(slot.seen);
    return text + "\n" + grouped(s.walks) + " walks (" + grouped(s.recent_walks) + " recent)";
}

}  // namespace tools::view
