// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones in Linux' own words.
#include "guest-kernel/mm/zone_report.hpp"

namespace guest {

void TextSink::number(uint64_t value, unsigned width) const {
    char digits[24];
    unsigned at = sizeof digits - 1;
    digits[at] = '\0';
    auto low = static_cast<uint32_t>(value);  // frames and pages: no 64-bit division in a freestanding kernel
    require(value == low, "report: the number needs more than 32 bits");
    do digits[--at] = static_cast<char>('0' + low % 10);
    while ((low /= 10) != 0);
    while (sizeof digits - 1 - at < width && at > 0) digits[--at] = ' ';
    text(digits + at);
}

namespace {

uint32_t mebibytes(mm::Pages pages) { return pages.raw >> (20 - mm::page_shift); }

void line(const TextSink& out, const char* label, mm::Pages pages) {
    out.text(label);
    out.number(pages.raw);
    out.text("\n");
}

// "Node 0, zone   Normal": the names end in one column.
void zone_title(const TextSink& out, const Zone& zone) {
    const char* zone_name = name(zone.type());
    unsigned length = 0;
    while (zone_name[length] != '\0') ++length;
    out.text("Node 0, zone ");
    for (; length < 8; ++length) out.text(" ");
    out.text(zone_name);
}

}  // namespace

void report_boot(const Zonelist& zones, const TextSink& out) {
    const Zone& high = zones.zone(ZoneType::highmem);
    out.number(mebibytes(high.spanned()));
    out.text("MB HIGHMEM available.\n");
    out.number(mebibytes(high.start() - mm::Pfn{0}));
    out.text("MB LOWMEM available.\n");
    line(out, "On node 0 totalpages: ", high.end() - mm::Pfn{0});
    for (ZoneType z : all_zones) {
        out.text("  ");
        out.text(name(z));
        out.text(" zone: ");
        out.number(zones.zone(z).spanned().raw);
        out.text(" pages\n");
    }
}

void report_buddyinfo(const Zonelist& zones, const TextSink& out) {
    for (ZoneType z : all_zones) {
        const Zone& zone = zones.zone(z);
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
    for (ZoneType z : all_zones) {
        const Zone& zone = zones.zone(z);
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

}  // namespace guest
