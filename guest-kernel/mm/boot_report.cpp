// SPDX-License-Identifier: LGPL-2.1-or-later
// The boot log's lines about memory, in Linux' own words.
#include "guest-kernel/mm/boot_report.hpp"

namespace guest {
namespace {

using mm::Pages;
using mm::Pfn;

constexpr unsigned frame_columns = 8;

uint32_t mebibytes(Pages pages) { return pages.raw >> (20 - mm::page_shift); }
uint64_t kibibytes(Pages pages) { return mm::bytes(pages) / 1024; }

void frames(Pfn start, Pfn end, const TextSink& out) {
    out.number(start.raw, frame_columns);
    out.text(" -> ");
    out.number(end.raw, frame_columns);
    out.text("\n");
}

void zone_frames(ZoneType z, Pfn start, Pfn end, const TextSink& out) {
    out.text("  ");
    out.padded(name(z), -8);
    out.text(" ");
    frames(start, end, out);
}

FrameRange frames_of_node(const Zonelist& zones, unsigned node) {
    FrameRange all{};
    for (ZoneType z : all_zones) {
        const Zone& zone = zones.zone(z, node);
        if (zone.spanned().raw == 0) continue;
        if (all.start == all.end) all.start = zone.start();
        all.end = zone.end();
    }
    return all;
}

void zone_line(const Zone& zone, const char* between, uint64_t pages, const char* behind, const TextSink& out) {
    out.text("  ");
    out.text(name(zone.type()));
    out.text(between);
    out.number(pages);
    out.text(behind);
}

void node_lines(const Zonelist& zones, unsigned node, const TextSink& out) {
    out.text("On node ");
    out.number(node);
    out.text(" totalpages: ");
    out.number(frames_of_node(zones, node).size().raw);
    out.text("\n");
    for (ZoneType z : all_zones) {
        const Zone& zone = zones.zone(z, node);
        const uint64_t map_pages = mm::pages_in(uint64_t{zone.spanned().raw} * zones.frames().page_bytes()).raw;
        zone_line(zone, " zone: ", map_pages, " pages used for memmap\n", out);
        if (zone.spanned().raw != 0) zone_line(zone, " zone: ", zone.spanned().raw - map_pages, " pages\n", out);
    }
}

void kilobytes(uint64_t count, const char* behind, const TextSink& out) {
    out.number(count);
    out.text(behind);
}

}  // namespace

void report_zones_at_boot(const Zonelist& zones, const TextSink& out) {
    const Pfn low_end = zones.lowmem_end(), end = zones.frames().end();
    const Pfn dma_end = low_end < mm::dma_zone_end ? low_end : mm::dma_zone_end;
    out.number(mebibytes(end - low_end));
    out.text("MB HIGHMEM available.\n");
    out.number(mebibytes(low_end - Pfn{0}));
    out.text("MB LOWMEM available.\nZone PFN ranges:\n");
    zone_frames(ZoneType::dma, Pfn{0}, dma_end, out);
    zone_frames(ZoneType::normal, dma_end, low_end, out);
    zone_frames(ZoneType::highmem, low_end, end, out);
    out.text("early_node_map[");
    out.number(zones.nodes());
    out.text("] active PFN ranges\n");
    for (unsigned node = 0; node < zones.nodes(); ++node) {
        out.text("  ");
        out.number(node, 3);
        out.text(": ");
        const FrameRange range = frames_of_node(zones, node);
        frames(range.start, range.end, out);
    }
    for (unsigned node = 0; node < zones.nodes(); ++node) node_lines(zones, node, out);
}

void report_memory(const MemoryUse& use, const TextSink& out) {
    out.text("Memory: ");
    kilobytes(kibibytes(use.available), "k/", out);
    kilobytes(kibibytes(use.total), "k available (", out);
    kilobytes(use.code_bytes / 1024, "k kernel code, ", out);
    kilobytes(kibibytes(use.reserved), "k reserved, ", out);
    kilobytes(use.data_bytes / 1024, "k data, ", out);
    kilobytes(use.init_bytes / 1024, "k init, ", out);
    kilobytes(kibibytes(use.highmem), "k highmem)\n", out);
}

void report_layout_line(const LayoutLine& line, const TextSink& out) {
    const bool large = line.unit == LayoutLine::Unit::megabytes;
    out.text(line.name);
    out.text(": ");
    out.hex(static_cast<uint32_t>(line.start));
    out.text(" - ");
    out.hex(static_cast<uint32_t>(line.end));
    out.text("   (");
    out.number((line.end - line.start) >> (large ? 20 : 10), 4);
    out.text(large ? " MB)\n" : " kB)\n");
}

void report_layout(const WindowLines& windows, const TextSink& out) {
    out.text("virtual kernel memory layout:\n");
    for (const LayoutLine& line : windows.lines) report_layout_line(line, out);
}

}  // namespace guest
