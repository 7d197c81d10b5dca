// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones in Linux' own words.
#include "guest-kernel/mm/zone_report.hpp"

namespace guest {

namespace {

void line(const TextSink& out, const char* label, mm::Pages pages) {
    out.text(label);
    out.number(pages.raw);
    out.text("\n");
}

// "Node 0, zone   Normal": the names end in one column.
void zone_title(const TextSink& out, const Zone& zone) {
    out.text("Node ");
    out.number(zone.node());
    out.text(", zone ");
    out.padded(name(zone.type()), 8);
}

}  // namespace

void report_buddyinfo(const Zonelist& zones, const TextSink& out) {
    for (const Zone* at : zones.populated()) {
        const Zone& zone = *at;
        if (zone.present().raw == 0) continue;
        zone_title(out, zone);
        out.text(" ");
        for (unsigned order = 0; order < max_order; ++order) {
            out.number(zone.buddy().free_blocks(order), 6);
            out.text(" ");
        }
        out.text("\n");
    }
}

void report_zoneinfo(const Zonelist& zones, const TextSink& out) {
    for (const Zone* at : zones.populated()) {
        const Zone& zone = *at;
        if (zone.present().raw == 0) continue;
        zone_title(out, zone);
        line(out, "\n  pages free     ", zone.buddy().free_pages());
        line(out, "        min      ", zone.watermarks.min);
        line(out, "        low      ", zone.watermarks.low);
        line(out, "        high     ", zone.watermarks.high);
        line(out, "        spanned  ", zone.spanned());
        line(out, "        present  ", zone.present());
        out.text("        protection: (");
        for (unsigned best = 0; best < zone_count; ++best) {
            if (best != 0) out.text(", ");
            out.number(zone.reserve[best].raw);
        }
        out.text(")\n  start_pfn:         ");
        out.number(zone.start().raw);
        out.text("\n");
    }
}

// The form of 2.6.28; a freed area that awaits its flush as Linux 4.13 prints it.
void report_vmallocinfo(const VmAreas& areas, const TextSink& out, void (*report_caller)(const void*, const TextSink&)) {
    for (unsigned index = 0; index < areas.size(); ++index) {
        const VmArea& area = areas[index];
        const auto bytes = static_cast<uint32_t>(mm::bytes(area.pages + mm::Pages{1}));
        out.hex(area.start.raw);
        out.text("-");
        out.hex(area.start.raw + bytes);
        out.text(" ");
        out.number(bytes, 7);
        if (area.use == AreaUse::lazy) {
            out.text(" unpurged vm_area\n");
            continue;
        }
        out.text(" ");
        report_caller(area.caller, out);
        if (area.use == AreaUse::device) {
            out.text(" phys=");
            out.hex(static_cast<uint32_t>(area.device.raw));
            out.text(" ioremap\n");
            continue;
        }
        out.text(" pages=");
        out.number(area.pages.raw);
        out.text(" vmalloc\n");
    }
}

}  // namespace guest
