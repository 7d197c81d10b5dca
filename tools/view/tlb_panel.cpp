// SPDX-License-Identifier: LGPL-2.1-or-later
// TLB entries: a filled one has its zone's colour, a global one a corner, a large page's a frame.
#include "tlb_panel.hpp"

#include <algorithm>
#include <cstdio>

#include "legend.hpp"
#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

std::string page_text(uint32_t page) {
    char text[12];
    std::snprintf(text, sizeof text, "%05x", page);
    return text;
}

std::string zone_name(const Snapshot& now, uint32_t frame) {
    for (const Zone& z : now.zones)
        if (frame >= z.start_pfn && frame < z.end_pfn) return z.name;
    return "other";
}

Color entry_color(const Snapshot& now, uint32_t frame) {
    for (size_t i = 0; i < now.zones.size(); ++i)
        if (frame >= now.zones[i].start_pfn && frame < now.zones[i].end_pfn) return zone_color(now.zones[i].name, static_cast<unsigned>(i));
    return zone_color("other", 0);
}

bool translates(const TlbEntryView& entry, uint32_t linear) {
    return entry.valid && (entry.page == linear >> 12 || (entry.large && entry.page >> 9 == linear >> 21));
}

void draw_entry(Canvas& canvas, Rect cell, const Snapshot& now, const TlbEntryView& entry, Flashes::Flash flash, bool text) {
    const Color zone = entry_color(now, entry.frame);
    const bool large_cell = cell.width >= 8 && cell.height >= 8;
    // With text on it a cell stays dark enough to read it; without, it is as bright as its zone.
    Color color = entry.valid ? mix(panel_ground, zone, text ? 0.38 : 0.75) : empty_cell;
    color = mix(color, flash_fill, flash.fill * 0.9);
    color = mix(color, flash_flush, flash.drop * 0.9);
    canvas.fill(cell, color);
    if (text && entry.valid) {
        const Color ink = contrast(color, plain_text) >= contrast(color, background) ? plain_text : background;
        draw_text(canvas, cell, page_text(entry.page), Font::mono_small, ink, Align::center);
    }
    if (!entry.valid || !large_cell) return;
    if (entry.large) canvas.outline(cell, zone, canvas.px(1));
    if (entry.global) canvas.fill({cell.right() - canvas.px(4), cell.y, canvas.px(4), canvas.px(4)}, global_mark);
}

}  // namespace

std::string TlbPanel::subtitle(const Snapshot& now, const Look&) const {
    size_t valid = 0, all = 0;
    for (const TlbView& tlb : now.tlbs) {
        all += tlb.entries.size();
        valid += static_cast<size_t>(std::count_if(tlb.entries.begin(), tlb.entries.end(), [](const TlbEntryView& e) { return e.valid; }));
    }
    if (all == 0) return now.profile;
    return now.profile + ", " + grouped(valid) + " of " + grouped(all) + " entries" + (now.tlbs_exact ? "" : ", reconstructed");
}

TlbLayout TlbPanel::layout(const Canvas& canvas, Rect body, const Snapshot& now) {
    body.cut_bottom(legend_height(canvas));
    return {canvas, body, now.tlbs};
}

void TlbPanel::draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) {
    if (now.tlbs.empty()) return draw_text(canvas, body, "No TLB is modelled in this recording.", Font::text, dim_text, Align::center);
    const TlbLayout places = layout(canvas, body, now);
    Clip clip{canvas, body};
    for (size_t t = 0; t < places.blocks().size(); ++t) {
        const TlbLayout::Block& block = places.blocks()[t];
        const TlbView& tlb = now.tlbs[t];
        const std::string shape = tlb.sets <= 1 ? ", fully associative" : ", " + grouped(tlb.sets) + " sets of " + grouped(tlb.ways);
        draw_text(canvas, block.header, tlb.name + "  " + grouped(tlb.entries.size()) + shape, Font::small, dim_text);
        for (size_t e = 0; e < block.entries; ++e) {
            const Rect cell = places.cell(block, e);
            draw_entry(canvas, cell, now, tlb.entries[e], look.flashes ? look.flashes->at(t, e) : Flashes::Flash{}, places.text());
            if (look.selected && translates(tlb.entries[e], *look.selected)) canvas.outline(cell, plain_text, canvas.px(2));
        }
    }
    std::vector<LegendItem> legend{{flash_fill, "filled"}, {flash_flush, "dropped"}, {global_mark, "global"}};
    for (size_t i = 0; i < now.zones.size(); ++i)
        if (now.zones[i].end_pfn > now.zones[i].start_pfn) legend.push_back({zone_color(now.zones[i].name, static_cast<unsigned>(i)), now.zones[i].name});
    draw_legend(canvas, body.cut_bottom(legend_height(canvas)), legend);
}

std::optional<Hit> TlbPanel::hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look&, Point at) const {
    if (!body.contains(at) || now.tlbs.empty()) return {};
    const TlbLayout places = layout(canvas, body, now);
    const auto place = places.at(at);
    if (!place) return {};
    const TlbView& tlb = now.tlbs[place->tlb];
    const TlbEntryView& entry = tlb.entries[place->entry];
    Hit hit;
    hit.mark = places.cell(places.blocks()[place->tlb], place->entry);
    hit.text = tlb.name + ", set " + grouped(place->entry / std::max(1u, tlb.ways)) + ", way " + grouped(place->entry % std::max(1u, tlb.ways));
    if (entry.filled == 0 && !entry.valid && entry.dropped == 0) return hit.text += "\nempty so far", hit;
    const std::string happened = now.tlb_dates_exact ? "" : "first shown as ";
    hit.text += "\npage " + page_text(entry.page) + " to frame " + hex_number(entry.frame) + ", " + zone_name(now, entry.frame) + "\n" + (entry.user ? "user" : "supervisor")
                + (entry.writable ? ", writable" : ", read only") + (entry.global ? ", global" : "") + (entry.large ? ", large page" : "") + (entry.fragment ? ", piece of a large page" : "")
                + "\n" + happened + "filled at tick " + grouped(entry.filled) + (entry.valid || entry.dropped == 0 ? "" : ", " + happened + "dropped at " + grouped(entry.dropped));
    if (entry.valid) hit.linear = entry.page << 12;
    return hit;
}

}  // namespace tools::view
